// One Slack message: who said it, its words or blocks, attachments, reactions, thread, and what one may do with it.

import { TIME, dayOf, say } from "./clock.js";
import { slackUser, tint } from "./directory.js";
import { button, h, icon, link, picture } from "./dom.js";
import { emoji, pickEmoji } from "./emoji.js";
import { mrkdwn, plain, unescaped } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { menu } from "./popover.js";
import { blocks } from "./slack-blocks.js";
import { act, openPanel, person, state } from "./state.js";

export const ephemeral = (message) => Boolean(message.is_ephemeral);
const mine = (message) => message.user === person().slack_id && !message.bot_id;

export function author(message) {
  const name = message.username ?? message.bot_profile?.name;
  if (message.user && !message.username) return slackUser(message.user);
  return { name: name ?? "A bot", colour: message.user ? slackUser(message.user).colour : tint(name ?? "bot"), bot: true };
}

/** Whether `message` may stand under the one before it without repeating the name. */
export function follows(message, before) {
  if (!before || before.subtype === "channel_join" || message.subtype === "channel_join" || ephemeral(message) !== ephemeral(before)) return false;
  const same = message.user === before.user && message.bot_id === before.bot_id && message.username === before.username;
  return same && Number(message.ts) - Number(before.ts) < 300 && dayOf(Number(message.ts)) === dayOf(Number(before.ts));
}

const QUIET = /^(channel_|group_|pinned_item|bot_add)/;

export function slackMessage(message, { channel, compact = false, inThread = false }) {
  const who = author(message);
  const at = Number(message.ts);
  const where = { channel: channel.id, ts: message.ts };
  const time = h("time", { datetime: new Date(at * 1000).toISOString(), title: `${dayOf(at)} at ${say(at, TIME)}` }, say(at, TIME));
  const node = h("article", { class: `msg ${compact ? "compact" : ""} ${ephemeral(message) ? "ephemeral" : ""} ${QUIET.test(message.subtype ?? "") ? "system" : ""} ${pinned(channel, message) ? "pinned" : ""}`,
    tabindex: 0, "aria-label": `${who.name} at ${say(at, TIME)}`, data: { ts: message.ts, testid: "slack-message" } },
  h("div", { class: "gutter" }, compact ? time : avatar(who.name, who.colour, who.bot ? "square bot" : "square")),
  h("div", { class: "body" },
    ephemeral(message) ? h("div", { class: "only" }, icon("eye", 14), "Only visible to you") : null,
    pinned(channel, message) && !inThread ? h("div", { class: "only pin" }, icon("pin", 13), "Pinned") : null,
    compact ? null : h("div", { class: "head" }, h("strong", { class: "name" }, who.name), who.bot ? h("span", { class: "tag" }, "APP") : null, time),
    words(message, where),
    (message.attachments ?? []).map((one) => attachment(one, pressing(where))),
    (message.files ?? []).map((file) => h("div", { class: "file" }, icon("list", 20), h("div", {}, link(file.url_private ?? file.permalink, file.title ?? file.name ?? "file"), h("small", {}, file.mimetype ?? file.filetype ?? "")))),
    reactions(message, where),
    !inThread && message.reply_count ? replies(message) : null));
  const arrive = () => toolbar(node, message, where, inThread);
  node.addEventListener("pointerenter", arrive);
  node.addEventListener("focusin", arrive);
  return node;
}

const pinned = (channel, message) => (message.pinned_to ?? []).includes(channel.id) || (channel.pins ?? []).some((pin) => (pin.message?.ts ?? pin.ts) === message.ts);

function pressing(where) {
  return (part, _block, value) => act("slack", "press", { ...where, control: part.action_id, ...(value === undefined ? {} : { value }) });
}

function words(message, where) {
  if (message.blocks?.length) return h("div", { class: "blocks" }, blocks(message.blocks, pressing(where)), edited(message));
  return message.text ? h("div", { class: "text" }, mrkdwn(message.text), edited(message)) : null;
}

const edited = (message) => (message.edited ? h("small", { class: "edited" }, " (edited)") : null);

const COLOURS = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };

