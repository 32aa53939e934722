// The markdown block: the common part of Markdown, as nodes.

import { h, link } from "./dom.js";
import { emoji } from "./mrkdwn.js";

const INLINE = [
  [/^\\([\\`*_{}[\]()#+.!|~>-])/, (m) => m[1]],
  [/^(`+)(.+?)\1(?!`)/s, (m) => h("code", {}, m[2].trim())],
  [/^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, (m) => link(m[2], m[1] || m[2])],
  [/^\[([^\]]+)\]\(([^)\s]+)[^)]*\)/, (m) => link(m[2], inline(m[1]))],
  [/^<(https?:[^>\s]+)>/, (m) => link(m[1], m[1])],
  [/^\*\*\*(\S(?:.*?\S)?)\*\*\*/s, (m) => h("strong", {}, h("em", {}, inline(m[1])))],
  [/^\*\*(\S(?:.*?\S)?)\*\*/s, (m) => h("strong", {}, inline(m[1]))],
  [/^__(\S(?:.*?\S)?)__(?!\w)/s, (m) => h("strong", {}, inline(m[1]))],
  [/^~~(\S(?:.*?\S)?)~~/s, (m) => h("s", {}, inline(m[1]))],
  [/^\*(\S(?:.*?\S)?)\*/s, (m) => h("em", {}, inline(m[1]))],
  [/^_(\S(?:.*?\S)?)_(?!\w)/s, (m) => h("em", {}, inline(m[1]))],
  [/^:([a-z0-9_+-]+):/, (m) => emoji(m[1])],
  [/^https?:\/\/[^\s<>)]+[^\s<>).,;:!?]/, (m) => link(m[0], m[0])],
];
const SPECIAL = /[\\`!\[<*_~:h]/;

function inline(source) {
  const out = [];
  let plain = "";
  for (let at = 0; at < source.length; ) {
    const rest = SPECIAL.test(source[at]) && !(source[at] === "_" && /\w/.test(source[at - 1] ?? "")) ? source.slice(at) : "";
    const hit = rest && INLINE.map(([pattern, make]) => [rest.match(pattern), make]).find(([match]) => match);
    if (!hit) {
      plain += source[at++];
      continue;
    }
    if (plain) out.push(plain);
    plain = "";
    out.push(hit[1](hit[0]));
    at += hit[0][0].length;
  }
  return plain ? [...out, plain] : out;
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));

function list(lines) {
  const first = lines[0].match(ITEM);
  const depth = first[1].length;
  const node = h(/\d/.test(first[2]) ? "ol" : "ul", { start: /\d/.test(first[2]) ? parseInt(first[2], 10) : undefined });
  while (lines.length) {
    const item = lines[0].match(ITEM);
    if (!item || item[1].length < depth) break;
    if (item[1].length > depth + 1 && node.lastChild) {
      node.lastChild.append(list(lines));
      continue;
    }
    lines.shift();
    const task = item[3].match(/^\[([ xX])\]\s+(.*)$/);
    const words = inline(task ? task[2] : item[3]);
    node.append(h("li", { class: task ? "task" : undefined }, task && h("input", { type: "checkbox", disabled: true, checked: task[1] !== " ", "aria-label": task[1] === " " ? "Open" : "Done" }), words));
    while (lines.length && /^\s+\S/.test(lines[0]) && !ITEM.test(lines[0])) node.lastChild.append(" ", ...inline(lines.shift().trim()));
  }
  return node;
}

function table(lines) {
  const head = cells(lines.shift());
  const sides = cells(lines.shift()).map((mark) => (/^:-+:$/.test(mark) ? "center" : /-:$/.test(mark) ? "right" : "left"));
  const row = (tag, texts) => h("tr", {}, texts.map((one, at) => {
    const cell = h(tag, tag === "th" ? { scope: "col" } : {}, inline(one));
    cell.style.textAlign = sides[at] ?? "left";
    return cell;
  }));
  const body = [];
  while (lines.length && lines[0].includes("|")) body.push(row("td", cells(lines.shift())));
  return h("div", { class: "table-frame", tabindex: 0, role: "region", "aria-label": "Table" }, h("table", {}, h("thead", {}, row("th", head)), h("tbody", {}, body)));
}

function take(lines, test) {
  const taken = [];
  while (lines.length && test(lines[0])) taken.push(lines.shift());
  return taken;
}

export function markdown(source) {
  const lines = String(source ?? "").replaceAll("\r", "").split("\n");
  const out = [];
  while (lines.length) {
    const line = lines[0];
    const heading = line.match(/^(#{1,6})\s+(.*?)\s*#*$/);
    const fence = line.match(/^\s*(```+|~~~+)/);
    if (!line.trim()) lines.shift();
    else if (fence) {
      lines.shift();
      const code = take(lines, (one) => !one.trim().startsWith(fence[1]));
      lines.shift();
      out.push(h("pre", { tabindex: 0 }, code.join("\n")));
    } else if (heading) {
      lines.shift();
      out.push(h(`h${Math.min(6, heading[1].length + 2)}`, {}, inline(heading[2])));
    } else if (RULE.test(line)) {
      lines.shift();
      out.push(h("hr"));
    } else if (/^\s*>/.test(line)) {
      out.push(h("blockquote", {}, markdown(take(lines, (one) => /^\s*>/.test(one)).map((one) => one.replace(/^\s*>\s?/, "")).join("\n"))));
    } else if (ITEM.test(line)) out.push(list(lines));
    else if (line.includes("|") && /^[\s|:-]*-[\s|:-]*$/.test(lines[1] ?? "") && lines[1].includes("|")) out.push(table(lines));
    else {
      const words = [lines.shift(), ...take(lines, (one) => one.trim() && !/^(#{1,6}\s|\s*(```|~~~|>))/.test(one) && !ITEM.test(one) && !RULE.test(one))];
      out.push(h("p", {}, words.flatMap((one, at) => (at ? [h("br"), ...inline(one)] : inline(one)))));
    }
  }
  return out;
}
