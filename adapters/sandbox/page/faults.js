// Breaking things on purpose: the panel of fault switches, and the list of those that are on.

import { button, h, icon, redraw } from "./dom.js";
import { KINDS, faultForm, name } from "./fault-form.js";
import { act, control, look, person, state } from "./state.js";

const SOCKETS = [
  ["slack", "drop_sockets", "Drop Slack's sockets"],
  ["slack", "refresh_sockets", "Refresh Slack's sockets"],
  ["slack", "redeliver", "Slack delivers again"],
  ["discord", "drop_sockets", "Drop Discord's sockets"],
  ["discord", "ask_reconnect", "Discord asks to reconnect"],
  ["discord", "invalidate_sessions", "Discord ends all sessions"],
  ["discord", "redeliver", "Discord delivers again"],
];
export function openFaults() {
  return look({ drawer: state.drawer === "faults" ? null : "faults" });
}

export function drawFaults(parent) {
  if (!parent.querySelector(".faults")) parent.replaceChildren(panel());
  const active = state.common.faults;
  redraw(parent.querySelector(".active"), JSON.stringify(active), () =>
    active.length ? active.map(row) : h("p", { class: "quiet" }, "Nothing is broken."),
  );
  parent.querySelector(".clear").hidden = !active.length;
  for (const platform of ["slack", "discord"]) {
    const settings = state.common.settings[platform];
    for (const box of parent.querySelectorAll(`[data-setting^="${platform}."]`)) {
      const value = settings[box.dataset.setting.split(".")[1]];
      if (box.type === "checkbox") box.checked = Boolean(value);
      else if (document.activeElement !== box) box.value = String(value ?? 0);
    }
    const down = parent.querySelector(`[data-testid="down-${platform}"]`);
    down.setAttribute("aria-pressed", String(isDown(platform)));
    down.lastChild.textContent = isDown(platform)
      ? `${name(platform)} is down: bring it back`
      : `Take ${name(platform)} down`;
  }
}

const downs = (platform) =>
  state.common.faults.filter(
    (one) => one.kind === "drop_before" && one.platform === platform && one.method === "*" && one.times === null,
  );
const isDown = (platform) => downs(platform).length > 0;

async function toggleDown(platform) {
  if (isDown(platform)) {
    for (const fault of downs(platform)) await control("faults", { id: fault.id }, "DELETE");
    return;
  }
  await control("faults", { kind: "drop_before", platform, method: "*", times: null });
  await act(platform, "drop_sockets");
}

function panel() {
  return h(
    "div",
    { class: "faults", role: "region", "aria-label": "Faults" },
    h(
      "header",
      {},
      h("h2", {}, "Break things"),
      button("Close faults", { class: "plain", onclick: openFaults }, icon("close")),
    ),
    h("h3", {}, "Switched on"),
    h("div", { class: "active", data: { testid: "active-faults" } }),
    button("Mend everything", { class: "clear small", onclick: () => control("faults", {}, "DELETE") }),
    h("h3", {}, "Calls go wrong"),
    faultForm(),
    h("h3", {}, "Whole platforms"),
    h(
      "div",
      { class: "stack" },
      ["slack", "discord"].map((platform) =>
        h(
          "button",
          {
            type: "button",
            class: "wide",
            "aria-pressed": "false",
            data: { testid: `down-${platform}` },
            onclick: () => toggleDown(platform),
          },
          icon("bolt", 16),
          h("span", {}, `Take ${name(platform)} down`),
        ),
      ),
    ),
    h("h3", {}, "Sockets and deliveries"),
    h(
      "div",
      { class: "stack" },
      SOCKETS.map(([platform, what, label]) => button(label, { class: "wide", onclick: () => act(platform, what) })),
    ),
    h("h3", {}, "How strict"),
    settings(),
  );
}

function row(fault) {
  const kind = KINDS.find(([value]) => value === fault.kind)?.[1] ?? fault.kind;
  const left = fault.times === null ? "until mended" : `${fault.times} more`;
  const detail = {
    rate_limit: `${fault.seconds} s`,
    latency: `${fault.seconds} s`,
    server_error: fault.status,
    refuse: fault.error,
  }[fault.kind];
  return h(
    "div",
    { class: "fault" },
    h(
      "div",
      {},
      h("strong", {}, kind, detail ? ` · ${detail}` : ""),
      h("span", {}, `${name(fault.platform)} · ${fault.method} · ${left}`),
    ),
    button(
      `Remove ${kind}`,
      { class: "plain", onclick: () => control("faults", { id: fault.id }, "DELETE") },
      icon("close", 16),
    ),
  );
}

function settings() {
  const toggle = (platform, key, label) =>
    h(
      "label",
      { class: "check" },
      h("input", {
        type: "checkbox",
        data: { setting: `${platform}.${key}` },
        onchange: (event) => control("settings", { platform, [key]: event.target.checked }),
      }),
      label,
    );
  const latency = (platform) =>
    h(
      "label",
      {},
      h("span", {}, `${name(platform)} answers after (s)`),
      h("input", {
        type: "number",
        min: 0,
        step: 0.05,
        data: { setting: `${platform}.latency` },
        onchange: (event) => control("settings", { platform, latency: Number(event.target.value) }),
      }),
    );
  return h(
    "div",
    { class: "grid" },
    latency("slack"),
    latency("discord"),
    h(
      "div",
      { class: "full stack" },
      toggle("slack", "enforce_limits", "Slack keeps its rate limits"),
      toggle("discord", "enforce_limits", "Discord keeps its rate limits"),
      toggle("slack", "refuses_unarchive", "Slack refuses bots to unarchive"),
    ),
  );
}

export function faultsButton() {
  const count = state.common.faults.length;
  return h(
    "button",
    {
      type: "button",
      class: count ? "tool on" : "tool",
      "aria-expanded": String(state.drawer === "faults"),
      title: `Break things, as ${person().name}`,
      onclick: openFaults,
      data: { testid: "faults", focus: "faults" },
    },
    icon("bolt", 16),
    "Faults",
    count ? h("span", { class: "count" }, count) : null,
  );
}
