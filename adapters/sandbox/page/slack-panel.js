// The panel beside the Slack channel: a thread, the pinned messages, or who is in.

import { Composer } from "./composer.js";
import { slackUser } from "./directory.js";
import { button, h, icon, reconcile, redraw } from "./dom.js";
import { drawLog } from "./log.js";
import { avatar } from "./people.js";
import { HOME } from "./slack-channels.js";
import { slackRows } from "./slack-message.js";
import { openPanel, state } from "./state.js";

const parts = {};

/** The panel's element; `send(text, where)` posts a reply. */
export function slackPanel(send) {
  const place = () => state.panel.slack?.id;
  parts.reply = new Composer("slack", {
    testid: "slack-thread-composer",
    place,
    send: (text) => send(text, { channel: state.slack.channel.id, thread_ts: place() }),
  });
  parts.head = h("header", { class: "pane-head" });
  parts.log = h("div", { class: "log", role: "log", "aria-label": "Thread", tabindex: -1 });
  parts.foot = h("footer", { class: "composer" }, parts.reply.menu.node, h("div", { class: "box" }, parts.reply.field));
  parts.panel = h("aside", { class: "panel", "aria-label": "Slack panel" }, parts.head, parts.log, parts.foot);
  return parts.panel;
}

export function drawPanel(channel) {
  const panel = state.panel.slack;
  const open = Boolean(panel && panel.kind !== HOME && channel);
  parts.panel.hidden = !open;
  if (!open) return;
  const title = { thread: "Thread", pins: "Pinned", members: "Members" }[panel.kind];
  redraw(parts.head, title + channel.name, () => [
    h("h2", {}, title),
    h("span", { class: "topic" }, `#${channel.name}`),
    button(`Close ${title.toLowerCase()}`, { class: "plain", onclick: () => openPanel("slack", null) }, icon("close")),
  ]);
  parts.foot.hidden = panel.kind !== "thread" || channel.is_archived;
  if (panel.kind === "thread") {
    drawLog(
      parts.log,
      `thread ${panel.id}`,
      slackRows(
        channel.messages.filter((one) => one.ts === panel.id || one.thread_ts === panel.id),
        channel,
        { inThread: true },
      ),
      { days: false },
    );
    parts.reply.settle("Reply in thread", "Reply…");
  } else if (panel.kind === "pins") {
    drawLog(
      parts.log,
      `pins ${channel.id}`,
      slackRows(channel.pins.map((pin) => pin.message).filter(Boolean), channel, { inThread: true }),
      { days: false, end: false },
    );
  } else {
    reconcile(
      parts.log,
      channel.members.map((id) => ({
        key: id,
        print: slackUser(id).name,
        build: () =>
          h(
            "div",
            { class: "member" },
            avatar(slackUser(id).name, slackUser(id).colour, "square"),
            h("span", {}, slackUser(id).name),
          ),
      })),
    );
    parts.log.room = "members";
  }
}
