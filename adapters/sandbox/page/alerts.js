// Posting an alert as a monitoring tool would: a few presets, and free text.

import { PRESETS } from "./alert-presets.js";
import { button, h, icon, toast } from "./dom.js";
import { drawModal } from "./modal.js";
import { act, state } from "./state.js";

export function alertButton(platform) {
  return button(
    "Post an alert as a bot",
    { class: "box-tool", data: { testid: `${platform}-post-alert` }, onclick: () => open(platform) },
    icon("mega", 16),
    "Post an alert",
  );
}

function open(platform) {
  const channel = state[platform].channel;
  if (!channel) return toast("Open a channel first.", "bad");
  const root = document.getElementById(platform);
  const close = () => shut(root);
  const post = async (name, message) => {
    const args =
      platform === "slack" ? { channel: channel.id, name, ...message } : { channel: channel.id, name, ...message };
    if ((await act(platform, platform === "slack" ? "post_as_bot" : "post_as_webhook", args)) !== null) close();
  };
  const host = shell(root);
  return drawModal(host, {
    id: "alert",
    print: "alert",
    label: "Post an alert as a bot",
    close,
    build: () => form(platform, channel, post, close),
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

function form(platform, channel, post, close) {
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
  const own = () => (platform === "slack" ? { text: text.value } : { content: text.value });
  return h(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        if (text.value.trim()) post(name.value.trim() || "Monitoring", own());
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
        " as a monitoring tool would post it, through an incoming webhook.",
      ),
      h(
        "div",
        { class: "presets" },
        PRESETS.map(([key, label, who, message]) =>
          h(
            "button",
            {
              type: "button",
              class: "preset",
              data: { testid: `preset-${key}` },
              onclick: () => post(who, message[platform]),
            },
            h("span", { class: `dot ${/-(ok|up)$/.test(key) ? "good" : "bad"}` }),
            label,
          ),
        ),
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
