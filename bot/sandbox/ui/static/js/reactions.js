// Reactions under a message, and the choice of a new one.

import { h } from "./dom.js";
import { findEmoji, glyphOf, QUICK } from "./emoji.js";
import { icon } from "./icons.js";
import { act } from "./live.js";
import { chooser, closePopover, popover } from "./popover.js";
import { nameOf, state } from "./store.js";

const toggle = (message, name) => act("react", { channel: message.channel, ts: message.ts, name });

export function reactions(message) {
  if (!message.reactions?.length) return null;
  const add = h("button", { type: "button", class: "reaction reaction-add", "aria-label": "Add a reaction", "aria-haspopup": "dialog", data: { key: "add-reaction" }, on: { click: () => chooseReaction(add, message) } }, icon("smile", "icon small"));
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map(({ name, users }) => {
      const mine = users.includes(state.me);
      const who = users.map((id) => (id === state.me ? "you" : nameOf(id))).join(", ");
      return h(
        "button",
        { type: "button", class: "reaction", "aria-pressed": String(mine), title: `${who} reacted with :${name}:`, "aria-label": `${name.replaceAll("_", " ")}, ${users.length}, from ${who}`, data: { key: `reaction-${name}` }, on: { click: () => toggle(message, name) } },
        h("span", { class: "emoji" }, glyphOf(name) ?? `:${name}:`),
        h("span", {}, String(users.length)),
      );
    }),
    add,
  );
}

export function chooseReaction(trigger, message) {
  const quick = QUICK.map((name) => ({ name, glyph: glyphOf(name) }));
  const list = chooser({
    label: "Choose an emoji",
    grid: true,
    load: async (typed) => [{ options: (typed ? findEmoji(typed.replaceAll(":", "")) : [...quick, ...findEmoji("", 96).filter((one) => !QUICK.includes(one.name))]).map((one) => ({ key: one.name, title: `:${one.name}:`, name: one.name, draw: () => h("span", { class: "emoji", "aria-label": one.name.replaceAll("_", " ") }, one.glyph) })) }],
    pick: (option) => {
      closePopover();
      toggle(message, option.name);
    },
  });
  if (popover(trigger, list.node, { label: "Choose an emoji" })) list.field.focus();
}
