// The app's Home tab, as the app last published it for this person.

import { drawBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { state } from "./store.js";
import { surface } from "./surface.js";

export function home() {
  const view = state.home;
  if (!view) {
    return h("div", { class: "home home-empty" }, icon("home", "icon big"), h("p", {}, `${state.app.name} has not drawn a Home for you yet.`));
  }
  const spot = surface({ kind: "home", key: `home ${state.me}`, target: { view: view.id } });
  return h("div", { class: "home" }, h("div", { class: "home-page" }, drawBlocks(view.blocks, spot)));
}
