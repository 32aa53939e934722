// One message: who, when, what it says, and what can be done with it.

import { drawBlocks } from "./blocks.js";
import { stamp, time } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { act } from "./live.js";
import { date, mrkdwn } from "./mrkdwn.js";
import { avatar, standing } from "./people.js";
import { menu } from "./popover.js";
import { chooseReaction, reactions } from "./reactions.js";
import { person, state, tell } from "./store.js";
import { surface } from "./surface.js";

const at = (message) => Number(message.ts);

export const hidden = new Set();

export const isNote = (message) => /^(channel|group)_/.test(message.subtype ?? "");

function more(message, trigger) {
  const shortcuts = state.shortcuts.filter((one) => one.type === "message");
  const pinned = state.channels.get(message.channel)?.pins.includes(message.ts);
  return menu(
    trigger,
    [
      { label: pinned ? "Remove the pin" : "Pin to this channel", glyph: "pin", act: () => act("pin", { channel: message.channel, ts: message.ts }) },
      ...(shortcuts.length ? [{ heading: state.app.name }] : []),
      ...shortcuts.map((one) => ({ label: one.name, hint: one.description, glyph: "bolt", act: () => act("message_shortcut", { callback_id: one.callback_id, channel: message.channel, ts: message.ts }) })),
    ],
    "More for this message",
  );
}

function tools(message, inThread) {
  const tool = (label, glyph, key, run, popup) => {
    const node = h("button", { type: "button", class: "icon-button", title: label, "aria-label": label, "aria-haspopup": popup, "aria-expanded": popup ? "false" : undefined, data: { key }, on: { click: () => run(node) } }, icon(glyph));
    return node;
  };
  return h(
    "div",
    { class: "message-tools", role: "toolbar", "aria-label": "For this message" },
    tool("Add a reaction", "smile", "react", (node) => chooseReaction(node, message), "dialog"),
    !inThread && tool("Reply in thread", "reply", "thread", () => tell("thread", message.thread_ts ?? message.ts)),
    tool("More", "more", "more", (node) => more(message, node), "menu"),
  );
}

function thread(message) {
  if (!message.reply_count) return null;
  const unit = message.reply_count === 1 ? "reply" : "replies";
  return h(
    "button",
    { type: "button", class: "thread-link", data: { key: "open-thread" }, on: { click: () => tell("thread", message.ts) } },
    message.reply_users.slice(0, 3).map((id) => avatar(id, "tiny")),
    h("strong", {}, `${message.reply_count} ${unit}`),
    h("span", { class: "hint" }, "Last ", date(Number(message.latest_reply), "{ago}")),
  );
}

function body(message) {
  const spot = surface({ kind: "message", key: `message ${message.ts}`, target: { channel: message.channel, ts: message.ts }, channel: message.channel });
  const files = (message.files ?? []).map((one) => h("a", { class: "file", href: one.url, target: "_blank", rel: "noopener noreferrer" }, icon("file"), h("span", {}, one.title || one.name), h("span", { class: "hint" }, `${Math.max(1, Math.round(one.size / 1024))} kB`)));
  const words = message.blocks?.length ? drawBlocks(message.blocks, spot) : h("div", { class: "words" }, mrkdwn(message.text), message.edited && h("span", { class: "hint" }, " (edited)"));
  const attached = (message.attachments ?? []).map((one) => {
    const node = h("div", { class: "attachment" }, one.blocks ? drawBlocks(one.blocks, spot) : h("div", { class: "words" }, mrkdwn(one.text ?? one.fallback)));
    node.style.borderColor = one.color ?? "";
    return node;
  });
  return h("div", { class: "message-body" }, words, attached, files);
}

function note(message) {
  return h("div", { class: "note", tabIndex: -1 }, h("time", { class: "hint", title: stamp(at(message)) }, time(at(message))), h("span", {}, message.subtype === "channel_join" || message.subtype === "channel_leave" ? null : h("strong", {}, `${person(message.user)?.real_name ?? message.user} `), mrkdwn(message.text)));
}

function onKey(event, message, inThread) {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = { r: "react", t: "thread", ".": "more" }[event.key.toLowerCase()];
  if (!key || message.ephemeral || (inThread && key === "thread")) return;
  event.preventDefault();
  event.currentTarget.querySelector(`[data-key=${key}]`)?.click();
}

export function drawMessage(message, { follows = false, inThread = false } = {}) {
  if (isNote(message)) return note(message);
  const author = person(message.user);
  const badge = author ? standing(author) : "";
  const pinned = state.channels.get(message.channel)?.pins.includes(message.ts);
  const dismiss = () => {
    hidden.add(message.ts);
    tell("messages", message.channel);
  };
  return h(
    "article",
    {
      class: `message${follows ? " follows" : ""}${message.blocks?.length ? " built" : ""}${message.ephemeral ? " ephemeral" : ""}${pinned ? " pinned" : ""}`, tabIndex: -1,
      "aria-label": `${author?.real_name ?? message.user}, ${time(at(message))}`, on: { keydown: (event) => onKey(event, message, inThread) },
    },
    message.ephemeral && h("p", { class: "message-mark" }, icon("eye", "icon small"), "Only visible to you", h("button", { type: "button", class: "quiet", on: { click: dismiss } }, "Dismiss")),
    pinned && h("p", { class: "message-mark" }, icon("pin", "icon small"), "Pinned"),
    follows ? h("time", { class: "message-gutter hint", title: stamp(at(message)) }, time(at(message))) : avatar(message.user),
    h(
      "div",
      { class: "message-main" },
      !follows && h("div", { class: "message-head" }, h("strong", {}, author?.real_name ?? message.user), badge && h("span", { class: "badge" }, badge), h("time", { class: "hint", title: stamp(at(message)) }, time(at(message)))),
      body(message),
      !message.ephemeral && reactions(message),
      !inThread && thread(message),
    ),
    !message.ephemeral && tools(message, inThread),
  );
}
