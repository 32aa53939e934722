// Block Kit, one function per block type.

import { card, carousel, container, contextActions, plan, task, video } from "./composed.js";
import { h } from "./dom.js";
import { element, picture } from "./elements.js";
import { icon } from "./icons.js";
import { inputBlock } from "./inputs.js";
import { markdown } from "./markdown.js";
import { text } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { chart, dataTable, table } from "./tables.js";

const LEVELS = { default: "info", info: "info", warning: "warn", error: "warn", success: "check" };

const DRAW = {
  header: (block) => h("h3", { class: "block-header" }, text(block.text)),
  divider: () => h("hr"),
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  rich_text: (block) => richText(block),
  table,
  card,
  carousel,
  plan,
  video,
  data_table: dataTable,
  data_visualization: chart,
  task_card: task,
  context_actions: contextActions,
  container: (block, surface) => container(block, surface, drawBlocks),
  file: (block) => h("p", { class: "file" }, icon("file"), h("span", {}, block.external_id)),
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
