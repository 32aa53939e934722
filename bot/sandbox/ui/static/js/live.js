// The line to the sandbox: changes come in by WebSocket, a person's acts go out as small JSON posts.

import { patch, state, tell, tick, welcome } from "./store.js";
import { toast } from "./toasts.js";

let socket = null;
let wait = 500;
let wanted = null;

export function connect(as) {
  wanted = as;
  if (socket) {
    socket.onclose = null;
    socket.close();
  }
  const at = new URL("/_sandbox/live", location.href);
  at.protocol = at.protocol.replace("http", "ws");
  if (as) at.searchParams.set("as", as);
  socket = new WebSocket(at);
  socket.onmessage = ({ data }) => receive(JSON.parse(data));
  socket.onclose = () => {
    state.online = false;
    tell("link");
    setTimeout(() => connect(wanted), wait);
    wait = Math.min(wait * 2, 8000);
  };
}

function receive(frame) {
  wait = 500;
  if (frame.kind === "welcome") {
    wanted = frame.me;
    welcome(frame);
    tell("link");
  } else if (frame.kind === "patch") patch(frame);
  else if (frame.kind === "clock") tick(frame.clock);
  else if (frame.kind === "toast") toast(frame.text, { tone: frame.tone });
}

// Resolves to the sandbox's answer; `error` in it has been shown already.
export async function act(name, body = {}) {
  let answer;
  try {
    const response = await fetch(`/_sandbox/act/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: state.me, ...body }),
    });
    answer = response.ok ? await response.json() : { ok: false, error: await response.text() };
  } catch {
    answer = { ok: false, error: "The sandbox does not answer. Is it still running?" };
  }
  if (answer.error) toast(answer.error, { tone: "warn" });
  if (answer.note) toast(answer.note);
  return answer;
}

// Keeps a chosen file in the workspace; resolves to it as Slack describes files, or to null.
export async function upload(file) {
  const at = new URL("/_sandbox/file", location.href);
  at.search = new URLSearchParams({ as: state.me, name: file.name });
  const response = await fetch(at, { method: "POST", body: file }).catch(() => null);
  if (response?.ok) return response.json();
  toast(response ? await response.text() : "The sandbox does not answer. Is it still running?", { tone: "warn" });
  return null;
}
