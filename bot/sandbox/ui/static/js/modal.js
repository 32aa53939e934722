// Modals: the top one of the stack, what was entered in it, and what is wrong with what was entered.

import { drawBlocks } from "./blocks.js";
import { h, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { act } from "./live.js";
import { plain } from "./mrkdwn.js";
import { closePopover } from "./popover.js";
import { on, state } from "./store.js";
import { forget, surface } from "./surface.js";

let dialog = null;
let frame = null;
let shown = null;
let spot = null;
let known = new Set();

// A browser may close a dialog by itself when Esc is pressed again; the stack then draws itself anew.
function gone({ target }) {
  target.remove();
  if (target !== dialog) return;
  dialog = null;
  shown = null;
}

function close(view, all) {
  act("close", { view: view.id, all });
}

async function submit(view, button) {
  if (dialog.getAttribute("aria-busy") === "true") return;
  dialog.setAttribute("aria-busy", "true");
  button.setAttribute("aria-busy", "true");
  const answer = await act("submit", { view: view.id, values: spot.values });
  dialog?.removeAttribute("aria-busy");
  button.removeAttribute("aria-busy");
  if (answer.errors && shown?.id === view.id) {
    spot.errors = answer.errors;
    wrong(view);
  }
}

function wrong(view) {
  fill(view);
  const first = Object.keys(spot.errors)[0];
  const row = [...dialog.querySelectorAll("[data-block]")].find((node) => node.dataset.block === first);
  row?.querySelector("input, textarea, select, button")?.focus();
  row?.scrollIntoView({ block: "center" });
}

function fill(view) {
  const inputs = new Set(view.blocks.filter((block) => block.type === "input").map((block) => block.block_id));
  const loose = Object.entries(spot.errors).filter(([id]) => !inputs.has(id)).map(([, words]) => words);
  const scroll = dialog.querySelector(".dialog-body")?.scrollTop ?? 0;
  const back = state.views.length > 1 && h("button", { type: "button", class: "icon-button", "aria-label": "Back", title: "Back", data: { key: "back" }, on: { click: () => close(view, false) } }, icon("back"));
  const cross = h("button", { type: "button", class: "icon-button", "aria-label": "Close", title: "Close", data: { key: "cross" }, on: { click: () => close(view, true) } }, icon("close"));
  const send = view.submit && h("button", { type: "submit", class: "button primary", data: { key: "submit" } }, plain(view.submit.text));
  redraw(
    frame,
    h(
      "form",
      { class: "dialog-form", novalidate: true, on: { submit: (event) => (event.preventDefault(), send && submit(view, send)) } },
      h("header", { class: "dialog-head" }, back, h("h2", { class: "dialog-title", id: "modal-title" }, plain(view.title?.text)), h("span", { class: "hint" }, state.app.name), cross),
      h("div", { class: "dialog-body" }, loose.length ? h("p", { class: "block-alert alert-error", role: "alert" }, icon("warn"), loose.join(" ")) : null, drawBlocks(view.blocks, spot)),
      send || view.close ? h("footer", { class: "dialog-foot" }, h("button", { type: "button", class: "button", data: { key: "close" }, on: { click: () => close(view, false) } }, plain(view.close?.text ?? "Cancel")), send) : null,
    ),
  );
  dialog.querySelector(".dialog-body").scrollTop = scroll;
}

function focusFirst() {
  const first = dialog.querySelector(".dialog-body :is(input, textarea, select, .picker):not([disabled])") ?? dialog.querySelector("[data-key=submit]") ?? dialog.querySelector("[data-key=cross]");
  first?.focus();
}

function draw() {
  const view = state.views.at(-1);
  for (const id of known) if (!state.views.some((one) => one.id === id)) forget(`view ${id}`);
  known = new Set(state.views.map((one) => one.id));
  if (!view) {
    shown = null;
    closePopover({ refocus: false });
    dialog?.close();
    dialog = null;
    return;
  }
  const print = `${view.id} ${view.hash} ${state.views.length} ${JSON.stringify(view.errors)}`;
  if (shown?.print === print) return;
  const other = shown?.id !== view.id;
  if (!dialog) {
    dialog = h("dialog", { class: "dialog dialog-view", "aria-labelledby": "modal-title", on: { close: gone, cancel: (event) => (event.preventDefault(), close(state.views.at(-1), false)) } });
    frame = h("div");
    dialog.append(frame);
    document.body.append(dialog);
    dialog.showModal();
  }
  if (other) spot = surface({ kind: "modal", key: `view ${view.id}`, target: { view: view.id }, channel: state.place?.id });
  const mistakes = JSON.stringify(spot.errors) !== JSON.stringify(view.errors) && Object.keys(view.errors).length > 0;
  spot.errors = view.errors;
  spot.prune(view.blocks);
  shown = { id: view.id, print };
  if (mistakes) wrong(view);
  else fill(view);
  if (other) focusFirst();
}

on("views", draw);
on("me", draw);
