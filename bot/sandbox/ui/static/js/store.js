// What this person can see right now, kept current by the live connection, and who wants to know when it changes.

export const state = {
  team: { id: "", name: "" },
  app: { name: "", user: "", home: false },
  me: "",
  people: new Map(),
  groups: new Map(),
  channels: new Map(),
  messages: new Map(),
  reads: new Map(),
  commands: [],
  shortcuts: [],
  views: [],
  home: null,
  clock: { now: Date.now() / 1000, due: null, skips: false, asks: false },
  place: null,
  thread: null,
  online: false,
};

const listeners = new Map();

export function on(topic, listener) {
  const of = listeners.get(topic) ?? new Set();
  listeners.set(topic, of.add(listener));
  return () => of.delete(listener);
}

export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const me = () => state.people.get(state.me);
export const person = (id) => state.people.get(id);
export const nameOf = (id) => person(id)?.name ?? id;
export const zone = () => me()?.tz || "UTC";
export const now = () => state.clock.now;

export const channel = () => (state.place?.kind === "channel" ? state.channels.get(state.place.id) : undefined);
export const botChannel = () => [...state.channels.values()].find((one) => one.is_im && one.with === state.app.user);

export function channelName(one) {
  if (!one.is_im) return one.name;
  return person(one.with)?.real_name ?? "Direct message";
}

export function messagesOf(id) {
  return [...(state.messages.get(id)?.values() ?? [])].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

export const topLevel = (id) => messagesOf(id).filter((one) => !isReply(one));
export const threadOf = (id, ts) => messagesOf(id).filter((one) => one.ts === ts || one.thread_ts === ts);

const fresh = (id) => messagesOf(id).filter((one) => one.ts > (state.reads.get(id) ?? "0") && one.user !== state.me && !one.quiet);
const asksMe = (message) => new RegExp(`<@${state.me}[|>]|<!(?:here|channel|everyone)`).test(JSON.stringify([message.text, message.blocks]));
const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && !message.broadcast;

// Unread counts are about other people's words; a reply inside a thread counts only for whom it names.
export const unread = (id) => fresh(id).filter((one) => !isReply(one) || asksMe(one)).length;
export const mentions = (id) => fresh(id).filter(asksMe).length;

export function welcome(frame) {
  const keyed = (rows) => new Map(rows.map((row) => [row.id, row]));
  Object.assign(state, {
    team: frame.team, app: frame.app, me: frame.me, commands: frame.commands, shortcuts: frame.shortcuts, online: true,
    people: keyed(frame.people), groups: keyed(frame.groups), channels: new Map(), messages: new Map(),
    reads: new Map(Object.entries(frame.reads)), views: [], home: null,
  });
  state.clock = { ...state.clock, ...frame.clock };
  tell("me");
}

// A patch names only what changed; null means it is gone.
export function patch(frame) {
  for (const row of frame.people ?? []) state.people.set(row.id, row);
  for (const row of frame.groups ?? []) state.groups.set(row.id, row);
  merge(state.channels, frame.channels);
  for (const [id, rows] of Object.entries(frame.messages ?? {})) {
    if (!state.messages.has(id)) state.messages.set(id, new Map());
    merge(state.messages.get(id), rows);
  }
  for (const [id, ts] of Object.entries(frame.reads ?? {})) state.reads.set(id, ts);
  if (frame.views) state.views = frame.views;
  if ("home" in frame) state.home = frame.home;
  if (frame.people || frame.groups) tell("people");
  if (frame.channels || frame.messages || frame.reads) tell("channels");
  for (const id of new Set([...Object.keys(frame.messages ?? {}), ...Object.keys(frame.channels ?? {})])) tell("messages", id);
  if (frame.views) tell("views");
  if ("home" in frame) tell("home");
}

function merge(into, rows) {
  for (const [key, row] of Object.entries(rows ?? {})) row === null ? into.delete(key) : into.set(key, row);
}

export function tick(clock) {
  Object.assign(state.clock, clock);
  tell("clock");
}
