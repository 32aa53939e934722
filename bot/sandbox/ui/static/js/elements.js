// The controls that tell the app at once: buttons, menus, and every choice outside an input block.

import { confirmed } from "./dialogs.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isInput, field, startOf } from "./inputs.js";
import { plain } from "./mrkdwn.js";
import { menu } from "./popover.js";

// While the app thinks, the control is busy and a second click does nothing.
async function busy(node, work) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function openLink(url) {
  if (/^https?:/i.test(url ?? "")) window.open(url, "_blank", "noopener,noreferrer");
}

function button(element, block, surface) {
  const style = { primary: " primary", danger: " danger" }[element.style] ?? "";
  const node = h(
    "button",
    {
      type: "button", class: `button${style}`, "aria-label": element.accessibility_label, data: { key: `${block.block_id}/${element.action_id}` },
      on: {
        click: async () => {
          if (!(await confirmed(element.confirm))) return;
          openLink(element.url);
          await busy(node, () => surface.send(block, element, { value: element.value }));
        },
      },
    },
    h("span", {}, plain(element.text?.text)),
    element.url && icon("link", "icon small"),
  );
  return node;
}

function overflow(element, block, surface) {
  const choose = async (option) => {
    if (!(await confirmed(element.confirm))) return;
    openLink(option.url);
    await busy(node, () => surface.send(block, element, { selected_option: option }));
  };
  const entries = () => element.options.map((option) => ({ label: option.text.text, hint: option.description?.text, act: () => choose(option) }));
  const node = h(
    "button",
    { type: "button", class: "button overflow", "aria-label": "More choices", "aria-haspopup": "menu", "aria-expanded": "false", data: { key: `${block.block_id}/${element.action_id}` }, on: { click: () => menu(node, entries(), "More choices") } },
    icon("more"),
  );
  return node;
}

// A picture that cannot be fetched leaves its words behind.
export function picture(url, alt, className) {
  const words = h("span", { class: "image-words" }, alt);
  return h("img", { class: className, src: url, alt, loading: "lazy", on: { error: (event) => event.target.replaceWith(words) } });
}

const LABELS = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time", checkboxes: "Choose any", radio_buttons: "Choose one" };

// Any element that stands in a section or in actions.
export function element(one, block, surface) {
  if (["button", "workflow_button", "icon_button"].includes(one.type)) return button(one, block, surface);
  if (one.type === "overflow") return overflow(one, block, surface);
  if (one.type === "image") return picture(one.image_url ?? one.slack_file?.url, one.alt_text, "accessory-image");
  if (!isInput(one.type)) return h("span", { class: "unknown" }, `A ${one.type} cannot be drawn here.`);
  surface.start(block, one, startOf(one, surface));
  const label = one.placeholder?.text ?? LABELS[one.type] ?? "Choose";
  const node = field(one, block, surface, {
    label,
    settled: async () => {
      if (await confirmed(one.confirm)) await busy(node, () => surface.send(block, one));
    },
  });
  return node;
}
