// The strip at the top: where one is, who one is, and what time it is.

import { ago, place, time, weekday } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { act, connect } from "./live.js";
import { avatar } from "./people.js";
import { chooser, closePopover, popover } from "./popover.js";
import { me, on, state, zone } from "./store.js";

const who = document.getElementById("who");
const face = document.getElementById("clock-face");
const skips = document.getElementById("clock-skips");
const said = document.getElementById("said");
const link = document.getElementById("link");

function personRow(one) {
  return h("span", { class: "who-row" }, avatar(one.id, "small"), h("span", { class: "option-words" }, h("span", {}, one.real_name), h("span", { class: "hint" }, one.title || `@${one.name}`)), h("time", { class: "hint who-time" }, time(state.clock.now, one.tz)));
}

export const everyone = (typed) =>
  [...state.people.values()].filter((one) => !one.is_bot && !one.deleted && !one.is_stranger && [one.name, one.real_name, one.title].some((text) => text.toLowerCase().includes(typed.toLowerCase())));

function choosePerson() {
  const list = chooser({
    label: "See the workspace as",
    load: async (typed) => [{ options: everyone(typed).map((one) => ({ key: one.id, draw: () => personRow(one) })) }],
    isChosen: (option) => option.key === state.me,
    pick: (option) => {
      closePopover();
      connect(option.key);
    },
  });
  if (popover(who, [h("h3", { class: "popover-title" }, "See the workspace as"), list.node], { label: "See the workspace as", wide: true })) list.field.focus();
}

function drawWho() {
  const one = me();
  if (!one) return;
  who.setAttribute("aria-label", `You are ${one.real_name}, ${one.title}. Change person`);
  who.replaceChildren(avatar(one.id, "small"), h("span", { class: "who-words" }, h("span", { class: "who-name" }, one.real_name), h("span", { class: "hint" }, one.title || `@${one.name}`)), icon("down", "icon small"));
  document.getElementById("team").textContent = state.team.name;
}

const buttons = {
  minute: skip("+1 min", "Skip one minute forward", { seconds: 60 }),
  five: skip("+5 min", "Skip five minutes forward", { seconds: 300 }),
  due: skip("Next due", "Skip to the next thing due", { to: "next_due" }),
};

function skip(words, label, body) {
  const node = h("button", {
    type: "button", class: "skip", title: label, "aria-label": label,
    on: {
      click: async () => {
        if (node.getAttribute("aria-busy")) return;
        node.setAttribute("aria-busy", "true");
        const answer = await act("skip", body);
        node.removeAttribute("aria-busy");
        if (answer.now) said.textContent = `It is now ${time(answer.now)}.`;
      },
    },
  }, body.to && icon("next", "icon small"), words);
  return node;
}

function drawClock() {
  const { now, due, skips: able, asks } = state.clock;
  face.replaceChildren(h("span", { class: "clock-time" }, time(now)), h("span", { class: "clock-day hint" }, h("span", {}, weekday(now)), h("span", {}, place(zone()))));
  face.setAttribute("aria-label", `Sandbox time ${time(now)} in ${place(zone())}, ${weekday(now)}`);
  skips.hidden = !able;
  buttons.due.hidden = !asks;
  buttons.due.disabled = !due;
  const next = due ? `Skip to ${time(due)}, ${ago(due)}: the next thing due` : "Nothing is due";
  buttons.due.title = next;
  buttons.due.setAttribute("aria-label", next);
  drawWho();
}

skips.append(buttons.minute, buttons.five, buttons.due);
who.addEventListener("click", choosePerson);
on("clock", drawClock);
on("me", drawClock);
on("link", () => {
  link.hidden = state.online;
});
