// The fields a person fills in. Each keeps its value in the surface, in the shape Slack reports it.

import { fromLocal, toLocal } from "./dates.js";
import { h, uid } from "./dom.js";
import { upload } from "./live.js";
import { text } from "./mrkdwn.js";
import { isPicker, picker, startOfPicker } from "./pickers.js";
import { fromRich, toRich } from "./richtext.js";

const WRITTEN = {
  plain_text_input: { type: "text" },
  number_input: { type: "text", inputmode: "decimal" },
  email_text_input: { type: "email", autocomplete: "off" },
  url_text_input: { type: "url", autocomplete: "off" },
};
const MOMENTS = {
  datepicker: { type: "date", field: "selected_date", initial: "initial_date" },
  timepicker: { type: "time", field: "selected_time", initial: "initial_time" },
  datetimepicker: { type: "datetime-local", field: "selected_date_time", initial: "initial_date_time" },
};

export const isInput = (type) =>
  type in WRITTEN || type in MOMENTS || isPicker(type) || ["checkboxes", "radio_buttons", "rich_text_input", "file_input"].includes(type);

export function startOf(element, surface) {
  const type = element.type;
  if (type in WRITTEN) return { value: element.initial_value ?? null };
  if (type in MOMENTS) return { [MOMENTS[type].field]: element[MOMENTS[type].initial] ?? null };
  if (type === "checkboxes") return { selected_options: element.initial_options ?? [] };
  if (type === "radio_buttons") return { selected_option: element.initial_option ?? null };
  if (type === "rich_text_input") return { rich_text_value: element.initial_value ?? null };
  if (type === "file_input") return { files: [] };
  return startOfPicker(element, surface);
}

function common(element, block, { id, describedBy, label }) {
  return { id, "aria-describedby": describedBy, "aria-label": id ? undefined : label, data: { key: `${block.block_id}/${element.action_id}` } };
}

function written(element, block, surface, options) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const value = surface.value(block, element).value ?? "";
  const tag = element.multiline ? "textarea" : "input";
  const node = h(tag, {
    ...common(element, block, options), ...(element.multiline ? { rows: 4 } : WRITTEN[element.type]), class: "field", placeholder: element.placeholder?.text, maxlength: element.max_length,
    on: {
      input: () => {
        surface.set(block, element, { value: node.value || null });
        if (when.includes("on_character_entered")) options.settled();
      },
      keydown: (event) => {
        if (event.key !== "Enter" || element.multiline || !when.includes("on_enter_pressed")) return;
        if (options.dispatches) event.preventDefault();
        options.settled();
      },
    },
  });
  node.value = value;
  return node;
}

function moment(element, block, surface, options) {
  const { type, field: name } = MOMENTS[element.type];
  const both = type === "datetime-local";
  const now = surface.value(block, element)[name];
  const node = h("input", {
    ...common(element, block, options), type, class: "field field-short",
    on: {
      change: () => {
        const value = node.value ? (both ? fromLocal(node.value) : node.value) : null;
        surface.set(block, element, { [name]: value });
        options.settled();
      },
    },
  });
  node.value = now ? (both ? toLocal(now) : now) : "";
  return node;
}

function ticks(element, block, surface, options) {
  const many = element.type === "checkboxes";
  const name = uid("choice");
  const chosen = () => (many ? surface.value(block, element).selected_options : [surface.value(block, element).selected_option].filter(Boolean));
  const rows = element.options.map((option, index) => {
    const box = h("input", {
      type: many ? "checkbox" : "radio", name, checked: chosen().some((one) => one.value === option.value), data: { key: `${block.block_id}/${element.action_id}/${index}` },
      on: {
        change: () => {
          const rest = chosen().filter((one) => one.value !== option.value);
          surface.set(block, element, many ? { selected_options: box.checked ? [...rest, option] : rest } : { selected_option: option });
          options.settled();
        },
      },
    });
    return h("label", { class: "tick-row" }, box, h("span", {}, h("span", {}, text(option.text)), option.description && h("span", { class: "hint" }, text(option.description))));
  });
  return h("div", { class: "ticks", role: many ? "group" : "radiogroup", "aria-label": options.label, "aria-describedby": options.describedBy }, rows);
}

function rich(element, block, surface, options) {
  const node = h("textarea", {
    ...common(element, block, options), class: "field", rows: 5, placeholder: element.placeholder?.text ?? "Write here; start a line with - for a list",
    on: { input: () => surface.set(block, element, { rich_text_value: node.value ? toRich(node.value) : null }) },
  });
  node.value = fromRich(surface.value(block, element).rich_text_value);
  return node;
}

function file(element, block, surface, options) {
  const node = h("input", {
    ...common(element, block, options), type: "file", class: "field", multiple: (element.max_files ?? 10) > 1, accept: element.filetypes?.map((one) => `.${one}`).join(","),
    on: {
      change: async () => {
        node.setAttribute("aria-busy", "true");
        const kept = await Promise.all([...node.files].slice(0, element.max_files ?? 10).map(upload));
        node.removeAttribute("aria-busy");
        surface.set(block, element, { files: kept.filter(Boolean) });
        options.settled();
      },
    },
  });
  return node;
}

export function field(element, block, surface, options) {
  const type = element.type;
  if (type in WRITTEN) return written(element, block, surface, options);
  if (type in MOMENTS) return moment(element, block, surface, options);
  if (type === "checkboxes" || type === "radio_buttons") return ticks(element, block, surface, options);
  if (type === "rich_text_input") return rich(element, block, surface, options);
  if (type === "file_input") return file(element, block, surface, options);
  return picker(element, block, surface, options);
}

// An input block: label, field, hint, and what is wrong with it.
export function inputBlock(block, surface) {
  const element = block.element;
  if (!isInput(element.type)) return h("p", { class: "unknown" }, `A ${element.type} cannot be drawn here.`);
  surface.start(block, element, startOf(element, surface));
  const id = uid("field");
  const problem = surface.errors[block.block_id];
  const grouped = ["checkboxes", "radio_buttons"].includes(element.type);
  const node = field(element, block, surface, {
    id, label: block.label.text, describedBy: `${id}-hint ${id}-problem`, dispatches: block.dispatch_action,
    settled: () => block.dispatch_action && surface.send(block, element),
  });
  if (!grouped) node.id = id;
  if (problem) node.setAttribute("aria-invalid", "true");
  return h(
    "div",
    { class: `input${problem ? " input-wrong" : ""}`, data: { block: block.block_id } },
    h(grouped ? "div" : "label", { class: "input-label", for: grouped ? undefined : id }, text(block.label), block.optional && h("span", { class: "hint" }, " optional")),
    node,
    h("p", { class: "input-problem", id: `${id}-problem`, role: problem ? "alert" : undefined }, problem),
    h("p", { class: "hint input-hint", id: `${id}-hint` }, text(block.hint)),
  );
}
