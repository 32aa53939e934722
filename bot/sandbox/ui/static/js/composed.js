// Blocks made of other blocks: cards, containers, plans. A control inside one is known to the app by the outer block.

import { h, link } from "./dom.js";
import { element, picture } from "./elements.js";
import { icon } from "./icons.js";
import { plain, text } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const image = (one, className) => one && picture(one.image_url ?? one.slack_file?.url, one.alt_text, className);

export function card(block, surface) {
  return h(
    "div",
    { class: "card" },
    image(block.hero_image, "card-hero"),
    h("div", { class: "card-head" }, image(block.icon, "context-image"), h("div", {}, block.title && h("strong", {}, text(block.title)), block.subtitle && h("div", { class: "hint" }, text(block.subtitle)))),
    block.body && h("div", { class: "words" }, text(block.body)),
    block.subtext && h("div", { class: "hint" }, text(block.subtext)),
    block.actions && h("div", { class: "block-actions" }, block.actions.map((one) => element(one, block, surface))),
  );
}

export function carousel(block, surface) {
  return h("div", { class: "carousel", role: "group", "aria-label": "Cards", tabindex: 0 }, block.elements.map((one) => card({ ...one, block_id: block.block_id }, surface)));
}

export function container(block, surface, draw) {
  const head = [image(block.icon, "context-image"), h("span", {}, h("strong", {}, block.rich_text_title ? richText(block.rich_text_title) : text(block.title)), block.subtitle && h("span", { class: "hint" }, text(block.subtitle)))];
  const body = h("div", { class: "container-body" }, draw(block.child_blocks.map((one) => ({ ...one, block_id: block.block_id })), surface));
  if (!block.is_collapsible) return h("div", { class: "card" }, h("div", { class: "card-head" }, head), body);
  return h("details", { class: "card", open: !block.default_collapsed }, h("summary", { class: "card-head" }, head, icon("down", "icon small fold")), body);
}

const STATUS = { pending: ["Waiting", "info"], in_progress: ["In progress", "forward"], complete: ["Done", "check"], error: ["Failed", "warn"] };

export function task(block) {
  const [words, glyph] = STATUS[block.status] ?? STATUS.pending;
  const sources = (block.sources ?? []).map((one) => link(one.url, one.text));
  return h(
    "div",
    { class: `task-card task-${block.status}` },
    icon(glyph),
    h("div", {}, h("strong", {}, block.title), h("span", { class: "hint" }, ` ${words}`), block.details && richText(block.details), block.output && richText(block.output), sources.length ? h("div", { class: "block-context" }, sources) : null),
  );
}

export const plan = (block) => h("div", { class: "card" }, h("strong", {}, plain(block.title)), (block.tasks ?? []).map(task));

export function video(block) {
  return h("div", { class: "card" }, h("strong", {}, block.title_url ? link(block.title_url, plain(block.title.text)) : plain(block.title.text)), block.description && h("div", {}, text(block.description)), link(block.video_url, picture(block.thumbnail_url, block.alt_text, "card-hero")), h("div", { class: "hint" }, [block.provider_name, block.author_name].filter(Boolean).join(" · ")));
}

function verdict(one, side, block, surface) {
  const choice = one[side];
  return h(
    "button",
    { type: "button", class: "button", "aria-label": choice.accessibility_label, data: { key: `${block.block_id}/${one.action_id}/${side}` }, on: { click: () => surface.send(block, one, { value: choice.value }) } },
    plain(choice.text.text),
  );
}

export function contextActions(block, surface) {
  return h(
    "div",
    { class: "block-actions" },
    block.elements.flatMap((one) =>
      one.type === "feedback_buttons"
        ? [verdict(one, "positive_button", block, surface), verdict(one, "negative_button", block, surface)]
        : element(one, block, surface),
    ),
  );
}
