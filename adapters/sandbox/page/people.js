// The six people: who I am now, and the switch among them.

import { button, h, redraw } from "./dom.js";
import { look, person, state } from "./state.js";

export function initials(name) {
  return (
    name
      .split(/\s+/)
      .filter(Boolean)
      .slice(0, 2)
      .map((word) => [...word][0])
      .join("")
      .toUpperCase() || "?"
  );
}

export function avatar(name, colour, className = "") {
  return h(
    "span",
    { class: `avatar ${className}`, style: { "--tint": colour }, "aria-hidden": "true" },
    initials(name),
  );
}

export function drawPeople(parent) {
  redraw(parent, JSON.stringify([state.me, state.common?.people]), () => [
    h(
      "div",
      { class: "people", role: "radiogroup", "aria-label": "Who I am", onkeydown: arrows },
      state.common.people.map(choice),
    ),
    h("div", { class: "whoami" }, h("strong", {}, person().name), h("span", {}, person().timezone.replace(/_/g, " "))),
  ]);
}

function choice(one) {
  const chosen = one.key === state.me;
  return button(
    one.name,
    {
      role: "radio",
      "aria-checked": String(chosen),
      tabindex: chosen ? 0 : -1,
      class: "person",
      data: { testid: `be-${one.key}`, focus: one.key },
      onclick: () => be(one.key),
    },
    avatar(one.name, one.colour),
  );
}

function be(key) {
  document.querySelector(".popover")?.remove();
  look({ me: key, panel: { slack: null, discord: null } });
}

function arrows(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const keys = state.common.people.map((one) => one.key);
  const next = keys[(keys.indexOf(state.me) + step + keys.length) % keys.length];
  be(next);
  document.querySelector(`[data-testid="be-${next}"]`)?.focus();
}
