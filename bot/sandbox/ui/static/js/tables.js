// Rows and columns: table, data_table page by page, and charts as the numbers they are made of.

import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { richText } from "./richtext.js";

function cell(one) {
  if (!one) return "";
  return one.type === "rich_text" ? richText(one) : plain(String(one.text ?? one.value ?? ""));
}

function frame(label, head, body, settings = []) {
  const set = (node, at) => {
    node.style.textAlign = settings[at]?.align ?? "left";
    if (settings[at]?.is_wrapped) node.classList.add("wrapped");
    return node;
  };
  return h(
    "div",
    { class: "table-frame", tabindex: 0, role: "region", "aria-label": label },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((one, at) => set(h("th", { scope: "col" }, cell(one)), at)))),
      h("tbody", {}, body.map((row) => h("tr", {}, row.map((one, at) => set(h("td", {}, cell(one)), at))))),
    ),
  );
}

export function table(block) {
  const [head = [], ...body] = block.rows ?? [];
  return frame("Table", head, body, block.column_settings);
}

export function dataTable(block) {
  const [head = [], ...body] = block.rows;
  const size = block.page_size ?? 10;
  const last = Math.ceil(body.length / size) - 1;
  const numbers = head.map((_, at) => ({ align: body.every((row) => row[at]?.type === "raw_number") ? "right" : "left" }));
  const box = h("div", { class: "data-table" });
  const show = (page) => {
    const turn = (label, to) => h("button", { type: "button", class: "button", disabled: to < 0 || to > last, on: { click: () => show(to) } }, label);
    box.replaceChildren(
      ...[
        h("p", { class: "hint" }, block.caption),
        frame(block.caption, head, body.slice(page * size, (page + 1) * size), numbers),
        last > 0 && h("div", { class: "block-actions" }, turn("Back", page - 1), h("span", { class: "hint" }, `${page + 1} of ${last + 1}`), turn("Next", page + 1)),
      ].filter(Boolean),
    );
  };
  show(0);
  return box;
}

export function chart(block) {
  const said = (text) => ({ type: "raw_text", text: String(text) });
  const { type, segments, series, axis_config: axis } = block.chart;
  const rows = type === "pie"
    ? segments.map((one) => [said(one.label), said(one.value)])
    : axis.categories.map((name) => [said(name), ...series.map((one) => said(one.data.find((point) => point.label === name)?.value ?? ""))]);
  const head = type === "pie" ? [said(""), said("Value")] : [said(axis.x_label ?? ""), ...series.map((one) => said(one.name))];
  return h("figure", {}, h("figcaption", { class: "hint" }, block.title), frame(block.title, head, rows, head.map((_, at) => ({ align: at ? "right" : "left" }))));
}
