// Switching a fault on: what goes wrong, where, with which calls, and how often.

import { h } from "./dom.js";
import { control } from "./state.js";

export const KINDS = [
  ["rate_limit", "Rate limit (429)", "seconds", "Retry-After, seconds"],
  ["server_error", "Server error (5xx)", "status", "Status"],
  ["refuse", "Refuse", "error", "Slack's error word or Discord's code"],
  ["latency", "Latency", "seconds", "Seconds"],
  ["drop_before", "Drop before the effect", null, ""],
  ["drop_after", "Drop after the effect", null, ""],
];
const DEFAULTS = { seconds: "2", status: "500", error: "" };
const CALLS = {
  slack: [
    "*",
    "chat.postMessage",
    "chat.update",
    "conversations.create",
    "conversations.invite",
    "conversations.*",
    "pins.add",
    "views.open",
  ],
  discord: [
    "*",
    "POST /channels/*/messages",
    "PATCH /channels/*/messages/*",
    "POST /guilds/*/channels",
    "PUT /channels/*/pins/*",
  ],
};

export const name = (platform) => ({ slack: "Slack", discord: "Discord", "*": "Both" })[platform];

export function faultForm() {
  const kind = h(
    "select",
    { "aria-label": "Kind of fault", name: "kind" },
    KINDS.map(([value, label]) => h("option", { value }, label)),
  );
  const platform = h(
    "select",
    { "aria-label": "Platform", name: "platform" },
    ["*", "slack", "discord"].map((value) => h("option", { value }, name(value))),
  );
  const method = h("input", {
    "aria-label": "Calls (pattern)",
    name: "method",
    value: "*",
    list: "calls",
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = h("datalist", { id: "calls" });
  const amount = h("input", { name: "amount", "aria-label": "Seconds", value: DEFAULTS.seconds });
  const amountLabel = h("span", {}, "");
  const times = h("input", {
    type: "number",
    min: 1,
    name: "times",
    "aria-label": "Times",
    placeholder: "until mended",
    value: "1",
  });
  const suit = () => {
    const [, , field, label] = KINDS.find(([value]) => value === kind.value);
    amount.parentElement.hidden = !field;
    amountLabel.textContent = label;
    amount.setAttribute("aria-label", label || "Amount");
    amount.value = DEFAULTS[field] ?? "";
    const known = platform.value === "*" ? ["*"] : CALLS[platform.value];
    list.replaceChildren(...known.map((value) => h("option", { value })));
  };
  const made = h(
    "form",
    {
      class: "grid",
      onsubmit: (event) => {
        event.preventDefault();
        const [value, , field] = KINDS.find(([one]) => one === kind.value);
        const fault = {
          kind: value,
          platform: platform.value,
          method: method.value.trim() || "*",
          times: times.value ? Number(times.value) : null,
        };
        if (field) fault[field] = field === "error" ? amount.value.trim() : Number(amount.value);
        control("faults", fault);
      },
    },
    h("label", {}, h("span", {}, "What"), kind),
    h("label", {}, h("span", {}, "Where"), platform),
    h("label", { class: "full" }, h("span", {}, "Which calls, as a shell pattern"), method, list),
    h("label", {}, amountLabel, amount),
    h("label", {}, h("span", {}, "How many times"), times),
    h("button", { type: "submit", class: "strong full" }, "Switch on"),
  );
  kind.addEventListener("change", suit);
  platform.addEventListener("change", suit);
  suit();
  return made;
}
