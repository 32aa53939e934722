// Block Kit, one function per block type.

import { h } from "./dom.js";
import { element, picture } from "./elements.js";
import { icon } from "./icons.js";
import { inputBlock } from "./inputs.js";
import { markdown } from "./markdown.js";
import { plain, text } from "./mrkdwn.js";
import { richText } from "./richtext.js";

function cell(one) {
  if (!one) return "";
  return one.type === "rich_text" ? richText(one) : plain(String(one.text ?? one.value ?? ""));
}

function table(block) {
  const set = (node, at) => {
    node.style.textAlign = block.column_settings?.[at]?.align ?? "left";
    if (block.column_settings?.[at]?.is_wrapped) node.classList.add("wrapped");
    return node;
  };
  const [head, ...body] = block.rows ?? [];
  return h(
    "div",
    { class: "table-frame", tabindex: 0, role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, (head ?? []).map((one, at) => set(h("th", { scope: "col" }, cell(one)), at)))),
      h("tbody", {}, body.map((row) => h("tr", {}, row.map((one, at) => set(h("td", {}, cell(one)), at))))),
    ),
  );
}

const LEVELS = { default: "info", info: "info", warning: "warn", error: "warn", success: "check" };

const DRAW = {
  header: (block) => h("h3", { class: "block-header" }, text(block.text)),
  divider: () => h("hr"),
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  rich_text: (block) => richText(block),
  table,
  input: inputBlock,
  image: (block) => h("figure", { class: "block-image" }, block.title && h("figcaption", {}, text(block.title)), picture(block.image_url ?? block.slack_file?.url, block.alt_text, "")),
  context: (block) => h("div", { class: "block-context" }, block.elements.map((one) => (one.type === "image" ? picture(one.image_url, one.alt_text, "context-image") : h("span", {}, text(one))))),
  actions: (block, surface) => h("div", { class: "block-actions" }, block.elements.map((one) => element(one, block, surface))),
  alert: (block) => h("div", { class: `block-alert alert-${block.level ?? "default"}`, role: "note" }, icon(LEVELS[block.level] ?? "info"), h("div", {}, text(block.text))),
  section: (block, surface) =>
    h(
      "div",
      { class: "block-section" },
      h("div", { class: "section-words" }, block.text && h("div", { class: "words" }, text(block.text)), block.fields && h("div", { class: "section-fields" }, block.fields.map((one) => h("div", { class: "words" }, text(one))))),
      block.accessory && h("div", { class: "section-accessory" }, element(block.accessory, block, surface)),
    ),
};

export function drawBlocks(blocks, surface) {
  return blocks.map((block) => {
    const draw = DRAW[block.type];
    const node = draw ? draw(block, surface) : h("p", { class: "unknown" }, `A ${block.type} block cannot be drawn here.`);
    return h("div", { class: `block block-of-${block.type}` }, node);
  });
}
