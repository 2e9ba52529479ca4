// Posting an alert as a monitoring tool would: those that are ready, and free text.

import { button, h, icon, toast } from "./dom.js";
import { drawModal } from "./modal.js";
import { act, ask, state } from "./state.js";

const WORDS = { firing: "Firing", acknowledged: "Acknowledged", cleared: "Cleared" };
const TONES = { firing: "bad", acknowledged: "warn", cleared: "good" };

export function alertButton(platform) {
  return button(
    "Post an alert as a bot",
    { class: "box-tool", data: { testid: `${platform}-post-alert` }, onclick: () => open(platform) },
    icon("mega", 16),
    "Post an alert",
  );
}

async function open(platform) {
  const channel = state[platform].channel;
  if (!channel) return toast("Open a channel first.", "bad");
  const { alarms } = await ask(`alarms?platform=${platform}`);
  const root = document.getElementById(platform);
  const close = () => shut(root);
  const does = async (name, args) => {
    if ((await act(platform, name, { channel: channel.id, ...args })) !== null) close();
  };
  return drawModal(shell(root), {
    id: "alert",
    print: "alert",
    label: "Post an alert as a bot",
    close,
    build: () => form(platform, channel, alarms, does, close),
  });
}

// The dialog lives in a layer of its own, so that the drawing of the platform's own forms does not take it away.
function shell(root) {
  let host = root.querySelector(".own-layer");
  if (!host) root.append((host = h("div", { class: "own-layer", id: `${root.id}-alert` })));
  return host;
}

function shut(root) {
  const host = root.querySelector(".own-layer");
  if (host) drawModal(host, null);
}

/** The last post of a sender in the open channel: Slack's ts, or Discord's id. */
function lastOf(platform, sender) {
  const messages = state[platform].channel?.messages ?? [];
  const author = (one) => one.username ?? one.bot_profile?.name ?? one.author?.username;
  const last = messages.filter((one) => author(one) === sender).at(-1);
  return last && (platform === "slack" ? last.ts : last.id);
}

/** One alert with a button for each way that it stands. */
function row(platform, alarm, edits, does) {
  const stand = (name) =>
    h(
      "button",
      {
        type: "button",
        class: "preset",
        "aria-label": `${alarm.sender}: ${WORDS[name]}`,
        data: { testid: `alarm-${alarm.key}-${name}` },
        onclick: () => {
          const instead = edits.checked ? lastOf(platform, alarm.sender) : "";
          does("post_alert", { alert: alarm.key, stand: name, ...(instead ? { instead } : {}) });
        },
      },
      h("span", { class: `dot ${TONES[name]}` }),
      WORDS[name],
    );
  return h(
    "li",
    {},
    h("span", { class: "alarm" }, h("strong", {}, alarm.sender), h("small", {}, alarm.about)),
    h("span", { class: "stands" }, alarm.stands.map(stand)),
  );
}

function form(platform, channel, alarms, does, close) {
  const name = h("input", {
    class: "b-input",
    value: "Monitoring",
    "aria-label": "Posted by",
    data: { focus: "name" },
  });
  const text = h("textarea", {
    class: "b-input",
    rows: 3,
    "aria-label": "Alert text",
    placeholder: "Words of your own",
    data: { focus: "text" },
  });
  const edits = h("input", { type: "checkbox", data: { testid: "alarm-edits", focus: "edits" } });
  const own = () =>
    platform === "slack"
      ? ["post_as_bot", { name: name.value.trim() || "Monitoring", text: text.value }]
      : ["post_as_webhook", { name: name.value.trim() || "Monitoring", content: text.value }];
  return h(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        if (text.value.trim()) does(...own());
      },
    },
    h(
      "header",
      {},
      h("h2", {}, "Post an alert as a bot"),
      button("Close", { class: "plain", onclick: close }, icon("close")),
    ),
    h(
      "div",
      { class: "modal-body" },
      h(
        "p",
        { class: "quiet" },
        "It is posted in ",
        h("strong", {}, `#${channel.name}`),
        " in the shape that the tool's own integration gives it.",
      ),
      h("label", { class: "edits" }, edits, "Edit the tool's last post here, where there is one"),
      h(
        "ul",
        { class: "alarms" },
        alarms.map((alarm) => row(platform, alarm, edits, does)),
      ),
      h("div", { class: "field" }, h("div", { class: "label" }, "Or say it yourself, as"), name, text),
    ),
    h(
      "footer",
      {},
      h("button", { type: "button", class: "b-button", onclick: close }, "Cancel"),
      h("button", { type: "submit", class: "b-button primary" }, "Post"),
    ),
  );
}
