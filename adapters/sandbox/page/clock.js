// The shared clock: shown big, moved forward by buttons, and the times in messages that tick with it.

import { button, h, redraw, toast } from "./dom.js";
import { control, person, state } from "./state.js";

const STEPS = [
  ["+1m", 60],
  ["+5m", 300],
  ["+15m", 900],
  ["+1h", 3600],
  ["+1d", 86400],
];
const SPAN = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** The sandbox's time, in seconds since 1970. It runs on by itself between two fetches, unless it stands still. */
export function now() {
  const { clock, fetched } = state.common;
  return Date.parse(clock.now) / 1000 + (clock.stands ? 0 : (performance.now() - fetched) / 1000);
}

const formats = new Map();

export function say(seconds, options, zone = person().timezone) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key))
    formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key).format(new Date(seconds * 1000));
}

export const TIME = { hour: "2-digit", minute: "2-digit" };
export const SECONDS = { ...TIME, second: "2-digit" };
export const DAY = { day: "numeric", month: "long", year: "numeric" };
export const SHORT = { day: "numeric", month: "short", year: "numeric" };
const NUMBERS = { year: "numeric", month: "2-digit", day: "2-digit" };

/** The day as a person says it: Today, Yesterday, or the date. */
export function dayOf(seconds, options = { weekday: "long", day: "numeric", month: "long" }) {
  const day = say(seconds, NUMBERS);
  for (const [word, shift] of [
    ["Today", 0],
    ["Yesterday", -86400],
    ["Tomorrow", 86400],
  ]) {
    if (day === say(now() + shift, NUMBERS)) return word;
  }
  return say(seconds, options);
}

const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

export function ago(seconds) {
  const away = Math.round(seconds - now());
  const [unit, size] = UNITS.find(([, one]) => Math.abs(away) >= one) ?? UNITS.at(-1);
  return relative.format(Math.trunc(away / size), unit);
}

/** A time that is said by `words(seconds)`, again whenever the clock has moved. */
export function ticking(seconds, words, className = "moment") {
  const node = h("time", {
    class: className,
    datetime: iso(seconds),
    title: say(seconds, { dateStyle: "full", timeStyle: "long" }),
    data: { ticks: "" },
  });
  node.words = () => words(seconds);
  node.textContent = node.words();
  return node;
}

export function iso(seconds) {
  return new Date(seconds * 1000).toISOString();
}

/** Say every ticking time anew; only those whose words changed touch the document. */
export function tick() {
  if (!state.common) return;
  for (const node of document.querySelectorAll("[data-ticks]")) {
    const words = node.words();
    if (node.textContent !== words) node.textContent = words;
  }
}

export function drawClock(parent) {
  redraw(parent, `${state.me}`, () => [
    h(
      "div",
      { class: "now", role: "timer", "aria-label": "Sandbox time", data: { testid: "clock" } },
      face((at) => say(at, SECONDS), "hands"),
      face((at) => `${say(at, { weekday: "short", ...SHORT })} · ${away()}`, "date"),
    ),
    h(
      "div",
      { class: "steps", role: "group", "aria-label": "Move the clock forward" },
      STEPS.map(([label, seconds]) =>
        button(label, {
          "aria-label": `Forward ${label.slice(1)}`,
          data: { testid: `clock-forward-${label.slice(1)}` },
          onclick: () => forward(seconds),
        }),
      ),
      h("input", {
        class: "custom",
        placeholder: "+ 2h 30m",
        "aria-label": "Forward by",
        data: { testid: "clock-forward-custom" },
        onkeydown: custom,
      }),
    ),
  ]);
}

function face(words, className) {
  const node = h("span", { class: className, data: { ticks: "" } });
  node.words = () => words(now());
  node.textContent = node.words();
  return node;
}

/** How far the clock was moved away from the machine's own. */
function away() {
  const { offset, stands } = state.common.clock;
  if (stands) return "stands still";
  const sign = offset < 0 ? "−" : "+";
  return offset ? `${sign}${span(Math.abs(offset))} ahead`.replace(/^−(.*) ahead/, "$1 behind") : "real time";
}

export function span(seconds) {
  const parts = [];
  let left = Math.round(seconds);
  for (const [unit, size] of [
    ["d", 86400],
    ["h", 3600],
    ["m", 60],
    ["s", 1],
  ]) {
    if (left >= size) parts.push(`${Math.floor(left / size)}${unit}`);
    left %= size;
  }
  return parts.slice(0, 2).join(" ") || "0s";
}

function forward(seconds) {
  return control("clock", { forward: seconds });
}

function custom(event) {
  if (event.key !== "Enter") return;
  const words = event.target.value.trim();
  const parts = [...words.matchAll(/(-?\d+(?:\.\d+)?)\s*([smhdw])?/gi)];
  const seconds = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * SPAN[(unit ?? "m").toLowerCase()], 0);
  if (!seconds) return toast("Say how far: 90s, 20m, 2h 30m, 3d.", "bad");
  event.target.value = "";
  return forward(seconds);
}
