// Short notes at the edge of the page; they go by themselves, or when told to.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const shelf = document.getElementById("toasts");

// Everything outside an open dialog is inert and hidden from screen readers, so the notes move into it, and out again.
document.addEventListener("close", (event) => event.target.contains(shelf) && document.body.append(shelf), true);

export function toast(words, { tone = "info", seconds = 8 } = {}) {
  const glyph = { info: "info", warn: "warn", good: "check" }[tone];
  const note = h(
    "div",
    { class: `toast toast-${tone}` },
    icon(glyph),
    h("p", {}, words),
    h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => note.remove() } }, icon("close", "icon small")),
  );
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (dialog && !dialog.contains(shelf)) dialog.append(shelf);
  shelf.append(note);
  while (shelf.children.length > 4) shelf.firstChild.remove();
  setTimeout(() => note.remove(), seconds * 1000);
}
