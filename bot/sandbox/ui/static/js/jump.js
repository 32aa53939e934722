// Ctrl+K: any place, any person, in a few keys.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { connect } from "./live.js";
import { avatar } from "./people.js";
import { chooser } from "./popover.js";
import { botChannel, on, state, tell } from "./store.js";
import { everyone } from "./topbar.js";

const row = (face, label, hint) => h("span", { class: "who-row" }, face, h("span", { class: "option-words" }, h("span", {}, label), hint && h("span", { class: "hint" }, hint)));

function places(typed) {
  const wanted = typed.toLowerCase().replace(/^[#@]/, "");
  const app = [
    { key: "home", label: `${state.app.name}: Home`, go: () => tell("open", { home: true }), shown: state.app.home },
    { key: "messages", label: `${state.app.name}: Messages`, go: () => tell("open", { channel: botChannel()?.id }), shown: Boolean(botChannel()) },
  ].filter((one) => one.shown && one.label.toLowerCase().includes(wanted));
  const channels = [...state.channels.values()].filter((one) => !one.is_im && one.name.includes(wanted)).sort((a, b) => a.is_archived - b.is_archived || a.name.localeCompare(b.name));
  const outside = (one) => (one.is_archived ? "Archived" : one.members.includes(state.me) ? one.topic : "You are not in this channel");
  return [
    { label: "Places", options: [...app.map((one) => ({ key: one.key, go: one.go, draw: () => row(avatar(state.app.user, "tiny"), one.label) })), ...channels.map((one) => ({ key: one.id, go: () => tell("open", { channel: one.id }), draw: () => row(icon(one.is_private ? "lock" : "hash"), one.name, outside(one)) }))] },
    { label: "See the workspace as", options: wanted ? everyone(wanted).map((one) => ({ key: one.id, go: () => connect(one.id), draw: () => row(avatar(one.id, "tiny"), one.real_name, one.title) })) : [] },
  ].filter((group) => group.options.length);
}

export function jump() {
  if (document.querySelector("dialog[open]")) return;
  const list = chooser({
    label: "Jump to",
    load: async (typed) => places(typed),
    pick: (option) => {
      dialog.close();
      option.go();
    },
  });
  const dialog = h("dialog", { class: "dialog dialog-jump", "aria-label": "Jump to", on: { close: () => (forget(), dialog.remove()), click: (event) => event.target === dialog && dialog.close() } }, list.node);
  const forget = on("channels", list.refresh);
  document.body.append(dialog);
  dialog.showModal();
  list.field.placeholder = "Jump to a channel, or become someone else";
  list.field.focus();
}
