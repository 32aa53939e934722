// Selects of every kind: fixed options, options the app is asked for, people, channels.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { chooser, closePopover, popover } from "./popover.js";
import { channelName, person, state } from "./store.js";

const words = (option) => option.text?.text ?? "";

const matches = (typed, ...texts) => texts.some((one) => one?.toLowerCase().includes(typed.toLowerCase()));

function fixed(element) {
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return async (typed) =>
    groups
      .map((group) => ({ label: group.label?.text, options: group.options.filter((one) => matches(typed, words(one))).map(asOption) }))
      .filter((group) => group.options.length);
}

const asOption = (option) => ({ key: option.value, label: plain(words(option)), hint: option.description?.text, value: option });

function people() {
  return async (typed) => [{
    options: [...state.people.values()]
      .filter((one) => !one.deleted && matches(typed, one.name, one.real_name, one.title))
      .map((one) => ({ key: one.id, label: one.real_name, hint: one.title || `@${one.name}`, value: one.id })),
  }];
}

function places(element) {
  const include = element.filter?.include ?? ["public", "private", "im"];
  const kind = (one) => (one.is_im ? "im" : one.is_private ? "private" : "public");
  return async (typed) => [{
    options: [...state.channels.values()]
      .filter((one) => !one.is_archived && (element.type.includes("channels_") ? kind(one) === "public" : include.includes(kind(one))))
      .filter((one) => !(element.filter?.exclude_bot_users && one.is_im && person(one.with)?.is_bot) && matches(typed, channelName(one)))
      .map((one) => ({ key: one.id, label: `${one.is_im ? "" : "#"}${channelName(one)}`, value: one.id })),
  }];
}

function asked(element, block, surface) {
  const least = element.min_query_length ?? 3;
  return async (typed) => {
    if (typed.length < least) return [];
    const answer = await surface.suggest(block, element, typed);
    const groups = answer.option_groups ?? [{ options: answer.options ?? [] }];
    return groups.map((group) => ({ label: group.label?.text, options: group.options.map(asOption) }));
  };
}

const KINDS = [
  { match: /static_select$/, field: "selected_option", load: fixed, initial: ["initial_option", "initial_options"] },
  { match: /external_select$/, field: "selected_option", load: asked, initial: ["initial_option", "initial_options"] },
  { match: /users_select$/, field: "selected_user", load: people, initial: ["initial_user", "initial_users"] },
  { match: /conversations_select$/, field: "selected_conversation", load: places, initial: ["initial_conversation", "initial_conversations"] },
  { match: /channels_select$/, field: "selected_channel", load: places, initial: ["initial_channel", "initial_channels"] },
];

export const isPicker = (type) => KINDS.some((kind) => kind.match.test(type));

export function startOfPicker(element, surface) {
  const kind = KINDS.find((one) => one.match.test(element.type));
  const multi = element.type.startsWith("multi_");
  const here = element.default_to_current_conversation ? surface.channel : undefined;
  if (multi) return { [`${kind.field}s`]: element[kind.initial[1]] ?? (here ? [here] : []) };
  return { [kind.field]: element[kind.initial[0]] ?? here ?? null };
}

function shown(one) {
  if (typeof one !== "string") return plain(words(one));
  const place = state.channels.get(one);
  return [person(one)?.real_name ?? (place ? `${place.is_im ? "" : "#"}${channelName(place)}` : one)];
}

const keyOf = (one) => (typeof one === "string" ? one : one.value);

export function picker(element, block, surface, { label, describedBy, settled }) {
  const kind = KINDS.find((one) => one.match.test(element.type));
  const multi = element.type.startsWith("multi_");
  const field = multi ? `${kind.field}s` : kind.field;
  const read = () => surface.value(block, element)[field];
  const chosen = () => (multi ? read() : read() ? [read()] : []);
  const write = (next) => surface.set(block, element, { [field]: next });

  const face = h("span", { class: "picker-face" });
  const button = h(
    "button",
    {
      type: "button", class: "picker", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-describedby": describedBy, data: { key: `${block.block_id}/${element.action_id}` },
      on: { click: () => openList(), keydown: (event) => event.key === "ArrowDown" && (event.preventDefault(), openList()) },
    },
    face,
    icon("down", "icon small"),
  );

  function paint() {
    const all = chosen();
    const empty = element.placeholder?.text ?? (multi ? "Choose one or more" : "Choose one");
    face.replaceChildren(...(all.length ? (multi ? all.map((one) => h("span", { class: "chip" }, shown(one))) : shown(all[0])) : [h("span", { class: "placeholder" }, empty)]));
    button.setAttribute("aria-label", `${label}: ${face.textContent}`);
  }

  function pick(option) {
    if (!multi) {
      write(option.value);
      paint();
      closePopover();
      settled();
      return;
    }
    const rest = read().filter((one) => keyOf(one) !== option.key);
    const full = element.max_selected_items && rest.length >= element.max_selected_items;
    if (rest.length < read().length) write(rest);
    else if (!full) write([...rest, option.value]);
    paint();
  }

  function openList() {
    const before = JSON.stringify(read());
    const list = chooser({
      label, multi, pick, load: kind.load(element, block, surface), isChosen: (option) => chosen().some((one) => keyOf(one) === option.key),
      empty: kind.load === asked ? "Type to search." : "Nothing matches.",
    });
    const clear = !multi && !element.required && read() && surface.kind === "modal" && h("button", { type: "button", class: "quiet clear", on: { click: () => (write(null), paint(), closePopover(), settled()) } }, "Clear");
    const panel = popover(button, [list.node, clear].filter(Boolean), { label, onClose: () => multi && JSON.stringify(read()) !== before && settled() });
    if (panel) list.field.focus();
  }

  paint();
  return button;
}
