// The Slack side: channels, the open channel or the App Home, and the panel beside it.

import { alertButton } from "./alerts.js";
import { Composer } from "./composer.js";
import { namesPrint } from "./directory.js";
import { button, h, icon, link, redraw } from "./dom.js";
import { drawLog } from "./log.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { blocks } from "./slack-blocks.js";
import { HOME, drawChannels } from "./slack-channels.js";
import { commands, send, shortcuts } from "./slack-composer.js";
import { slackRows } from "./slack-message.js";
import { drawSlackModal } from "./slack-modal.js";
import { drawPanel, slackPanel } from "./slack-panel.js";
import { act, openPanel, person, state } from "./state.js";

const parts = {};
const side = () => state.slack;
const room = () => side().channel;

function build(root) {
  parts.composer = new Composer("slack", {
    testid: "slack-composer",
    place: () => room()?.id,
    send: (text) => send(text, { channel: room().id }),
    more: (text) => commands(text, (words) => parts.composer.put(words)),
  });
  const node = (name, tag, props = {}, ...children) => (parts[name] = h(tag, props, ...children));
  root.replaceChildren(
    h(
      "nav",
      { class: "sidebar", "aria-label": "Slack channels" },
      node("team", "div", { class: "team" }),
      node("channels", "div", { class: "channels" }),
    ),
    h(
      "div",
      { class: "pane" },
      node("head", "header", { class: "pane-head" }),
      node("bookmarks", "div", { class: "bookmarks", role: "list", "aria-label": "Bookmarks" }),
      node("log", "div", { class: "log", role: "log", "aria-label": "Messages in Slack", tabindex: -1 }),
      node("home", "div", { class: "home", role: "region", "aria-label": "App Home" }),
      node(
        "foot",
        "footer",
        { class: "composer" },
        parts.composer.menu.node,
        node(
          "box",
          "div",
          { class: "box" },
          parts.composer.field,
          h(
            "div",
            { class: "box-tools" },
            h(
              "div",
              {},
              alertButton("slack"),
              button(
                "Shortcuts",
                {
                  class: "box-tool",
                  data: { testid: "slack-shortcuts" },
                  onclick: (event) => shortcuts(event.currentTarget),
                },
                icon("bolt", 16),
                "Shortcuts",
              ),
            ),
            h("span", { class: "hint" }, "Enter sends · Shift+Enter breaks the line"),
          ),
        ),
        node("closed", "div", { class: "closed" }),
      ),
    ),
    slackPanel(send),
  );
}

export function drawSlack(root) {
  if (!side()) return;
  if (!parts.log) build(root);
  const channel = room();
  const atHome = state.panel.slack?.kind === HOME;
  redraw(parts.team, `${side().team}${side().connected}`, () => [
    h("strong", {}, side().team),
    h(
      "span",
      {
        class: side().connected ? "link up" : "link",
        title: side().connected ? "The app is connected" : "No app is connected",
      },
      side().connected ? "connected" : "no app",
    ),
  ]);
  drawChannels(parts.channels, channel, atHome);
  drawHead(channel, atHome);
  parts.log.hidden = parts.foot.hidden = parts.bookmarks.hidden = atHome || !channel;
  parts.home.hidden = !atHome;
  if (atHome) drawHome();
  else if (channel) drawRoom(channel);
  drawPanel(channel);
  drawSlackModal(side().view, side().view_errors);
}

