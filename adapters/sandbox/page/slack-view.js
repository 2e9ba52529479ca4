// The Slack side: channels, the open channel or the App Home, and the panel beside it.

import { alertButton } from "./alerts.js";
import { Composer } from "./composer.js";
import { handles, namesPrint, slackUser } from "./directory.js";
import { button, h, icon, link, reconcile, redraw, toast } from "./dom.js";
import { drawLog } from "./log.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { menu } from "./popover.js";
import { blocks } from "./slack-blocks.js";
import { follows, slackMessage } from "./slack-message.js";
import { drawSlackModal } from "./slack-modal.js";
import { act, isUnread, openChannel, openPanel, person, state } from "./state.js";

const HOME = "home";
const parts = {};
const side = () => state.slack;
const room = () => side().channel;

async function send(text, where) {
  if (!text.startsWith("/")) return act("slack", "post", { ...where, text: handles(text) });
  const [command, ...words] = text.split(" ");
  const asTyped = handles(words.join(" "));
  const delivery = await act("slack", "command", { channel: where.channel, text: asTyped, command });
  if (delivery && !delivery.acked) toast(`${command} failed with the error “${delivery.error || "operation_timeout"}”.`, "bad");
  return delivery;
}

function commands(text) {
  if (!text.startsWith("/")) return null;
  const typed = text.split(" ")[0];
  const all = side().commands.filter((one) => one.command.startsWith(typed));
  const hint = (one) => [h("span", { class: "app-mark" }, icon("bell", 16)), h("strong", {}, one.command), h("em", {}, one.usage_hint ?? ""), h("span", {}, one.description ?? "")];
  if (text.includes(" ")) return { eager: false, title: "", entries: all.filter((one) => one.command === typed).map((one) => ({ label: one.command, content: hint(one), does: () => {} })).slice(0, text.trim() === typed ? 1 : 0) };
  return { eager: !all.some((one) => one.command === text), title: "Commands", entries: all.map((one) => ({ label: one.command, content: hint(one), does: () => parts.composer.put(`${one.command} `) })) };
}

function build(root) {
  parts.composer = new Composer("slack", { testid: "slack-composer", place: () => room()?.id, send: (text) => send(text, { channel: room().id }), more: commands });
  parts.reply = new Composer("slack", { testid: "slack-thread-composer", place: () => state.panel.slack?.id, send: (text) => send(text, { channel: room().id, thread_ts: state.panel.slack.id }) });
  const node = (name, tag, props = {}, ...children) => (parts[name] = h(tag, props, ...children));
  root.replaceChildren(
    h("nav", { class: "sidebar", "aria-label": "Slack channels" }, node("team", "div", { class: "team" }), node("channels", "div", { class: "channels" })),
    h("div", { class: "pane" },
      node("head", "header", { class: "pane-head" }), node("bookmarks", "div", { class: "bookmarks", role: "list", "aria-label": "Bookmarks" }),
      node("log", "div", { class: "log", role: "log", "aria-label": "Messages in Slack", tabindex: -1 }), node("home", "div", { class: "home", role: "region", "aria-label": "App Home" }),
      node("foot", "footer", { class: "composer" }, parts.composer.menu.node, node("box", "div", { class: "box" }, parts.composer.field, h("div", { class: "box-tools" }, h("div", {}, alertButton("slack"), button("Shortcuts", { class: "box-tool", data: { testid: "slack-shortcuts" }, onclick: (event) => shortcuts(event.currentTarget) }, icon("bolt", 16), "Shortcuts")), h("span", { class: "hint" }, "Enter sends · Shift+Enter breaks the line"))), node("closed", "div", { class: "closed" }))),
    node("panel", "aside", { class: "panel", "aria-label": "Slack panel" }, node("panelHead", "header", { class: "pane-head" }), node("panelLog", "div", { class: "log", role: "log", "aria-label": "Thread", tabindex: -1 }),
      node("panelFoot", "footer", { class: "composer" }, parts.reply.menu.node, h("div", { class: "box" }, parts.reply.field))));
}

export function drawSlack(root) {
  if (!side()) return;
  if (!parts.log) build(root);
  const channel = room();
  const atHome = state.panel.slack?.kind === HOME;
  redraw(parts.team, `${side().team}${side().connected}`, () => [h("strong", {}, side().team), h("span", { class: side().connected ? "link up" : "link", title: side().connected ? "The app is connected" : "No app is connected" }, side().connected ? "connected" : "no app")]);
  drawChannels(channel, atHome);
  drawHead(channel, atHome);
  parts.log.hidden = parts.foot.hidden = parts.bookmarks.hidden = atHome || !channel;
  parts.home.hidden = !atHome;
  if (atHome) drawHome();
  else if (channel) drawRoom(channel);
  drawPanel(channel);
  drawSlackModal(side().view, side().view_errors);
}

