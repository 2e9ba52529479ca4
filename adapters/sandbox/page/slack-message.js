// One Slack message: who said it, its words or blocks, attachments, reactions, thread, and what one may do with it.

import { TIME, dayOf, say } from "./clock.js";
import { namesPrint, slackUser, tint } from "./directory.js";
import { button, h, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { file } from "./file.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { attachment } from "./slack-attachment.js";
import { blocks } from "./slack-blocks.js";
import { react, toolbar } from "./slack-toolbar.js";
import { act, openPanel, person, state } from "./state.js";

const ephemeral = (message) => Boolean(message.is_ephemeral);

function author(message) {
  const name = message.username ?? message.bot_profile?.name;
  const ours = message.user === state.slack?.bot.id;
  if (message.user && !message.username && (ours || !message.bot_profile)) return slackUser(message.user);
  return {
    name: name ?? "A bot",
    colour: message.user ? slackUser(message.user).colour : tint(name ?? "bot"),
    bot: true,
  };
}

/** Whether `message` may stand under the one before it without repeating the name. */
function follows(message, before) {
  if (
    !before ||
    before.subtype === "channel_join" ||
    message.subtype === "channel_join" ||
    ephemeral(message) !== ephemeral(before)
  )
    return false;
  const same = message.user === before.user && message.bot_id === before.bot_id && message.username === before.username;
  return same && Number(message.ts) - Number(before.ts) < 300 && dayOf(Number(message.ts)) === dayOf(Number(before.ts));
}

const QUIET = /^(channel_|group_|pinned_item|bot_add)/;

function slackMessage(message, { channel, compact = false, inThread = false }) {
  const who = author(message);
  const at = Number(message.ts);
  const where = { channel: channel.id, ts: message.ts };
  const time = h(
    "time",
    { datetime: new Date(at * 1000).toISOString(), title: `${dayOf(at)} at ${say(at, TIME)}` },
    say(at, TIME),
  );
  const node = h(
    "article",
    {
      class: `msg ${compact ? "compact" : ""} ${ephemeral(message) ? "ephemeral" : ""} ${QUIET.test(message.subtype ?? "") ? "system" : ""} ${pinned(channel, message) ? "pinned" : ""}`,
      tabindex: 0,
      "aria-label": `${who.name} at ${say(at, TIME)}`,
      data: { ts: message.ts, testid: "slack-message" },
    },
    h("div", { class: "gutter" }, compact ? time : avatar(who.name, who.colour, who.bot ? "square bot" : "square")),
    h(
      "div",
      { class: "body" },
      ephemeral(message) ? h("div", { class: "only" }, icon("eye", 14), "Only visible to you") : null,
      pinned(channel, message) && !inThread ? h("div", { class: "only pin" }, icon("pin", 13), "Pinned") : null,
      compact
        ? null
        : h(
            "div",
            { class: "head" },
            h("strong", { class: "name" }, who.name),
            who.bot ? h("span", { class: "tag" }, "APP") : null,
            time,
          ),
      words(message, where),
      (message.attachments ?? []).map((one) => attachment(one, pressing(where))),
      (message.files ?? []).map((one) =>
        file({ url: one.url_private, name: one.title ?? one.name, bytes: one.size, preview: one.preview }),
      ),
      reactions(message, where),
      !inThread && message.reply_count ? replies(message) : null,
    ),
  );
  const arrive = () => toolbar(node, message, where, inThread);
  node.addEventListener("pointerenter", arrive);
  node.addEventListener("focusin", arrive);
  return node;
}

const pinned = (channel, message) =>
  (message.pinned_to ?? []).includes(channel.id) ||
  (channel.pins ?? []).some((pin) => (pin.message?.ts ?? pin.ts) === message.ts);

function pressing(where) {
  return (part, _block, value) =>
    act("slack", "press", { ...where, control: part.action_id, ...(value === undefined ? {} : { value }) });
}

function words(message, where) {
  if (message.blocks?.length)
    return h("div", { class: "blocks" }, blocks(message.blocks, pressing(where)), edited(message));
  return message.text ? h("div", { class: "text" }, mrkdwn(message.text), edited(message)) : null;
}

const edited = (message) => (message.edited ? h("small", { class: "edited" }, " (edited)") : null);

function reactions(message, where) {
  if (!message.reactions?.length) return null;
  const chips = message.reactions.map((one) => {
    const own = one.users.includes(person().slack_id);
    const names = one.users.map((id) => slackUser(id).name).join(", ");
    return h(
      "button",
      {
        type: "button",
        class: own ? "reaction own" : "reaction",
        title: `${names} reacted with :${one.name}:`,
        "aria-label": `${one.name}, ${one.count}`,
        "aria-pressed": String(own),
        data: { testid: `slack-reaction-${one.name}`, focus: `reaction-${one.name}` },
        onclick: () => act("slack", own ? "unreact" : "react", { ...where, name: one.name }),
      },
      emoji(one.name) ?? `:${one.name}:`,
      h("span", {}, one.count),
    );
  });
  return h(
    "div",
    { class: "reactions" },
    chips,
    button(
      "Add reaction",
      { class: "reaction add", onclick: (event) => react(event.currentTarget, where) },
      icon("smile", 16),
    ),
  );
}

function replies(message) {
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => {
    const who = slackUser(id);
    return avatar(who.name, who.colour, "square mini");
  });
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return h(
    "button",
    {
      type: "button",
      class: "replies",
      data: { focus: "replies" },
      onclick: () => openPanel("slack", { kind: "thread", id: message.ts }),
    },
    faces,
    h("strong", {}, count),
    message.latest_reply
      ? h(
          "span",
          {},
          `Last reply ${dayOf(Number(message.latest_reply)).toLowerCase()} at ${say(Number(message.latest_reply), TIME)}`,
        )
      : null,
  );
}

/** Messages as rows of a list; in a thread or among pins each stands with its name. */
export function slackRows(messages, channel, options = {}) {
  const names = namesPrint("slack");
  const pins = JSON.stringify(channel.pins.map((pin) => pin.message?.ts));
  return messages.map((message, place) => {
    const compact = !options.inThread && follows(message, messages[place - 1]);
    return {
      key: `${message.ts}${message.is_ephemeral ? "e" : ""}`,
      at: Number(message.ts),
      print: `${JSON.stringify(message)}${compact}${names}${pins.includes(message.ts)}`,
      build: () => slackMessage(message, { channel, compact, ...options }),
    };
  });
}
