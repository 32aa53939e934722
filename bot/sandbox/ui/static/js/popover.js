// Small surfaces beside the control that opened them: menus, lists, panels. Esc and a click elsewhere close them.

import { focusOne, h, roving, uid } from "./dom.js";
import { icon } from "./icons.js";

let open = null;

export function closePopover({ refocus = true } = {}) {
  if (!open) return;
  const { panel, trigger, onClose, watch } = open;
  open = null;
  watch.disconnect();
  panel.remove();
  trigger.setAttribute("aria-expanded", "false");
  if (refocus && trigger.isConnected) trigger.focus();
  onClose?.();
}

// Inside a dialog the panel must be its descendant, or the browser holds it inert.
export function popover(trigger, content, { label, role = "dialog", wide = false, onClose } = {}) {
  const same = open?.trigger === trigger;
  closePopover({ refocus: false });
  if (same) return null;
  const panel = h("div", { class: `popover${wide ? " popover-wide" : ""}`, role, "aria-label": label, popover: "manual" }, content);
  (trigger.closest("dialog") ?? document.body).append(panel);
  panel.showPopover?.();
  trigger.setAttribute("aria-expanded", "true");
  const watch = new ResizeObserver(() => place(panel, trigger));
  watch.observe(panel);
  open = { panel, trigger, onClose, watch };
  place(panel, trigger);
  return panel;
}

function place(panel, trigger) {
  const box = trigger.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const below = box.bottom + 6 + size.height <= innerHeight - 8;
  const top = below ? box.bottom + 6 : Math.max(8, box.top - 6 - size.height);
  const left = Math.min(Math.max(8, box.left), Math.max(8, innerWidth - size.width - 8));
  panel.style.top = `${top}px`;
  panel.style.left = `${left}px`;
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.panel.contains(event.target) && !open.trigger.contains(event.target)) closePopover({ refocus: false });
});
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    closePopover();
  },
  true,
);
addEventListener("resize", () => open && place(open.panel, open.trigger));

// entries: { label, hint, glyph, act, danger } or { heading }
export function menu(trigger, entries, label) {
  const list = h("div", { class: "menu", role: "menu", "aria-label": label });
  for (const entry of entries) {
    if (entry.heading) {
      list.append(h("div", { class: "menu-heading", role: "presentation" }, entry.heading));
      continue;
    }
    const choose = () => {
      closePopover();
      entry.act();
    };
    list.append(
      h(
        "button",
        { type: "button", role: "menuitem", tabIndex: -1, class: `menu-item${entry.danger ? " danger" : ""}`, on: { click: choose } },
        entry.glyph && icon(entry.glyph),
        h("span", { class: "menu-words" }, h("span", {}, entry.label), entry.hint && h("span", { class: "hint" }, entry.hint)),
      ),
    );
  }
  roving(list, "[role=menuitem]");
  const panel = popover(trigger, list, { label, role: "presentation" });
  const all = [...list.querySelectorAll("[role=menuitem]")];
  if (panel && all.length) focusOne(all, all[0]);
}

// A filter field over a list of options that the arrows walk: the heart of every select, of Ctrl+K and of the emoji choice.
export function chooser({ label, load, pick, isChosen = () => false, multi = false, grid = false, empty = "Nothing matches." }) {
  const listId = uid("list");
  const list = h("div", { class: grid ? "options options-grid" : "options", role: "listbox", id: listId, "aria-label": label, "aria-multiselectable": multi || undefined });
  const field = h("input", {
    type: "text", class: "filter", role: "combobox", "aria-label": label, placeholder: "Type to find", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "true", "aria-controls": listId, "aria-autocomplete": "list",
  });
  let shown = [];
  let at = 0;
  let asked = 0;

  const mark = (next) => {
    at = Math.max(0, Math.min(next, shown.length - 1));
    shown.forEach(({ node }, index) => node.classList.toggle("active", index === at));
    if (shown[at]) {
      field.setAttribute("aria-activedescendant", shown[at].node.id);
      shown[at].node.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };

  const choose = (option) => {
    pick(option);
    for (const { node, option: one } of shown) node.setAttribute("aria-selected", String(isChosen(one)));
  };

  async function fill() {
    const turn = ++asked;
    const groups = await load(field.value.trim());
    if (turn !== asked) return;
    shown = [];
    const nodes = groups.flatMap((group) => {
      const rows = group.options.map((option) => {
        const node = h(
          "div",
          { role: "option", id: uid("option"), class: "option", "aria-selected": String(isChosen(option)), title: option.title, on: { click: () => choose(option), pointermove: () => mark(shown.findIndex((one) => one.node === node)) } },
          option.draw?.() ?? h("span", { class: "option-words" }, h("span", {}, option.label), option.hint && h("span", { class: "hint" }, option.hint)),
          multi && icon("check", "icon tick"),
        );
        shown.push({ node, option });
        return node;
      });
      return group.label ? [h("div", { class: "menu-heading", role: "presentation" }, group.label), ...rows] : rows;
    });
    list.replaceChildren(...(nodes.length ? nodes : [h("div", { class: "options-empty", role: "presentation" }, empty)]));
    mark(Math.max(0, shown.findIndex(({ option }) => isChosen(option))));
  }

  field.addEventListener("input", fill);
  field.addEventListener("keydown", (event) => {
    const columns = grid ? Math.max(1, Math.floor(list.clientWidth / 40)) : 1;
    const step = { ArrowDown: columns, ArrowUp: -columns, ...(grid ? { ArrowRight: 1, ArrowLeft: -1 } : {}) }[event.key];
    if (step) {
      event.preventDefault();
      mark(at + step);
    } else if (event.key === "Enter" && shown[at]) {
      event.preventDefault();
      choose(shown[at].option);
    } else if (event.key === "Tab") closePopover();
  });
  fill();
  return { node: h("div", { class: "chooser" }, field, list), field, refresh: fill };
}