function shortcuts(anchor) {
  const all = side().shortcuts.filter((one) => one.type === "global");
  if (!all.length) return toast("The app has no global shortcuts.");
  return menu(anchor, all.map((one) => [one.name, () => act("slack", "shortcut", { callback_id: one.callback_id })]), "Shortcuts");
}

function drawChannels(channel, atHome) {
  const me = person().slack_id;
  const member = (one) => one.members.includes(me);
  const groups = [["Channels", (one) => !one.is_archived && !one.is_im && member(one)], ["More channels", (one) => !one.is_archived && !one.is_im && !member(one)], ["Direct messages", (one) => one.is_im], ["Archived", (one) => one.is_archived]];
  const rows = [];
  for (const [title, belongs] of groups) {
    const some = side().channels.filter(belongs).sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
    if (!some.length) continue;
    rows.push({ key: title, print: title, build: () => h("h3", {}, title) });
    for (const one of some) rows.push(entry(one, !atHome && one.id === channel?.id, isUnread(one)));
  }
  rows.push({ key: "apps", print: "", build: () => h("h3", {}, "Apps") });
  rows.push({ key: HOME, print: `${atHome}${side().bot.name}`, build: () => h("button", { type: "button", class: atHome ? "row here" : "row", "aria-current": atHome ? "page" : null, data: { testid: "slack-app-home", focus: HOME }, onclick: openHome }, icon("bell", 16), h("span", {}, side().bot.name)) });
  reconcile(parts.channels, rows);
}

function entry(one, here, unread) {
  const sign = one.is_archived ? "archive" : one.is_private ? "lock" : "hash";
  const label = [one.name, one.is_private && "private", one.is_archived && "archived", unread && "unread"].filter(Boolean).join(", ");
  const name = one.is_im ? side().bot.name : one.name;
  return { key: one.id, print: label + here, build: () => h("button", { type: "button", class: `row ${here ? "here" : ""} ${unread && !here ? "unread" : ""} ${one.is_archived ? "archived" : ""}`, "aria-label": label, "aria-current": here ? "page" : null, title: one.name, data: { testid: one.is_im ? "slack-dm" : `slack-channel-${one.name}`, focus: one.id }, onclick: () => openChannel("slack", one.id) }, one.is_im ? icon("bell", 16) : icon(sign, 16), h("span", {}, name)) };
}

async function openHome() {
  await openPanel("slack", { kind: HOME });
  await act("slack", "open_home");
}

function drawHead(channel, atHome) {
  if (atHome) return redraw(parts.head, `home${side().bot.name}`, () => [h("h2", {}, icon("bell", 18), side().bot.name), h("span", { class: "topic" }, "Home")]);
  if (!channel) return redraw(parts.head, "none", () => [h("h2", {}, "No channel")]);
  const pins = channel.pins.length;
  const print = JSON.stringify([channel.id, channel.name, channel.topic, channel.members.length, pins, channel.is_archived, state.panel.slack, state.me, namesPrint("slack")]);
  return redraw(parts.head, print, () => [
    h("h2", {}, channel.is_im ? icon("bell", 18) : icon(channel.is_private ? "lock" : "hash", 18), channel.is_im ? side().bot.name : channel.name),
    h("span", { class: "topic", data: { testid: "slack-topic" }, title: channel.purpose || null }, mrkdwn(channel.topic)),
    h("div", { class: "head-tools" },
      h("button", { type: "button", "aria-label": `${pins} pinned`, title: "Pinned messages", "aria-pressed": String(state.panel.slack?.kind === "pins"), data: { testid: "slack-pins", focus: "pins" }, onclick: () => toggle("pins") }, icon("pin", 15), pins),
      h("button", { type: "button", "aria-label": `${channel.members.length} members`, title: "Members", "aria-pressed": String(state.panel.slack?.kind === "members"), data: { focus: "members" }, onclick: () => toggle("members") }, icon("users", 15), channel.members.length),
      !channel.is_archived && !channel.is_im && channel.members.includes(person().slack_id) ? button("Leave channel", { data: { focus: "leave" }, onclick: () => act("slack", "leave", { channel: channel.id }) }, "Leave") : null),
  ]);
}

const toggle = (kind) => openPanel("slack", state.panel.slack?.kind === kind ? null : { kind });

