// Questions that must be answered before anything else happens.

import { h, uid } from "./dom.js";
import { text } from "./mrkdwn.js";

// Block Kit's confirm object; resolves to whether the person went on. Esc means no.
export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const titleId = uid("confirm");
    let yes = false;
    const go = h("button", { type: "button", class: `button ${confirm.style === "danger" ? "danger" : "primary"}`, on: { click: () => ((yes = true), dialog.close()) } }, confirm.confirm?.text ?? "Yes");
    const dialog = h(
      "dialog",
      { class: "dialog dialog-small", "aria-labelledby": titleId, on: { close: () => (dialog.remove(), resolve(yes)) } },
      h("h2", { id: titleId, class: "dialog-title" }, confirm.title?.text ?? "Are you sure?"),
      h("div", { class: "dialog-words" }, text(confirm.text)),
      h("div", { class: "dialog-foot" }, h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, confirm.deny?.text ?? "Cancel"), go),
    );
    (document.querySelector("dialog[open]") ?? document.body).append(dialog);
    dialog.addEventListener("cancel", (event) => event.stopPropagation());
    dialog.addEventListener("close", (event) => event.stopPropagation());
    dialog.showModal();
    go.focus();
  });
}
