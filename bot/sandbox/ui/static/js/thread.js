// The side pane: one thread, with its own composer.

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { channel, channelName, on, state, tell, threadOf } from "./store.js";
import { timeline } from "./timeline.js";

const pane = document.getElementById("thread");
let shown = null;
let feed = null;

function draw() {
  const one = channel();
  const ts = one && state.thread;
  const messages = ts ? threadOf(one.id, ts) : [];
  document.body.classList.toggle("with-thread", Boolean(messages.length));
  pane.hidden = !messages.length;
  if (!messages.length) {
    shown = null;
    pane.replaceChildren();
    return;
  }
  const key = `${state.me} ${one.id} ${ts}`;
  if (shown !== key) {
    shown = key;
    feed = timeline({ label: "Thread", inThread: true });
    const close = h("button", { type: "button", class: "icon-button", title: "Close the thread", "aria-label": "Close the thread", on: { click: () => tell("thread", null) } }, icon("close"));
    const box = one.is_archived ? null : composer({ channel: one.id, thread: ts, label: "Reply" });
    pane.replaceChildren(...[h("header", { class: "thread-head" }, h("h2", { class: "head-title" }, "Thread"), h("span", { class: "hint" }, one.is_im ? channelName(one) : `#${one.name}`), close), feed.node, box?.node].filter(Boolean));
    box?.focus();
  }
  feed.show(messages);
}

on("thread", (ts) => {
  state.thread = ts;
  draw();
});
on("messages", (id) => id === state.place?.id && draw());
on("place", draw);
pane.addEventListener("keydown", (event) => {
  if (event.key === "Escape") tell("thread", null);
});