function rowsOf(messages, channel, options = {}) {
  const names = namesPrint("slack");
  const pins = JSON.stringify(channel.pins.map((pin) => pin.message?.ts));
  return messages.map((message, place) => {
    const compact = !options.inThread && follows(message, messages[place - 1]);
    return { key: `${message.ts}${message.is_ephemeral ? "e" : ""}`, at: Number(message.ts), print: `${JSON.stringify(message)}${compact}${names}${pins.includes(message.ts)}`, build: () => slackMessage(message, { channel, compact, ...options }) };
  });
}

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

function drawRoom(channel) {
  redraw(parts.bookmarks, JSON.stringify(channel.bookmarks), () => channel.bookmarks.map((mark) => h("span", { role: "listitem", class: "bookmark" }, mark.emoji ? plain(mark.emoji) : icon("mark", 14), mark.link ? link(mark.link, mark.title) : mark.title)));
  parts.bookmarks.hidden = !channel.bookmarks.length;
  const top = channel.messages.filter((message) => !isReply(message) || message.subtype === "thread_broadcast");
  const start = { key: "start", at: null, print: `${channel.name}${channel.purpose}${namesPrint("slack")}`, build: () => beginning(channel) };
  drawLog(parts.log, `${state.me}/${channel.id}`, [start, ...rowsOf(top, channel)]);
  const inside = channel.is_im || channel.members.includes(person().slack_id);
  const open = inside && !channel.is_archived;
  parts.box.hidden = !open;
  parts.closed.hidden = open;
  if (open) parts.composer.settle(`Message #${channel.name}`, `Message ${channel.is_im ? side().bot.name : `#${channel.name}`}`);
  else redraw(parts.closed, `${channel.id}${channel.is_archived}${state.me}`, () => (channel.is_archived ? [h("p", {}, "This channel is archived; one can read it, not write to it.")] : [h("p", {}, "You are looking at ", h("strong", {}, `#${channel.name}`)), button("Join channel", { class: "b-button primary", onclick: () => act("slack", "join", { channel: channel.id }) })]));
}

function beginning(channel) {
  if (channel.is_im) return h("div", { class: "start" }, h("h3", {}, side().bot.name), h("p", {}, `This is where ${side().bot.name} writes to you alone.`));
  return h("div", { class: "start" }, h("h3", {}, icon(channel.is_private ? "lock" : "hash", 24), channel.name), h("p", {}, channel.purpose ? mrkdwn(channel.purpose) : "This is the very beginning of the ", channel.purpose ? null : [h("strong", {}, `#${channel.name}`), " channel."]));
}

function drawHome() {
  const view = side().home;
  redraw(parts.home, JSON.stringify([view, state.me, namesPrint("slack")]), () => [
    h("div", { class: "blocks" }, view ? blocks(view.blocks, (part, _block, value) => act("slack", "press_in_view", { control: part.action_id, ...(value === undefined ? {} : { value }) })) : h("p", { class: "quiet" }, "The app has not drawn its Home for you yet.")),
  ]);
}

function drawPanel(channel) {
  const panel = state.panel.slack;
  const open = Boolean(panel && panel.kind !== HOME && channel);
  parts.panel.hidden = !open;
  if (!open) return;
  const title = { thread: "Thread", pins: "Pinned", members: "Members" }[panel.kind];
  redraw(parts.panelHead, title + channel.name, () => [h("h2", {}, title), h("span", { class: "topic" }, `#${channel.name}`), button(`Close ${title.toLowerCase()}`, { class: "plain", onclick: () => openPanel("slack", null) }, icon("close"))]);
  parts.panelFoot.hidden = panel.kind !== "thread" || channel.is_archived;
  if (panel.kind === "thread") {
    drawLog(parts.panelLog, `thread ${panel.id}`, rowsOf(channel.messages.filter((one) => one.ts === panel.id || one.thread_ts === panel.id), channel, { inThread: true }), { days: false });
    parts.reply.settle("Reply in thread", "Reply…");
  } else if (panel.kind === "pins") {
    drawLog(parts.panelLog, "pins", rowsOf(channel.pins.map((pin) => pin.message).filter(Boolean), channel, { inThread: true }), { days: false });
  } else {
    reconcile(parts.panelLog, channel.members.map((id) => ({ key: id, print: slackUser(id).name, build: () => h("div", { class: "member" }, avatar(slackUser(id).name, slackUser(id).colour, "square"), h("span", {}, slackUser(id).name)) })));
    parts.panelLog.room = "members";
  }
}
