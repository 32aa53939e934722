// Where a person writes: messages, slash commands, and the app's global shortcuts.

import { completion } from "./completion.js";
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { act } from "./live.js";
import { menu } from "./popover.js";
import { state } from "./store.js";

const drafts = new Map();

export function composer({ channel, thread, label }) {
  const key = `${state.me} ${channel} ${thread ?? ""}`;
  const id = uid("composer");
  const field = h("textarea", { id, class: "composer-field", rows: 1, placeholder: label, "aria-label": label, spellcheck: "true" });
  field.value = drafts.get(key) ?? "";
  const list = completion(field);
  const usage = h("p", { class: "composer-usage hint", "aria-live": "polite" });

  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 220)}px`;
  };
  const explain = () => {
    const word = field.value.match(/^(\/\S+)\s/)?.[1];
    const command = state.commands.find((one) => one.command === word);
    usage.textContent = command ? `${command.command} ${command.usage_hint ?? ""}: ${command.description ?? ""}` : "";
  };

  async function send() {
    const text = field.value.trim();
    if (!text || field.readOnly) return;
    field.readOnly = true;
    form.setAttribute("aria-busy", "true");
    const slash = text.match(/^(\/\S+)\s*([\s\S]*)$/);
    const answer = slash
      ? await act("command", { channel, thread_ts: thread, command: slash[1], text: slash[2] })
      : await act("say", { channel, thread_ts: thread, text });
    field.readOnly = false;
    form.removeAttribute("aria-busy");
    if (answer.ok) {
      field.value = "";
      drafts.delete(key);
      grow();
      explain();
    }
    if (!document.querySelector("dialog[open]")) field.focus();
  }

  field.addEventListener("input", () => {
    drafts.set(key, field.value);
    grow();
    explain();
  });
  field.addEventListener("keydown", (event) => {
    if (list.onKey(event) || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  });

  const shortcuts = state.shortcuts.filter((one) => one.type === "global");
  const run = h(
    "button",
    {
      type: "button", class: "icon-button", title: "Shortcuts", "aria-label": "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false",
      on: { click: () => menu(run, [{ heading: state.app.name }, ...shortcuts.map((one) => ({ label: one.name, hint: one.description, glyph: "bolt", act: () => act("shortcut", { callback_id: one.callback_id }) }))], "Shortcuts") },
    },
    icon("bolt"),
  );
  const form = h(
    "form",
    { class: "composer", on: { submit: (event) => (event.preventDefault(), send()) } },
    list.node,
    h("div", { class: "composer-box" }, !thread && shortcuts.length ? run : null, field, h("button", { type: "submit", class: "icon-button send", title: "Send", "aria-label": "Send" }, icon("send"))),
    usage,
  );
  requestAnimationFrame(grow);
  return { node: form, focus: () => field.focus() };
}
