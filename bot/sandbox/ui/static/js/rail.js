// The list of places on the left, with what is unread in each.

import { h, redraw, roving } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";
import { botChannel, mentions, on, state, tell, unread } from "./store.js";

const list = document.getElementById("places");
roving(list, ".place");

function place({ key, face, name, current, count, asked, faded, open }) {
  const words = count ? `, ${count} unread${asked ? `, ${asked} for you` : ""}` : "";
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: `place${count ? " unread" : ""}${faded ? " faded" : ""}`, "aria-current": current ? "page" : undefined, "aria-label": `${name}${words}`, tabIndex: -1, data: { key }, on: { click: open } },
      face,
      h("span", { class: "place-name", title: name }, name),
      asked ? h("span", { class: "count count-me", "aria-hidden": "true" }, String(asked)) : count ? h("span", { class: "count", "aria-hidden": "true" }, String(count)) : null,
    ),
  );
}

function channelRow(one) {
  return place({
    key: one.id, face: icon(one.is_private ? "lock" : "hash"), name: one.name, faded: one.is_archived,
    current: state.place?.kind === "channel" && state.place.id === one.id, count: one.is_archived ? 0 : unread(one.id), asked: mentions(one.id),
    open: () => tell("open", { channel: one.id }),
  });
}

function section(title, rows) {
  if (!rows.length) return null;
  return h("section", { "aria-label": title }, h("h2", { class: "rail-title" }, title), h("ul", {}, rows));
}

export function drawRail() {
  const mine = [...state.channels.values()].filter((one) => !one.is_im && one.members.includes(state.me)).sort((a, b) => a.name.localeCompare(b.name));
  const dm = botChannel();
  const waiting = dm ? unread(dm.id) : 0;
  const app = place({
    key: "app", face: avatar(state.app.user, "tiny"), name: state.app.name, count: waiting, asked: waiting,
    current: state.place?.kind === "home" || (dm && state.place?.id === dm.id),
    open: () => tell("open", waiting || !state.app.home ? { channel: dm?.id } : { home: true }),
  });
  redraw(
    list,
    section("App", [app]),
    section("Channels", mine.filter((one) => !one.is_archived).map(channelRow)),
    section("Archived", mine.filter((one) => one.is_archived).map(channelRow)),
  );
  const all = [...list.querySelectorAll(".place")];
  const stop = all.find((one) => one.getAttribute("aria-current")) ?? all[0];
  if (stop && !all.includes(document.activeElement)) stop.tabIndex = 0;
  else if (all.includes(document.activeElement)) document.activeElement.tabIndex = 0;
  const total = all.filter((one) => one.classList.contains("unread")).length;
  document.title = `${total ? `(${total}) ` : ""}${state.team.name} sandbox`;
}

on("channels", drawRail);
on("place", drawRail);
on("people", drawRail);
