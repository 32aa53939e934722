// A run of messages: days, the mark of what is new, and who speaks on.

import { dayOf, dayTitle } from "./dates.js";
import { focusOne, h, reconcile, roving } from "./dom.js";
import { drawMessage, hidden, isNote } from "./message.js";
import { state } from "./store.js";

const GAP = 5 * 60;
const PAGE = 250;

function speaksOn(message, before) {
  return Boolean(before) && before.user === message.user && !isNote(before) && !before.ephemeral && !message.ephemeral && Number(message.ts) - Number(before.ts) < GAP;
}

export function timeline({ label, inThread = false }) {
  const list = h("div", { class: "timeline", role: "feed", "aria-label": label, tabIndex: -1 });
  const scroller = h("div", { class: "scroller" }, list);
  let stuck = true;
  let most = PAGE;
  let again = () => {};
  scroller.addEventListener("scroll", () => {
    stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  });
  new ResizeObserver(() => stuck && bottom()).observe(list);
  new ResizeObserver(() => stuck && bottom()).observe(scroller);
  roving(list, ".message, .note");
  list.addEventListener("focus", () => {
    const all = [...list.querySelectorAll(".message, .note")];
    if (all.length) focusOne(all, all.at(-1));
  });

  const bottom = () => {
    scroller.scrollTop = scroller.scrollHeight;
  };

  function earlier(count) {
    const more = () => {
      const height = scroller.scrollHeight;
      most += PAGE;
      again();
      scroller.scrollTop += scroller.scrollHeight - height;
    };
    return { key: "earlier", print: `${count}`, make: () => h("div", { class: "beginning" }, h("button", { type: "button", class: "button", on: { click: more } }, `Show earlier messages (${count})`)) };
  }

  // `head` is what stands above the first message; `newFrom` the ts after which everything is new to this person.
  function show(messages, { head, newFrom } = {}) {
    const all = messages.filter((one) => !hidden.has(one.ts));
    const shown = all.slice(-most);
    const rows = shown.length < all.length ? [earlier(all.length - shown.length)] : head ? [head] : [];
    again = () => show(messages, { head, newFrom });
    let day = null;
    let before = null;
    let marked = false;
    for (const message of shown) {
      const at = Number(message.ts);
      if (!inThread && dayOf(at) !== day) {
        day = dayOf(at);
        before = null;
        const title = dayTitle(at);
        rows.push({ key: `day ${day}`, print: title, make: () => h("div", { class: "day", role: "separator", "aria-label": title }, h("span", {}, title)) });
      }
      if (!marked && newFrom && message.ts > newFrom && message.user !== state.me) {
        marked = true;
        before = null;
        rows.push({ key: "new", print: "new", make: () => h("div", { class: "new-mark", role: "separator", "aria-label": "New messages" }, h("span", {}, "New")) });
      }
      const follows = speaksOn(message, before);
      const pinned = state.channels.get(message.channel)?.pins.includes(message.ts);
      rows.push({ key: message.ts, print: JSON.stringify([message, follows, pinned, state.me]), make: () => drawMessage(message, { follows, inThread }) });
      before = message;
    }
    reconcile(list, rows);
    const stops = [...list.querySelectorAll(".message, .note")];
    if (stops.length && !stops.some((one) => one.tabIndex === 0)) stops.at(-1).tabIndex = 0;
    if (stuck) bottom();
  }

  return {
    node: scroller, show,
    atEnd: () => stuck,
    toEnd: () => {
      stuck = true;
      bottom();
    },
    reveal(ts) {
      const row = [...list.children].find((node) => node.dataset.row === ts);
      row?.scrollIntoView({ block: "center" });
      row?.focus({ preventScroll: true });
    },
  };
}