function drawHead(channel, atHome) {
  if (atHome)
    return redraw(parts.head, `home${side().bot.name}`, () => [
      h("h2", {}, icon("bell", 18), side().bot.name),
      h("span", { class: "topic" }, "Home"),
    ]);
  if (!channel) return redraw(parts.head, "none", () => [h("h2", {}, "No channel")]);
  const pins = channel.pins.length;
  const print = JSON.stringify([
    channel.id,
    channel.name,
    channel.topic,
    channel.members.length,
    pins,
    channel.is_archived,
    state.panel.slack,
    state.me,
    namesPrint("slack"),
  ]);
  return redraw(parts.head, print, () => [
    h(
      "h2",
      {},
      channel.is_im ? icon("bell", 18) : icon(channel.is_private ? "lock" : "hash", 18),
      channel.is_im ? side().bot.name : channel.name,
    ),
    h(
      "span",
      { class: "topic", data: { testid: "slack-topic" }, title: channel.purpose || null },
      mrkdwn(channel.topic),
    ),
    h(
      "div",
      { class: "head-tools" },
      h(
        "button",
        {
          type: "button",
          "aria-label": `${pins} pinned`,
          title: "Pinned messages",
          "aria-pressed": String(state.panel.slack?.kind === "pins"),
          data: { testid: "slack-pins", focus: "pins" },
          onclick: () => toggle("pins"),
        },
        icon("pin", 15),
        pins,
      ),
      h(
        "button",
        {
          type: "button",
          "aria-label": `${channel.members.length} members`,
          title: "Members",
          "aria-pressed": String(state.panel.slack?.kind === "members"),
          data: { focus: "members" },
          onclick: () => toggle("members"),
        },
        icon("users", 15),
        channel.members.length,
      ),
      !channel.is_archived && !channel.is_im && channel.members.includes(person().slack_id)
        ? button(
            "Leave channel",
            { data: { focus: "leave" }, onclick: () => act("slack", "leave", { channel: channel.id }) },
            "Leave",
          )
        : null,
    ),
  ]);
}

const toggle = (kind) => openPanel("slack", state.panel.slack?.kind === kind ? null : { kind });

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

function drawRoom(channel) {
  redraw(parts.bookmarks, JSON.stringify(channel.bookmarks), () =>
    channel.bookmarks.map((mark) =>
      h(
        "span",
        { role: "listitem", class: "bookmark" },
        mark.emoji ? plain(mark.emoji) : icon("mark", 14),
        mark.link ? link(mark.link, mark.title) : mark.title,
      ),
    ),
  );
  parts.bookmarks.hidden = !channel.bookmarks.length;
  const top = channel.messages.filter((message) => !isReply(message) || message.subtype === "thread_broadcast");
  const start = {
    key: "start",
    at: null,
    print: `${channel.name}${channel.purpose}${namesPrint("slack")}`,
    build: () => beginning(channel),
  };
  drawLog(parts.log, `${state.me}/${channel.id}`, [start, ...slackRows(top, channel)]);
  const inside = channel.is_im || channel.members.includes(person().slack_id);
  const open = inside && !channel.is_archived;
  parts.box.hidden = !open;
  parts.closed.hidden = open;
  if (open)
    parts.composer.settle(
      `Message #${channel.name}`,
      `Message ${channel.is_im ? side().bot.name : `#${channel.name}`}`,
    );
  else
    redraw(parts.closed, `${channel.id}${channel.is_archived}${state.me}`, () =>
      channel.is_archived
        ? [h("p", {}, "This channel is archived; one can read it, not write to it.")]
        : [
            h("p", {}, "You are looking at ", h("strong", {}, `#${channel.name}`)),
            button("Join channel", {
              class: "b-button primary",
              onclick: () => act("slack", "join", { channel: channel.id }),
            }),
          ],
    );
}

function beginning(channel) {
  if (channel.is_im)
    return h(
      "div",
      { class: "start" },
      h("h3", {}, side().bot.name),
      h("p", {}, `This is where ${side().bot.name} writes to you alone.`),
    );
  return h(
    "div",
    { class: "start" },
    h("h3", {}, icon(channel.is_private ? "lock" : "hash", 24), channel.name),
    h(
      "p",
      {},
      channel.purpose ? mrkdwn(channel.purpose) : "This is the very beginning of the ",
      channel.purpose ? null : [h("strong", {}, `#${channel.name}`), " channel."],
    ),
  );
}

function drawHome() {
  const view = side().home;
  redraw(parts.home, JSON.stringify([view, state.me, namesPrint("slack")]), () => [
    h(
      "div",
      { class: "blocks" },
      view
        ? blocks(view.blocks, (part, _block, value) =>
            act("slack", "press_in_view", { control: part.action_id, ...(value === undefined ? {} : { value }) }),
          )
        : h("p", { class: "quiet" }, "The app has not drawn its Home for you yet."),
    ),
  ]);
}
