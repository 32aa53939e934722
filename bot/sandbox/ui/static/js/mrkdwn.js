// Slack's mrkdwn and plain text as nodes.

import { h, link } from "./dom.js";
import { fill, stamp } from "./dates.js";
import { glyphOf } from "./emoji.js";
import { nameOf, on, person, state, tell } from "./store.js";

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function emoji(name) {
  const glyph = glyphOf(name);
  return glyph ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, glyph) : `:${name}:`;
}

export function mention(id) {
  const known = person(id);
  const mine = id === state.me;
  return h("span", { class: `mention${mine ? " mention-me" : ""}`, title: known?.real_name }, `@${nameOf(id)}`);
}

export function channelMention(id, label) {
  const one = state.channels.get(id);
  if (!one) return h("span", { class: "mention" }, label ? `#${label}` : "#private channel");
  return h("button", { type: "button", class: "mention mention-link", on: { click: () => tell("open", { channel: id }) } }, `#${one.name}`);
}

export function groupMention(id, label) {
  return h("span", { class: "mention" }, `@${state.groups.get(id)?.handle ?? label?.replace(/^@/, "") ?? id}`);
}

export const broadcast = (range) => h("span", { class: "mention mention-me" }, `@${range}`);

export function date(at, pattern, url, fallback) {
  if (!Number.isFinite(at)) return url ? link(url, fallback) : fallback;
  const shown = h("time", { datetime: new Date(at * 1000).toISOString(), title: stamp(at), data: { at, pattern } }, fill(pattern, at));
  return url ? link(url, shown) : shown;
}

// "in 8 minutes" and "today" stop being true by themselves; nothing else on the page does.
let minute = null;
on("clock", () => {
  if (minute === Math.floor(state.clock.now / 60)) return;
  minute = Math.floor(state.clock.now / 60);
  for (const node of document.querySelectorAll("time[data-pattern]")) node.textContent = fill(node.dataset.pattern, Number(node.dataset.at));
});

function angled(inside) {
  const bar = inside.indexOf("|");
  const [target, label] = bar < 0 ? [inside, undefined] : [inside.slice(0, bar), unescape(inside.slice(bar + 1))];
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!subteam^")) return groupMention(target.slice(9), label);
  if (target.startsWith("!date^")) {
    const [, at, pattern, url] = target.split("^");
    return date(Number(at), unescape(pattern ?? ""), url && unescape(url), label ?? "");
  }
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith("!")) return `<${label ?? target.slice(1)}>`;
  if (/^(https?|mailto|tel|slack):/i.test(target)) return link(unescape(target), label ?? unescape(target.replace(/^mailto:/, "")));
  return `<${unescape(inside)}>`;
}

const STYLES = { "*": "strong", _: "em", "~": "s" };
const edge = /[\s\p{P}\p{S}]/u;

function closing(text, mark, from) {
  for (let at = text.indexOf(mark, from + 1); at > 0; at = text.indexOf(mark, at + 1)) {
    const after = text[at + 1];
    if (!/\s/.test(text[at - 1]) && (after === undefined || edge.test(after))) return at;
  }
  return -1;
}

const EMOJI = /^:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/;

// One line of mrkdwn: angle tokens and code first, since nothing inside them is styled.
function inline(text) {
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push(unescape(plain));
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const char = text[at];
    const before = text[at - 1];
    let end = -1;
    let node = null;
    if (char === "<" && (end = text.indexOf(">", at)) > at + 1) node = angled(text.slice(at + 1, end));
    else if (char === "`" && (end = text.indexOf("`", at + 1)) > at + 1) node = h("code", {}, unescape(text.slice(at + 1, end)));
    else if (char === ":" && EMOJI.test(text.slice(at, at + 64))) {
      const name = text.slice(at).match(EMOJI)[1];
      end = at + name.length + 1;
      node = emoji(name);
    } else if (STYLES[char] && (before === undefined || edge.test(before)) && /\S/.test(text[at + 1] ?? " ") && (end = closing(text, char, at)) > at + 1) {
      node = h(STYLES[char], {}, inline(text.slice(at + 1, end)));
    }
    if (node === null) {
      plain += char;
      at += 1;
    } else {
      flush();
      out.push(node);
      at = end + 1;
    }
  }
  flush();
  return out;
}

function lines(text) {
  const out = [];
  let quote = null;
  for (const [at, line] of text.split("\n").entries()) {
    const quoted = line.match(/^(?:&gt;|>)\s?(.*)$/s);
    if (quoted) {
      if (!quote) out.push((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(...inline(quoted[1]));
      continue;
    }
    if (at > 0 && !quote) out.push(h("br"));
    quote = null;
    out.push(...inline(line));
  }
  return out;
}

export function mrkdwn(text) {
  return String(text ?? "").split(/```/).flatMap((part, at, all) => {
    if (at % 2 === 1 && at < all.length - 1) return h("pre", { tabindex: 0 }, unescape(part.replace(/^\n|\n$/g, "")));
    const spoken = at > 0 ? part.replace(/^\n/, "") : part;
    return spoken ? lines(at % 2 === 1 ? `\`\`\`${spoken}` : spoken) : [];
  });
}

export function plain(text, withEmoji = true) {
  const parts = String(text ?? "").split(/(:[a-z0-9_+'-]+:)/);
  return parts.flatMap((part) => (withEmoji && part.length > 2 && part.startsWith(":") && part.endsWith(":") ? emoji(part.slice(1, -1)) : part)).filter(Boolean);
}

// A text object of Block Kit, of either type.
export function text(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text, object.emoji !== false);
}
