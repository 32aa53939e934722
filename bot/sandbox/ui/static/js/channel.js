// The main pane: a channel or the conversation with the app, its header, bookmarks, messages and composer.

import { composer } from "./composer.js";
import { time } from "./dates.js";
import { h, link, redraw } from "./dom.js";
import { home } from "./home.js";
import { icon } from "./icons.js";
import { act } from "./live.js";
import { memberList } from "./members.js";
import { emoji, mrkdwn, plain } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { popover } from "./popover.js";
import { botChannel, channel, channelName, messagesOf, on, person, state, tell, topLevel } from "./store.js";
import { timeline } from "./timeline.js";

const head = document.getElementById("channel-head");
const marks = document.getElementById("bookmarks");
const body = document.getElementById("channel-body");
const foot = document.getElementById("channel-foot");

let shown = null;
let feed = null;
let box = null;
let newFrom = null;

const isApp = (one) => one?.is_im && one.with === state.app.user;

function title(one) {
  if (state.place?.kind === "home" || isApp(one)) return [avatar(state.app.user, "small"), h("span", {}, state.app.name)];
  return [icon(one.is_private ? "lock" : "hash"), h("span", {}, channelName(one))];
}

function pinList(one, trigger) {
  const rows = one.pins.map((ts) => state.messages.get(one.id)?.get(ts)).filter(Boolean);
  const list = h("ul", { class: "pin-list" }, rows.map((message) => h("li", {}, h("button", { type: "button", on: { click: () => feed?.reveal(message.ts) } }, h("strong", {}, person(message.user)?.real_name ?? message.user), h("span", { class: "hint" }, ` ${time(Number(message.ts))}`), h("span", { class: "pin-words" }, mrkdwn(message.text))))));
  popover(trigger, [h("h3", { class: "popover-title" }, "Pinned"), list], { label: "Pinned messages", wide: true });
}

function tabs() {
  if (!state.app.home) return null;
  const tab = (label, current, go) => h("button", { type: "button", role: "tab", "aria-selected": String(current), tabIndex: current ? 0 : -1, data: { key: label }, on: { click: go } }, label);
  const atHome = state.place.kind === "home";
  const list = h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": state.app.name },
    tab("Home", atHome, () => tell("open", { home: true })),
    tab("Messages", !atHome, () => tell("open", { channel: botChannel()?.id })),
  );
  list.addEventListener("keydown", (event) => {
    if (["ArrowLeft", "ArrowRight"].includes(event.key)) list.querySelector("[aria-selected=false]")?.click();
  });
  return list;
}

function drawHead(one) {
  const counter = (label, glyph, words, open) => {
    const node = h("button", { type: "button", class: "head-button", "aria-label": label, title: label, "aria-haspopup": "dialog", "aria-expanded": "false", data: { key: label }, on: { click: () => open(one, node) } }, icon(glyph, "icon small"), words);
    return node;
  };
  const inRoom = one && !one.is_im;
  head.replaceChildren(
    ...[
      h("div", { class: "head-words" }, h("h1", { class: "head-title" }, title(one)), inRoom && one.topic && h("p", { class: "head-topic", title: one.topic }, mrkdwn(one.topic))),
      isApp(one) || state.place.kind === "home" ? tabs() : null,
      inRoom && h("div", { class: "head-side" }, one.pins.length ? counter(`${one.pins.length} pinned`, "pin", String(one.pins.length), pinList) : null, counter(`${one.members.length} members`, "people", String(one.members.length), memberList)),
    ].filter(Boolean),
  );
  const rows = inRoom ? one.bookmarks : [];
  marks.hidden = !rows.length;
  marks.replaceChildren(...rows.map((mark) => h("span", { class: "bookmark" }, mark.link ? link(mark.link, mark.emoji ? emoji(mark.emoji.replaceAll(":", "")) : icon("book", "icon small"), h("span", {}, plain(mark.title))) : h("span", {}, mark.title))));
}

function beginning(one) {
  const words = isApp(one)
    ? `This is where ${state.app.name} speaks to you alone.`
    : one.purpose || `This is the very beginning of #${one.name}.`;
  return { key: "beginning", print: words, make: () => h("div", { class: "beginning" }, h("h2", {}, title(one)), h("p", {}, mrkdwn(words))) };
}

function drawFoot(one) {
  const member = one.is_im || one.members.includes(state.me);
  const kind = `${state.me} ${one.id} ${one.is_archived} ${member}`;
  if (foot.dataset.kind === kind) return;
  foot.dataset.kind = kind;
  box = null;
  if (one.is_archived) foot.replaceChildren(h("p", { class: "closed-note" }, icon("lock", "icon small"), `#${one.name} is archived. Nothing more can be said here.`));
  else if (isApp(one) && state.app.read_only) foot.replaceChildren(h("p", { class: "closed-note" }, `${state.app.name} does not take messages here. Its commands work in any channel.`));
  else if (!member) foot.replaceChildren(h("p", { class: "closed-note" }, `You are looking at #${one.name} from outside.`, h("button", { type: "button", class: "button primary", on: { click: () => act("join", { channel: one.id }) } }, "Join")));
  else {
    box = composer({ channel: one.id, label: isApp(one) ? `Message ${state.app.name}` : `Message #${channelName(one)}` });
    foot.replaceChildren(box.node);
  }
}

function markRead(one) {
  const last = messagesOf(one.id).at(-1)?.ts;
  if (!last || document.hidden || !feed?.atEnd() || (state.reads.get(one.id) ?? "") >= last) return;
  state.reads.set(one.id, last);
  act("read", { channel: one.id, ts: last });
  tell("channels");
}

export function drawPlace() {
  const one = channel();
  const atHome = state.place?.kind === "home";
  if (!one && !atHome) return;
  drawHead(one);
  const key = `${state.me} ${atHome ? "home" : one.id}`;
  if (shown !== key) {
    shown = key;
    newFrom = one ? state.reads.get(one.id) ?? "0" : null;
    feed = atHome ? null : timeline({ label: `Messages in ${channelName(one)}` });
    body.replaceChildren(atHome ? home() : feed.node);
    if (atHome) {
      foot.replaceChildren();
      delete foot.dataset.kind;
    }
  }
  if (atHome) return;
  drawFoot(one);
  feed.show(topLevel(one.id), { head: beginning(one), newFrom });
  markRead(one);
}

export const focusComposer = () => box?.focus();
export const newest = () => feed?.toEnd();

on("messages", (id) => id === state.place?.id && drawPlace());
on("people", drawPlace);
// Words typed now would still be the last person's: nothing can be written until the next one's place is drawn.
on("me", () => {
  foot.replaceChildren();
  delete foot.dataset.kind;
});
on("home", () => state.place?.kind === "home" && redraw(body, home()));
document.addEventListener("visibilitychange", () => channel() && markRead(channel()));
