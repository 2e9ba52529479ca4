// Who and what an id stands for, on either platform.

import { state } from "./state.js";

const BOT_TINT = "#c8472f";
const TINTS = ["#56646f", "#7a5c8f", "#3f7a74", "#8f6a3a", "#4b6da3", "#8a4f62"];

/** A steady colour for a name that has none of its own. */
export function tint(name) {
  return TINTS[[...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7) % TINTS.length];
}

export function slackUser(id) {
  const one = state.common.people.find((each) => each.slack_id === id);
  if (one) return { name: one.name, colour: one.colour };
  if (id === state.slack?.bot.id) return { name: state.slack.bot.name, colour: BOT_TINT, bot: true };
  return { name: id, colour: tint(String(id)) };
}

export function slackChannel(id) {
  return state.slack?.channels.find((one) => one.id === id);
}

export function discordUser(id) {
  const one = state.common.people.find((each) => each.discord_id === id);
  if (one) return { name: one.name, colour: one.colour };
  const user = state.discord?.users[id];
  const name = user?.global_name ?? user?.username ?? String(id);
  return { name, colour: user?.bot ? BOT_TINT : tint(name), bot: user?.bot };
}

export function discordChannel(id) {
  return state.discord?.channels.find((one) => one.id === id);
}

export function role(id) {
  return state.discord?.roles.find((one) => one.id === id);
}

/** Changes when a name that messages may show has changed. */
export function namesPrint(platform) {
  const side = state[platform];
  return side
    ? `${state.me}|${side.channels.map((one) => one.name).join()}|${(side.roles ?? []).map((one) => one.name).join()}`
    : "";
}

const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** `@Ana Reyes` as the handle `@ana`, which Slack's client, and so the sandbox, makes a mention of. */
export function handles(text) {
  return state.common.people.reduce(
    (words, one) => words.replace(new RegExp(`@${escaped(one.name)}(?![\\w-])`, "gi"), `@${one.key}`),
    text,
  );
}

/** `@Ana Reyes`, `@ana` and `#channel` in what a person typed, as Discord's own tokens. */
export function tokens(text) {
  let words = text;
  for (const one of named()) {
    const names = [one.name, one.key].filter(Boolean).map(escaped).join("|");
    words = words.replace(
      new RegExp(`(^|[^\\w<@])@(?:${names})(?![\\w-])`, "gi"),
      (_, before) => `${before}<@${one.id}>`,
    );
  }
  for (const channel of [...state.discord.channels].sort((a, b) => b.name.length - a.name.length)) {
    if (channel.type === 4 || channel.type === 1) continue;
    words = words.replace(
      new RegExp(`(^|[^\\w<&#])#${escaped(channel.name)}(?![\\w-])`, "gi"),
      (_, before) => `${before}<#${channel.id}>`,
    );
  }
  return words;
}

function named() {
  const bots = Object.values(state.discord?.users ?? {})
    .filter((user) => user.bot)
    .map((user) => ({ name: user.username, id: user.id }));
  return [...state.common.people.map((one) => ({ name: one.name, key: one.key, id: one.discord_id })), ...bots];
}
