// Builds elements. Outside text only ever becomes a text node, so nothing a bot sends can become markup.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name in node && typeof value !== "string" && name !== "list") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const unsafe = /^[\u0000-\u0020]*(?:javascript|data|vbscript):/i;

// A link that leaves the page: never a script address, never a handle on this window.
export function link(url, ...children) {
  if (!url || unsafe.test(url)) return h("span", {}, ...children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

let counter = 0;
export const uid = (prefix) => `${prefix}-${++counter}`;

// Replaces children in place and leaves the keyboard where it was: the element with the same data-key keeps focus.
export function redraw(parent, ...children) {
  const active = document.activeElement;
  const key = parent.contains(active) ? active.dataset.key : undefined;
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) [...parent.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key)?.focus();
}

// One tab stop for a list; the arrows, Home and End move inside it.
export function roving(list, selector, { horizontal = false } = {}) {
  const items = () => [...list.querySelectorAll(selector)];
  const [back, on] = horizontal ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(event.target);
    if (at < 0) return;
    const next = { [back]: at - 1, [on]: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || !all[next]) return;
    event.preventDefault();
    focusOne(all, all[next]);
  });
  list.addEventListener("focusin", (event) => {
    if (event.target.matches(selector)) for (const item of items()) item.tabIndex = item === event.target ? 0 : -1;
  });
}

export function focusOne(all, target) {
  for (const item of all) item.tabIndex = item === target ? 0 : -1;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}

// Brings a list up to date by moving as little as possible: rows are { key, print, make }, and a row whose print is
// unchanged keeps its element, its scroll place and its focus.
export function reconcile(parent, rows) {
  const before = new Map([...parent.children].map((node) => [node.dataset.row, node]));
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  let lost = null;
  let at = parent.firstElementChild;
  for (const row of rows) {
    let node = before.get(row.key);
    before.delete(row.key);
    if (!node || node.print !== row.print) {
      const made = row.make();
      made.dataset.row = row.key;
      made.print = row.print;
      if (node) {
        if (node.contains(focused)) lost = { key: focused.dataset.key, row: row.key };
        if (at === node) at = made;
        node.replaceWith(made);
      }
      node = made;
    }
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of before.values()) node.remove();
  if (!lost) return;
  const row = [...parent.children].find((node) => node.dataset.row === lost.row);
  const same = lost.key && [...row.querySelectorAll("[data-key]")].find((node) => node.dataset.key === lost.key);
  (same ?? (row.tabIndex >= -1 && row.hasAttribute("tabindex") ? row : null))?.focus({ preventScroll: true });
}
