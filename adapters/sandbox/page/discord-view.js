// The Discord side: categories and channels, the open channel, its pins, and who is here.

import { alertButton } from "./alerts.js";
import { namesPrint, discordUser, discordChannel, tokens } from "./directory.js";
import { THREADS, drawChannels, signOf } from "./discord-channels.js";
import { CommandComposer } from "./discord-composer.js";
import { discordRows } from "./discord-message.js";
import { drawDiscordModal } from "./discord-modal.js";
import { button, h, icon, reconcile, redraw } from "./dom.js";
import { spelled } from "./emoji.js";
import { drawLog } from "./log.js";
import { inline } from "./markdown.js";
import { avatar } from "./people.js";
import { act, openChannel, openPanel, state } from "./state.js";

const parts = {};
const side = () => state.discord;
const room = () => side().channel;

function build(root) {
  const node = (name, tag, props = {}, ...children) => (parts[name] = h(tag, props, ...children));
  const send = (text) => act("discord", "post", { channel: room().id, content: tokens(spelled(text)) });
  parts.composer = new CommandComposer({ place: () => room()?.id, send });
  parts.composer.drawn = () => room() && settle(room());
  root.replaceChildren(
    h(
      "nav",
      { class: "sidebar", "aria-label": "Discord channels" },
      node("guild", "div", { class: "team" }),
      node("channels", "div", { class: "channels" }),
      node("self", "div", { class: "self" }),
    ),
    h(
      "div",
      { class: "pane" },
      node("head", "header", { class: "pane-head" }),
      node("log", "div", { class: "log", role: "log", "aria-label": "Messages in Discord", tabindex: -1 }),
      node(
        "foot",
        "footer",
        { class: "composer" },
        parts.composer.menu.node,
        node("box", "div", { class: "box" }, parts.composer.pills, parts.composer.row, alertButton("discord")),
        node("closed", "div", { class: "closed" }),
      ),
    ),
    node(
      "panel",
      "aside",
      { class: "panel", "aria-label": "Discord panel" },
      node("panelHead", "header", { class: "pane-head" }),
      node("panelLog", "div", { class: "log", tabindex: -1 }),
    ),
  );
}

export function drawDiscord(root) {
  if (!side()) return;
  if (!parts.log) build(root);
  const channel = room();
  redraw(parts.guild, `${side().guild.name}${side().connected}`, () => [
    h("strong", {}, side().guild.name),
    h(
      "span",
      {
        class: side().connected ? "link up" : "link",
        title: side().connected ? "The app is connected" : "No app is connected",
      },
      side().connected ? "connected" : "no app",
    ),
  ]);
  drawChannels(parts.channels, channel);
  const me = state.common.people.find((one) => one.key === state.me);
  redraw(parts.self, me.key, () => [
    avatar(me.name, me.colour),
    h("div", {}, h("strong", {}, me.name), h("span", {}, me.key)),
  ]);
  drawHead(channel);
  parts.log.hidden = parts.foot.hidden = !channel;
  if (channel) drawRoom(channel);
  drawPanel(channel);
  drawDiscordModal(side().modal);
}

function drawHead(channel) {
  if (!channel) return redraw(parts.head, "none", () => [h("h2", {}, "No channel")]);
  const pins = channel.pins.length;
  const parent = THREADS.includes(channel.type) ? discordChannel(channel.parent_id) : null;
  return redraw(
    parts.head,
    JSON.stringify([
      channel.id,
      channel.name,
      channel.topic,
      pins,
      parent?.name,
      state.panel.discord,
      namesPrint("discord"),
    ]),
    () => [
      h(
        "h2",
        {},
        parent
          ? [
              button(
                `Back to ${parent.name}`,
                { class: "textual", onclick: () => openChannel("discord", parent.id) },
                `#${parent.name}`,
              ),
              icon("right", 14),
            ]
          : null,
        icon(signOf(channel), 20),
        channel.name,
      ),
      h(
        "span",
        { class: "topic", data: { testid: "discord-topic" }, title: channel.topic },
        inline(channel.topic ?? ""),
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
            "aria-pressed": String(state.panel.discord?.kind === "pins"),
            data: { testid: "discord-pins", focus: "pins" },
            onclick: () => toggle("pins"),
          },
          icon("pin", 18),
          pins || null,
        ),
        h(
          "button",
          {
            type: "button",
            "aria-label": "Members",
            title: "Members",
            "aria-pressed": String(state.panel.discord?.kind === "members"),
            data: { focus: "members" },
            onclick: () => toggle("members"),
          },
          icon("users", 18),
        ),
      ),
    ],
  );
}

const toggle = (kind) => openPanel("discord", state.panel.discord?.kind === kind ? null : { kind });

function settle(channel) {
  const name = THREADS.includes(channel.type) ? channel.name : `#${channel.name}`;
  parts.composer.settle(`Message ${name}`, `Message ${name}`);
}

function drawRoom(channel) {
  const rows = discordRows(channel.messages, channel);
  drawLog(parts.log, `${state.me}/${channel.id}`, [
    {
      key: "start",
      at: null,
      print: channel.name,
      build: () =>
        h(
          "div",
          { class: "start" },
          h("span", { class: "start-sign" }, icon(signOf(channel), 30)),
          h("h3", {}, `Welcome to ${THREADS.includes(channel.type) ? "" : "#"}${channel.name}`),
          h(
            "p",
            {},
            THREADS.includes(channel.type)
              ? "The thread starts here."
              : `This is the start of the #${channel.name} channel.`,
          ),
        ),
    },
    ...rows,
  ]);
  const open = channel.can_send !== false;
  parts.box.hidden = !open;
  parts.closed.hidden = open;
  parts.closed.textContent = "You cannot write in this channel.";
  settle(channel);
}

function drawPanel(channel) {
  const panel = state.panel.discord;
  parts.panel.hidden = !panel || !channel;
  if (!panel || !channel) return;
  const title = { pins: "Pinned messages", members: "Members" }[panel.kind];
  redraw(parts.panelHead, title, () => [
    h("h2", {}, title),
    button(
      `Close ${title.toLowerCase()}`,
      { class: "plain", onclick: () => openPanel("discord", null) },
      icon("close"),
    ),
  ]);
  if (panel.kind === "pins")
    drawLog(parts.panelLog, `pins ${channel.id}`, discordRows(channel.pins, channel, { alone: true }), {
      days: false,
      end: false,
    });
  else
    reconcile(
      parts.panelLog,
      channel.members.map((id) => ({
        key: id,
        print: discordUser(id).name,
        build: () =>
          h(
            "div",
            { class: "member" },
            avatar(discordUser(id).name, discordUser(id).colour),
            h("span", {}, discordUser(id).name),
            discordUser(id).bot ? h("span", { class: "tag" }, "APP") : null,
          ),
      })),
    );
}
