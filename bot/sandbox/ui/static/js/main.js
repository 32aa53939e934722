// Starts the page, and decides which place is open.

import { drawPlace, focusComposer, newest } from "./channel.js";
import { icon } from "./icons.js";
import { jump } from "./jump.js";
import { act, connect } from "./live.js";
import "./modal.js";
import { drawRail } from "./rail.js";
import { botChannel, on, state, tell } from "./store.js";
import "./thread.js";
import "./topbar.js";

const toggle = document.getElementById("rail-toggle");
toggle.append(icon("menu"));

function showRail(open) {
  document.body.classList.toggle("rail-open", open);
  toggle.setAttribute("aria-expanded", String(open));
}

// "#U0ANA/C0GENERAL" or "#U0ANA/home": a reload, or a second tab, stays where it was.
function fromAddress() {
  const [as, place] = location.hash.slice(1).split("/");
  return { as, place };
}

function go({ channel, home, silent }) {
  if (!home && !state.channels.has(channel)) return;
  const place = home ? { kind: "home" } : { kind: "channel", id: channel };
  const moved = place.kind !== state.place?.kind || place.id !== state.place?.id;
  state.place = place;
  if (moved) state.thread = null;
  history.replaceState(null, "", `#${state.me}/${home ? "home" : channel}`);
  showRail(false);
  drawPlace();
  tell("place");
  if (home && moved) act("open_home", { tab: "home" });
  if (!home && moved) {
    newest();
    if (channel === botChannel()?.id) act("open_home", { tab: "messages" });
    if (!silent && matchMedia("(hover: hover)").matches) focusComposer();
  }
}

// After a change of person the same place stays open where that person may be, otherwise #general.
function settle() {
  const wish = state.place?.kind === "home" ? "home" : (state.place?.id ?? fromAddress().place);
  const wasDm = wish?.startsWith("D");
  state.place = null;
  const first = [...state.channels.values()].find((one) => one.name === "general") ?? state.channels.values().next().value;
  if (wish === "home" && state.app.home) go({ home: true, silent: true });
  else if (wasDm && botChannel()) go({ channel: botChannel().id, silent: true });
  else go({ channel: state.channels.has(wish) ? wish : first?.id, silent: true });
}

let settling = false;
on("me", () => {
  settling = true;
});
on("channels", () => {
  if (settling) {
    settling = false;
    settle();
  } else if (state.place?.kind === "channel" && !state.channels.has(state.place.id)) settle();
  drawRail();
});
on("open", go);

document.getElementById("jump").addEventListener("click", jump);
toggle.addEventListener("click", () => showRail(!document.body.classList.contains("rail-open")));
document.getElementById("frame").addEventListener("click", (event) => {
  if (event.target.id === "frame") showRail(false);
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    jump();
  } else if (event.key === "Escape" && document.body.classList.contains("rail-open")) {
    showRail(false);
    toggle.focus();
  }
});

connect(fromAddress().as);
