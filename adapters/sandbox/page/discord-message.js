// One Discord message: who said it, its words, embeds, components and reactions, and what one may do with it.

import { SECONDS, TIME, dayOf, say } from "./clock.js";
import { discordChannel, discordUser, namesPrint } from "./directory.js";
import { button, h, icon, picture } from "./dom.js";
import { nameOf } from "./emoji.js";
import { file } from "./file.js";
import { markdown, written } from "./markdown.js";
import { avatar } from "./people.js";
import { components, embed } from "./discord-components.js";
import { react, toolbar } from "./discord-toolbar.js";
import { act, openChannel, person, state } from "./state.js";

const ephemeral = (message) => Boolean((message.flags ?? 0) & 64);
const stampOf = (message) => Date.parse(message.timestamp) / 1000;

function author(message) {
  const member = state.discord?.users[message.author.id];
  if (message.author.bot && !member)
    return { name: message.author.username, colour: discordUser(message.author.id).colour, bot: true };
  return { ...discordUser(message.author.id), bot: message.author.bot };
}

function follows(message, before) {
  if (
    !before ||
    message.type !== 0 ||
    before.type !== 0 ||
    message.message_reference ||
    ephemeral(message) !== ephemeral(before)
  )
    return false;
  const same = message.author.id === before.author.id && message.author.username === before.author.username;
  return same && stampOf(message) - stampOf(before) < 420 && dayOf(stampOf(message)) === dayOf(stampOf(before));
}

/** Message types that are a line about something rather than somebody's words. */
const LINES = { 6: "pinned a message to this channel.", 7: "joined the server.", 18: "started a thread." };

function discordMessage(message, { channel, compact = false }) {
  const who = author(message);
  const at = stampOf(message);
  const where = { channel: channel.id, message: message.id };
  if (LINES[message.type])
    return h(
      "article",
      { class: "msg system", "aria-label": `${who.name} ${LINES[message.type]}`, data: { id: message.id } },
      h("div", { class: "gutter" }, icon(message.type === 6 ? "pin" : "right", 16)),
      h("div", { class: "body" }, h("strong", {}, who.name), ` ${LINES[message.type]} `, h("time", {}, written(at))),
    );
  const me = person().discord_id;
  const called =
    message.mention_everyone ||
    (message.mentions ?? []).some((user) => user.id === me) ||
    (state.discord.my_roles ?? []).some((id) => (message.mention_roles ?? []).includes(id));
  const time = h(
    "time",
    { datetime: message.timestamp, title: `${dayOf(at)} at ${say(at, SECONDS)}` },
    compact ? say(at, TIME) : written(at),
  );
  const node = h(
    "article",
    {
      class: `msg ${compact ? "compact" : ""} ${ephemeral(message) ? "ephemeral" : ""} ${called ? "called" : ""}`,
      tabindex: 0,
      "aria-label": `${who.name} at ${say(at, TIME)}`,
      data: { id: message.id, testid: "discord-message" },
    },
    answering(message),
    h("div", { class: "gutter" }, compact ? time : avatar(who.name, who.colour, who.bot ? "bot" : "")),
    h(
      "div",
      { class: "body" },
      compact
        ? null
        : h(
            "div",
            { class: "head" },
            h("strong", { class: "name" }, who.name),
            who.bot ? h("span", { class: "tag" }, "APP") : null,
            time,
          ),
      message.content
        ? h(
            "div",
            { class: "text md" },
            markdown(message.content),
            message.edited_timestamp
              ? h("small", { class: "edited", title: message.edited_timestamp }, " (edited)")
              : null,
          )
        : null,
      thinking(message) ? h("div", { class: "thinking" }, `${who.name} is thinking…`) : null,
      (message.attachments ?? []).map((one) =>
        /^image\//.test(one.content_type ?? "")
          ? picture(one.url, one.description ?? one.filename, "wide")
          : file({ url: one.url, name: one.filename, bytes: one.size, preview: one.preview }),
      ),
      (message.embeds ?? []).map(embed),
      components(message.components, (custom_id, values) =>
        act("discord", "press", { ...where, control: custom_id, ...(values ? { values } : {}) }),
      ),
      reactions(message, where),
      thread(message),
      ephemeral(message)
        ? h(
            "div",
            { class: "only" },
            icon("eye", 14),
            "Only you can see this • ",
            button(
              "Dismiss message",
              { class: "textual", onclick: () => act("discord", "delete", where) },
              "Dismiss message",
            ),
          )
        : null,
    ),
  );
  const arrive = () => toolbar(node, message, where);
  node.addEventListener("pointerenter", arrive);
  node.addEventListener("focusin", arrive);
  return node;
}

const thinking = (message) => Boolean((message.flags ?? 0) & 128);

/** The line above an answer: whose command it was, or which message it replies to. */
function answering(message) {
  const asked = message.interaction_metadata ?? message.interaction;
  const by = message.interaction ? discordUser(asked.user.id) : null;
  if (by && message.interaction.name)
    return h(
      "div",
      { class: "answering" },
      h("span", { class: "curve" }),
      avatar(by.name, by.colour, "mini"),
      h("strong", {}, by.name),
      " used ",
      h(
        "span",
        { class: "used" },
        asked.command_type === 3 ? message.interaction.name : `/${message.interaction.name}`,
      ),
    );
  const to = message.referenced_message;
  return to
    ? h(
        "div",
        { class: "answering" },
        h("span", { class: "curve" }),
        avatar(author(to).name, author(to).colour, "mini"),
        h("strong", {}, author(to).name),
        ` ${(to.content || "an embed").slice(0, 90)}`,
      )
    : null;
}

function reactions(message, where) {
  if (!message.reactions?.length || ephemeral(message)) return null;
  const chips = message.reactions.map((one) => {
    const character = one.emoji.name;
    const own = one.me;
    const names = (one.users ?? []).map((id) => discordUser(id).name).join(", ");
    return h(
      "button",
      {
        type: "button",
        class: own ? "reaction own" : "reaction",
        title: names || `:${nameOf(character)}:`,
        "aria-label": `${nameOf(character)}, ${one.count}`,
        "aria-pressed": String(Boolean(own)),
        data: { testid: `discord-reaction-${nameOf(character)}`, focus: `reaction-${character}` },
        onclick: () => act("discord", own ? "unreact" : "react", { ...where, emoji: character }),
      },
      character,
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

function thread(message) {
  const found =
    discordChannel(message.thread?.id ?? "") ?? ((message.flags ?? 0) & 32 ? discordChannel(message.id) : null);
  if (!found) return null;
  return h(
    "button",
    {
      type: "button",
      class: "thread-link",
      data: { focus: "thread" },
      onclick: () => openChannel("discord", found.id),
    },
    h("strong", {}, found.name),
    h("span", {}, `${found.message_count === 1 ? "1 Message" : `${found.message_count ?? 0} Messages`} ›`),
  );
}

/** Messages as rows of a list; `alone`: each with its name, as among pins. */
export function discordRows(messages, channel, { alone = false } = {}) {
  const names = namesPrint("discord");
  return messages.map((message, place) => {
    const compact = !alone && follows(message, messages[place - 1]);
    return {
      key: message.id,
      at: Date.parse(message.timestamp) / 1000,
      print: JSON.stringify(message) + compact + names,
      build: () => discordMessage(message, { channel, compact }),
    };
  });
}
