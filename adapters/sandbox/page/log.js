// A list of messages that grows at its end: it stays at the bottom when it was there, and still otherwise.

import { dayOf } from "./clock.js";
import { h, reconcile } from "./dom.js";

/**
 * Draw messages into `list`. `room` names what is shown, so that another room starts at its bottom (with `end` false: at its top).
 * Each row: {key, at (seconds, null before any day), print, build()}.
 */
export function drawLog(list, room, rows, { days = true, end = true } = {}) {
  const moved = list.room !== room;
  const stays = moved ? end : atEnd(list);
  list.room = room;
  reconcile(list, days ? withDays(rows) : rows);
  if (stays) list.scrollTop = list.scrollHeight;
  else if (moved) list.scrollTop = 0;
  if (end) holdEnd(list);
}

const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 60;

/** Whoever reads the newest message goes on seeing it when the window, or a panel beside, takes room away. */
function holdEnd(list) {
  list.held = atEnd(list);
  if (list.holding) return;
  list.holding = new ResizeObserver(() => {
    if (list.held) list.scrollTop = list.scrollHeight;
  });
  list.holding.observe(list);
  list.addEventListener("scroll", () => (list.held = atEnd(list)), { passive: true });
}

function withDays(rows) {
  const out = [];
  let last = null;
  for (const row of rows) {
    if (row.at === null) {
      out.push(row);
      continue;
    }
    const day = dayOf(row.at);
    if (day !== last)
      out.push({
        key: `day ${day}`,
        print: day,
        build: () => h("div", { class: "day", role: "separator" }, h("span", {}, day)),
      });
    last = day;
    out.push(row);
  }
  return out;
}
