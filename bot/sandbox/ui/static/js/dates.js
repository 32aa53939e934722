// Moments as this person reads them: their own time zone, the sandbox's idea of today.

import { now, zone } from "./store.js";

const cache = new Map();

function format(options, seconds, tz = zone()) {
  const key = JSON.stringify([options, tz]);
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: tz }));
  return cache.get(key).format(new Date(seconds * 1000));
}

export const time = (seconds, tz) => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, seconds, tz);
const seconds = (at) => format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, at);
const iso = (at, tz) => format({ year: "numeric", month: "2-digit", day: "2-digit" }, at, tz).split("/").reverse().join("-");
const year = (at) => format({ year: "numeric" }, at);
const day = (at) => Number(format({ day: "numeric" }, at));
const named = (at, month) => format({ month }, at);
const short = (at) => `${named(at, "short")} ${day(at)}, ${year(at)}`;
const full = (at) => `${named(at, "long")} ${ordinal(day(at))}, ${year(at)}`;
const long = (at) => `${format({ weekday: "long" }, at)}, ${full(at)}`;

function ordinal(number) {
  const ending = number > 10 && number < 14 ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th");
  return `${number}${ending}`;
}

export const weekday = (at, tz) => format({ weekday: "short", day: "numeric", month: "short" }, at, tz);
export const stamp = (at) => `${long(at)}, ${seconds(at)}`;
export const place = (tz) => tz.split("/").at(-1).replaceAll("_", " ");
export const dayOf = (at) => iso(at);

function near(at, otherwise) {
  const days = Math.round((Date.parse(iso(at)) - Date.parse(iso(now()))) / 86400000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? otherwise(at);
}

export function dayTitle(at) {
  const word = near(at, (one) => format({ weekday: "long", day: "numeric", month: "long" }, one));
  return word[0].toUpperCase() + word.slice(1);
}

export function ago(at) {
  const gap = Math.round(now() - at);
  const size = Math.abs(gap);
  if (size < 45) return gap >= 0 ? "just now" : "in a moment";
  const [count, unit] = size < 3600 ? [size / 60, "minute"] : size < 86400 ? [size / 3600, "hour"] : [size / 86400, "day"];
  const amount = Math.max(1, Math.round(count));
  const words = `${amount} ${unit}${amount === 1 ? "" : "s"}`;
  return gap >= 0 ? `${words} ago` : `in ${words}`;
}

const TOKENS = {
  date_num: iso, date_slash: (at) => iso(at).replace(/(\d+)-(\d+)-(\d+)/, "$2/$3/$1"),
  date: full, date_short: short, date_long: long, time, time_secs: seconds, ago,
  date_pretty: (at) => near(at, full), date_short_pretty: (at) => near(at, short), date_long_pretty: (at) => near(at, long),
  day_divider_pretty: (at) => near(at, long),
};

// Slack's date tokens; one it does not know stays as it is written.
export function fill(pattern, at) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(at) ?? whole);
}

function offset(at, tz) {
  const parts = format({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, at, tz);
  const [, day, month, year, hour, minute, second] = parts.match(/(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)/).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - at;
}

// "2026-11-21T14:05" on this person's wall clock, as seconds since 1970; asked twice so that a clock change is met.
export function fromLocal(text, tz = zone()) {
  const guess = Date.parse(`${text}:00Z`) / 1000;
  const once = guess - offset(guess, tz);
  return guess - offset(once, tz);
}

export function toLocal(at, tz = zone()) {
  return `${iso(at, tz)}T${time(at, tz)}`;
}
