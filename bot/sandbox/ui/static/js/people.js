// Faces: a colour and initials for a person, the bell for the app.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { person, state } from "./store.js";

// The golden angle keeps neighbours in the roster far apart in colour.
const hue = (id) => ([...state.people.keys()].indexOf(id) * 137.5 + 24) % 360;

export function avatar(id, size = "") {
  const one = person(id);
  const face = h("span", { class: `avatar ${size}${one?.is_bot ? " avatar-bot" : ""}`, "aria-hidden": "true" });
  if (one?.is_bot) face.append(icon("bell"));
  else {
    const words = (one?.real_name ?? "?").split(/\s+/);
    face.append(words.map((word) => word[0]).slice(0, 2).join("").toUpperCase());
    face.style.setProperty("--hue", hue(id));
  }
  return face;
}

export function standing(one) {
  if (one.is_bot) return "App";
  if (one.is_stranger) return "External";
  if (one.is_restricted) return "Guest";
  return one.deleted ? "Deactivated" : "";
}
