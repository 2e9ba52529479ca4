// Posting an alert as a monitoring tool would: a few presets, and free text.

import { button, h, icon, toast } from "./dom.js";
import { drawModal } from "./modal.js";
import { act, state } from "./state.js";

const RED = 0xd63a3a;
const GREEN = 0x2f9e5f;
const hex = (colour) => `#${colour.toString(16).padStart(6, "0")}`;

// Each: what it is called, who posts it, and its message for either platform.
const PRESETS = [
  ["grafana", "Grafana: firing", "Grafana", grafana(true)],
  ["grafana-ok", "Grafana: resolved", "Grafana", grafana(false)],
  ["alertmanager", "Alertmanager: firing", "Alertmanager", alertmanager(true)],
  ["alertmanager-ok", "Alertmanager: resolved", "Alertmanager", alertmanager(false)],
  ["betterstack", "Better Stack: incident started", "Better Stack", betterstack()],
  ["uptimerobot", "UptimeRobot: down", "UptimeRobot", uptimerobot(true)],
  ["uptimerobot-up", "UptimeRobot: up again", "UptimeRobot", uptimerobot(false)],
];

function grafana(firing) {
  const head = `[${firing ? "FIRING" : "RESOLVED"}:1] CheckoutErrorRate shop (critical checkout)`;
  const body = `**${firing ? "Firing" : "Resolved"}**\n\nValue: B=${firing ? "7.4" : "0.2"}\nLabels:\n - alertname = CheckoutErrorRate\n - service = checkout\n - severity = critical\nAnnotations:\n - summary = More than 5 % of checkouts fail\nSource: http://grafana.example/alerting/grafana/checkout/view`;
  return {
    slack: { text: "", attachments: [{ color: firing ? "#D63232" : "#36a64f", title: head, title_link: "http://grafana.example/alerting/list", text: body.replace(/\*\*/g, "*"), fallback: head, footer: "Grafana v12.1" }] },
    discord: { content: body, embeds: [{ type: "rich", title: head, url: "http://grafana.example/alerting/list", color: firing ? RED : GREEN, footer: { text: "Grafana v12.1" } }] },
  };
}

function alertmanager(firing) {
  const title = `[${firing ? "FIRING:2" : "RESOLVED"}] HighLatency api (prod critical)`;
  const lines = ["api-1", "api-2"].map((pod) => `Alert: p99 latency of ${pod} is ${firing ? "above 2 s" : "back to normal"} - critical\nDescription: requests to ${pod} ${firing ? "take longer than 2 s for 5 minutes" : "answer in time"}`).join("\n");
  return {
    slack: { text: "", attachments: [{ color: firing ? "danger" : "good", title, title_link: "http://alertmanager.example/#/alerts?receiver=chat", text: lines, fallback: title }] },
    discord: { content: "", embeds: [{ title, url: "http://alertmanager.example/#/alerts?receiver=chat", description: lines, color: firing ? RED : GREEN }] },
  };
}

function betterstack() {
  const cause = "Status 503 instead of 2xx", monitor = "shop.example";
  return {
    slack: { text: `New incident for ${monitor}`, attachments: [{ color: hex(RED), blocks: [
      { type: "section", text: { type: "mrkdwn", text: `*<https://betterstack.example/incidents/7|${monitor}>* is down` } },
      { type: "section", fields: [{ type: "mrkdwn", text: `*Cause*\n${cause}` }, { type: "mrkdwn", text: "*Length*\nOngoing" }] }] }] },
    discord: { content: "", embeds: [{ title: `New incident for ${monitor}`, url: "https://betterstack.example/incidents/7", color: RED, fields: [{ name: "Cause", value: cause, inline: true }, { name: "Length", value: "Ongoing", inline: true }] }] },
  };
}

function uptimerobot(down) {
  const words = down ? "Monitor is DOWN: shop.example (https://shop.example) - Reason: HTTP 503 - Service Unavailable" : "Monitor is UP: shop.example (https://shop.example). It was down for 6 minutes and 12 seconds.";
  return {
    slack: { text: "", attachments: [{ color: down ? "danger" : "good", text: words, fallback: words }] },
    discord: { content: "", embeds: [{ title: down ? "shop.example is down" : "shop.example is up", description: words, color: down ? RED : GREEN }] },
  };
}

export function alertButton(platform) {
  return button("Post an alert as a bot", { class: "box-tool", data: { testid: `${platform}-post-alert` }, onclick: () => open(platform) }, icon("mega", 16), "Post an alert");
}

function open(platform) {
  const channel = state[platform].channel;
  if (!channel) return toast("Open a channel first.", "bad");
  const root = document.getElementById(platform);
  const close = () => shut(root);
  const post = async (name, message) => {
    const args = platform === "slack" ? { channel: channel.id, name, ...message } : { channel: channel.id, name, ...message };
    if ((await act(platform, platform === "slack" ? "post_as_bot" : "post_as_webhook", args)) !== null) close();
  };
  const host = shell(root);
  return drawModal(host, { id: "alert", print: "alert", label: "Post an alert as a bot", close, build: () => form(platform, channel, post, close) });
}

// The dialog lives in a layer of its own, so that the drawing of the platform's own forms does not take it away.
function shell(root) {
  let host = root.querySelector(".own-layer");
  if (!host) root.append(host = h("div", { class: "own-layer", id: `${root.id}-alert` }));
  return host;
}

function shut(root) {
  const host = root.querySelector(".own-layer");
  if (host) drawModal(host, null);
}

function form(platform, channel, post, close) {
  const name = h("input", { class: "b-input", value: "Monitoring", "aria-label": "Posted by", data: { focus: "name" } });
  const text = h("textarea", { class: "b-input", rows: 3, "aria-label": "Alert text", placeholder: "Words of your own", data: { focus: "text" } });
  const own = () => (platform === "slack" ? { text: text.value } : { content: text.value });
  return h("form", { onsubmit: (event) => {
    event.preventDefault();
    if (text.value.trim()) post(name.value.trim() || "Monitoring", own());
  } },
  h("header", {}, h("h2", {}, "Post an alert as a bot"), button("Close", { class: "plain", onclick: close }, icon("close"))),
  h("div", { class: "modal-body" }, h("p", { class: "quiet" }, "It is posted in ", h("strong", {}, `#${channel.name}`), " as a monitoring tool would post it, through an incoming webhook."),
    h("div", { class: "presets" }, PRESETS.map(([key, label, who, message]) => h("button", { type: "button", class: "preset", data: { testid: `preset-${key}` }, onclick: () => post(who, message[platform]) },
      h("span", { class: `dot ${/-(ok|up)$/.test(key) ? "good" : "bad"}` }), label))),
    h("div", { class: "field" }, h("div", { class: "label" }, "Or say it yourself, as"), name, text)),
  h("footer", {}, h("button", { type: "button", class: "b-button", onclick: close }, "Cancel"), h("button", { type: "submit", class: "b-button primary" }, "Post")));
}
