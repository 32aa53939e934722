// Rich text blocks as nodes, and the plain writing of a rich text field to and from them.

import { h, link } from "./dom.js";
import { broadcast, channelMention, date, emoji, groupMention, mention } from "./mrkdwn.js";

const MARKS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark" };

function styled(node, style = {}) {
  return Object.keys(MARKS).reduce((inner, name) => (style[name] ? h(MARKS[name], {}, inner) : inner), node);
}

function broken(text) {
  return text.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line]));
}

function leaf(one) {
  switch (one.type) {
    case "text": return styled(h("span", {}, broken(one.text)), one.style);
    case "link": return styled(link(one.url, one.text || one.url), one.style);
    case "emoji": return emoji(one.name);
    case "user": return styled(mention(one.user_id), one.style);
    case "channel": return styled(channelMention(one.channel_id), one.style);
    case "usergroup": return styled(groupMention(one.usergroup_id), one.style);
    case "broadcast": return broadcast(one.range);
    case "date": return date(Number(one.timestamp), one.format ?? "{date} {time}", one.url, one.fallback ?? "");
    case "color": return h("code", {}, one.value);
    default: return one.text ?? "";
  }
}

const leaves = (one) => (one.elements ?? []).map(leaf);
const MARKERS = { ordered: ["decimal", "lower-alpha", "lower-roman"], bullet: ["disc", "circle", "square"] };

function part(one) {
  switch (one.type) {
    case "rich_text_section": return h("p", {}, leaves(one));
    case "rich_text_preformatted": return h("pre", { tabindex: 0 }, leaves(one));
    case "rich_text_quote": return h("blockquote", {}, leaves(one));
    case "rich_text_list": {
      const list = h(one.style === "ordered" ? "ol" : "ul", { start: one.offset ? one.offset + 1 : undefined }, one.elements.map((item) => h("li", {}, leaves(item))));
      list.style.marginInlineStart = `${(one.indent ?? 0) * 1.4}rem`;
      list.style.listStyleType = (MARKERS[one.style] ?? MARKERS.bullet)[(one.indent ?? 0) % 3];
      return list;
    }
    default: return "";
  }
}

export const richText = (block) => h("div", { class: "rich" }, (block.elements ?? []).map(part));

// What someone types in a rich text field: lines, and lists where lines begin with "- ".
export function toRich(written) {
  const elements = [];
  const section = (text) => ({ type: "rich_text_section", elements: [{ type: "text", text }] });
  for (const line of written.split("\n")) {
    const item = line.match(/^\s*[-•]\s+(.*)$/);
    const last = elements.at(-1);
    if (item && last?.type === "rich_text_list") last.elements.push(section(item[1]));
    else if (item) elements.push({ type: "rich_text_list", style: "bullet", indent: 0, elements: [section(item[1])] });
    else if (last?.type === "rich_text_section") last.elements[0].text += `\n${line}`;
    else elements.push(section(line));
  }
  return { type: "rich_text", elements };
}

export function fromRich(value) {
  const said = (one) => (one.elements ?? []).map((item) => item.text ?? "").join("");
  return (value?.elements ?? []).map((one) => (one.type === "rich_text_list" ? one.elements.map((item) => `- ${said(item)}`).join("\n") : said(one))).join("\n");
}
