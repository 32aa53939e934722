// What can follow "/", "@", "#" and ":" while someone writes; the writing field keeps the focus.

import { h, uid } from "./dom.js";
import { findEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";
import { state } from "./store.js";

const begins = (typed, ...texts) => texts.some((one) => one?.toLowerCase().split(/[\s._-]+/).concat(one.toLowerCase()).some((word) => word.startsWith(typed)));

function commands(typed) {
  return state.commands
    .filter((one) => one.command.slice(1).startsWith(typed))
    .map((one) => ({ insert: `${one.command} `, label: `${one.command} ${one.usage_hint ?? ""}`, hint: one.description, face: () => icon("bolt") }));
}

function people(typed) {
  const persons = [...state.people.values()].filter((one) => !one.deleted && begins(typed, one.name, one.real_name));
  const groups = [...state.groups.values()].filter((one) => begins(typed, one.handle, one.name));
  const everyone = ["here", "channel"].filter((one) => typed && one.startsWith(typed));
  return [
    ...persons.map((one) => ({ insert: `@${one.name} `, label: one.real_name, hint: one.title || `@${one.name}`, face: () => avatar(one.id, "tiny") })),
    ...groups.map((one) => ({ insert: `@${one.handle} `, label: `@${one.handle}`, hint: one.name, face: () => icon("people") })),
    ...everyone.map((one) => ({ insert: `@${one} `, label: `@${one}`, hint: "Tells everybody in this channel", face: () => icon("people") })),
  ];
}

function channels(typed) {
  return [...state.channels.values()]
    .filter((one) => !one.is_im && !one.is_archived && begins(typed, one.name))
    .map((one) => ({ insert: `#${one.name} `, label: `#${one.name}`, hint: one.topic, face: () => icon(one.is_private ? "lock" : "hash") }));
}

const glyphs = (typed) => findEmoji(typed, 12).map((one) => ({ insert: `:${one.name}: `, label: `:${one.name}:`, face: () => h("span", { class: "emoji" }, one.glyph) }));

const SOURCES = [
  { pattern: /^\/(\S*)$/, find: commands },
  { pattern: /(?:^|[\s(])@([\w.-]*)$/, find: people },
  { pattern: /(?:^|[\s(])#([\w-]*)$/, find: channels },
  { pattern: /(?:^|\s):([a-z0-9_+-]{2,})$/, find: glyphs },
];

// Returns { node, onKey, close }: `onKey` says whether it used the key.
export function completion(field) {
  const id = uid("complete");
  const node = h("div", { class: "completion", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", id);
  let rows = [];
  let at = 0;
  let span = 0;

  function close() {
    rows = [];
    node.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    at = (next + rows.length) % rows.length;
    [...node.children].forEach((child, index) => {
      child.classList.toggle("active", index === at);
      child.setAttribute("aria-selected", String(index === at));
    });
    field.setAttribute("aria-activedescendant", node.children[at].id);
    node.children[at].scrollIntoView({ block: "nearest" });
  }

  function accept(row) {
    const caret = field.selectionStart;
    field.setRangeText(row.insert, caret - span, caret, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function look() {
    const before = field.value.slice(0, field.selectionStart);
    const source = SOURCES.find(({ pattern }) => pattern.test(before));
    if (!source) return close();
    const typed = before.match(source.pattern)[1];
    rows = source.find(typed.toLowerCase()).slice(0, 9);
    span = typed.length + 1;
    if (!rows.length) return close();
    node.replaceChildren(...rows.map((row) => h("div", { role: "option", id: uid("suggestion"), class: "option", on: { pointerdown: (event) => (event.preventDefault(), accept(row)) } }, row.face(), h("span", { class: "option-words" }, h("span", {}, row.label), row.hint && h("span", { class: "hint" }, row.hint)))));
    node.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(0);
  }

  field.addEventListener("input", look);
  field.addEventListener("click", look);
  field.addEventListener("blur", () => setTimeout(close, 120));

  function onKey(event) {
    if (!rows.length) return false;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
      if (event.key === "Enter" && field.value === rows[at].insert.trim()) return close(), false;
      accept(rows[at]);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return { node, onKey, close };
}