function colour(value) {
  const given = COLOURS[value] ?? (/^#?[0-9a-f]{6}$/i.test(value ?? "") ? `#${value.replace("#", "")}` : null);
  return given ?? "var(--line-strong)";
}

function attachment(one, press) {
  const title = one.title ? h("div", { class: "a-title" }, one.title_link ? link(unescaped(one.title_link), plain(one.title)) : plain(one.title)) : null;
  return h("div", { class: "attachment-wrap" }, one.pretext ? h("div", { class: "text" }, mrkdwn(one.pretext)) : null,
    h("div", { class: "attachment", style: { "--bar": colour(one.color) } },
      one.author_name ? h("div", { class: "a-author" }, one.author_link ? link(one.author_link, one.author_name) : plain(one.author_name)) : null,
      title, one.text ? h("div", { class: "text" }, mrkdwn(one.text)) : null,
      one.blocks ? h("div", { class: "blocks" }, blocks(one.blocks, press)) : null,
      one.fields?.length ? h("div", { class: "a-fields" }, one.fields.map((field) => h("div", { class: field.short ? "short" : "" }, h("strong", {}, plain(field.title)), h("div", {}, mrkdwn(field.value))))) : null,
      one.image_url ? picture(one.image_url, one.fallback, "wide") : null,
      !one.text && !one.blocks && !one.title && !one.fields?.length && one.fallback ? h("div", { class: "text" }, mrkdwn(one.fallback)) : null,
      one.footer || one.ts ? h("div", { class: "a-footer" }, plain(one.footer ?? ""), one.ts ? ` · ${dayOf(Number(one.ts))} at ${say(Number(one.ts), TIME)}` : "") : null));
}

function reactions(message, where) {
  if (!message.reactions?.length) return null;
  const chips = message.reactions.map((one) => {
    const own = one.users.includes(person().slack_id);
    const names = one.users.map((id) => slackUser(id).name).join(", ");
    return h("button", { type: "button", class: own ? "reaction own" : "reaction", title: `${names} reacted with :${one.name}:`, "aria-label": `${one.name}, ${one.count}`, "aria-pressed": String(own),
      data: { testid: `slack-reaction-${one.name}`, focus: `reaction-${one.name}` }, onclick: () => act("slack", own ? "unreact" : "react", { ...where, name: one.name }) },
    emoji(one.name) ?? `:${one.name}:`, h("span", {}, one.count));
  });
  return h("div", { class: "reactions" }, chips, button("Add reaction", { class: "reaction add", onclick: (event) => react(event.currentTarget, where) }, icon("smile", 16)));
}

function react(anchor, where) {
  pickEmoji(anchor, (name) => act("slack", "react", { ...where, name }));
}

function replies(message) {
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => {
    const who = slackUser(id);
    return avatar(who.name, who.colour, "square mini");
  });
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return h("button", { type: "button", class: "replies", data: { focus: "replies" }, onclick: () => openPanel("slack", { kind: "thread", id: message.ts }) }, faces, h("strong", {}, count),
    message.latest_reply ? h("span", {}, `Last reply ${dayOf(Number(message.latest_reply)).toLowerCase()} at ${say(Number(message.latest_reply), TIME)}`) : null);
}

// One toolbar serves the whole page: it stands in the message that the pointer or the focus is on.
let bar = null;

function toolbar(node, message, where, inThread) {
  if (bar?.parentNode === node || document.querySelector(".popover")) return;
  bar?.remove();
  const shortcuts = state.slack.shortcuts.filter((one) => one.type === "message");
  bar = h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    ephemeral(message) ? null : button("Add reaction", { onclick: (event) => react(event.currentTarget, where) }, icon("smile")),
    inThread || ephemeral(message) ? null : button("Reply in thread", { onclick: () => openPanel("slack", { kind: "thread", id: message.thread_ts ?? message.ts }) }, icon("thread")),
    ephemeral(message) ? null : shortcuts.slice(0, 1).map((one) => button(one.name, { onclick: () => shortcut(one, where) }, icon("mega"))),
    button("More actions", { onclick: (event) => menu(event.currentTarget, entries(message, where, shortcuts), "Message actions") }, icon("more")));
  node.append(bar);
}

const shortcut = (one, where) => act("slack", "shortcut", { callback_id: one.callback_id, channel: where.channel, ts: where.ts });

function entries(message, where, shortcuts) {
  const list = ephemeral(message) ? [] : shortcuts.map((one) => [one.name, () => shortcut(one, where)]);
  list.push(["Copy text", () => navigator.clipboard?.writeText(unescaped(message.text ?? ""))]);
  if (mine(message) && !ephemeral(message)) {
    list.push(["Edit message", () => editing(message, where)]);
    list.push(["Delete message", () => act("slack", "delete", where), "danger"]);
  }
  return list;
}

function editing(message, where) {
  const text = document.querySelector(`.slack .msg[data-ts="${CSS.escape(message.ts)}"] .body .text`);
  if (!text) return;
  const was = [...text.childNodes];
  const field = h("textarea", { class: "edit", "aria-label": "Edit message", value: unescaped(message.text), rows: 2, onkeydown: (event) => {
    if (event.key === "Escape") text.replaceChildren(...was);
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    act("slack", "edit", { ...where, text: field.value });
  } });
  text.replaceChildren(field);
  field.focus();
}
