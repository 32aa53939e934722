// Who is in a channel; bringing somebody in, and leaving.

import { h } from "./dom.js";
import { act } from "./live.js";
import { avatar, standing } from "./people.js";
import { chooser, closePopover, popover } from "./popover.js";
import { person, state } from "./store.js";

const byName = (a, b) => a.real_name.localeCompare(b.real_name);

function words(who) {
  return [avatar(who.id, "small"), h("span", { class: "option-words" }, h("span", {}, who.real_name, standing(who) && h("span", { class: "badge" }, standing(who))), h("span", { class: "hint" }, who.title))];
}

function bringIn(one, trigger) {
  const others = (typed) => [...state.people.values()].filter((who) => !who.deleted && !one.members.includes(who.id) && [who.name, who.real_name, who.title].some((text) => text.toLowerCase().includes(typed.toLowerCase())));
  const list = chooser({
    label: "Bring somebody in",
    load: async (typed) => [{ options: others(typed).sort(byName).map((who) => ({ key: who.id, draw: () => h("span", { class: "who-row" }, words(who)) })) }],
    pick: (option) => {
      closePopover();
      act("invite", { channel: one.id, guest: option.key });
    },
    empty: "Everybody is here already.",
  });
  closePopover({ refocus: false });
  if (popover(trigger, [h("h3", { class: "popover-title" }, `Bring somebody into #${one.name}`), list.node], { label: "Bring somebody in", wide: true })) list.field.focus();
}

export function memberList(one, trigger) {
  const rows = one.members.map(person).filter(Boolean).sort(byName);
  const leave = () => {
    closePopover();
    act("leave", { channel: one.id });
  };
  const inside = one.members.includes(state.me) && !one.is_archived;
  const panel = popover(
    trigger,
    [
      h("h3", { class: "popover-title" }, `${rows.length} members`),
      inside && h("div", { class: "popover-acts" }, h("button", { type: "button", class: "button", on: { click: () => bringIn(one, trigger) } }, "Bring somebody in"), h("button", { type: "button", class: "button", on: { click: leave } }, "Leave")),
      h("ul", { class: "people-list" }, rows.map((who) => h("li", {}, words(who)))),
    ].filter(Boolean),
    { label: "Members" },
  );
  panel?.querySelector("button")?.focus();
}
