// One place where blocks live (a message, a modal, Home): what was entered there, and how its controls speak to the app.

import { act } from "./live.js";

const kept = new Map();

// `key` outlives a redraw, so what a person typed survives an update that keeps the same block_id and action_id.
export function surface({ kind, key, target, channel, files }) {
  if (!kept.has(key)) kept.set(key, {});
  const values = kept.get(key);
  return {
    kind, key, channel, values, errors: {}, files,
    value: (block, element) => values[block.block_id]?.[element.action_id],
    start(block, element, value) {
      const before = values[block.block_id]?.[element.action_id];
      if (before?.type === element.type) return;
      (values[block.block_id] ??= {})[element.action_id] = { type: element.type, ...value };
    },
    set(block, element, value) {
      (values[block.block_id] ??= {})[element.action_id] = { type: element.type, ...value };
    },
    send: (block, element, value = {}) =>
      act("click", { ...target, block_id: block.block_id, action_id: element.action_id, type: element.type, value: { ...values[block.block_id]?.[element.action_id], ...value }, values }),
    suggest: (block, element, typed) =>
      act("suggest", { ...target, block_id: block.block_id, action_id: element.action_id, type: element.type, typed }),
    // A control that left the view takes its value with it, as in Slack.
    prune(blocks) {
      const alive = new Set(blocks.map((block) => block.block_id));
      for (const id of Object.keys(values)) if (!alive.has(id)) delete values[id];
    },
  };
}

export const forget = (key) => kept.delete(key);
