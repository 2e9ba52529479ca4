// Discord's Markdown, and its angle-bracket tokens, as document nodes.

import { SECONDS, SHORT, DAY, TIME, ago, say, ticking } from "./clock.js";
import { discordChannel, discordUser, role } from "./directory.js";
import { h, icon, link } from "./dom.js";
import { openChannel, person, state } from "./state.js";

const SPAN = new RegExp(
  [
    /\\([^\p{L}\p{N}\s])/,
    /``(.+?)``|`([^`]+)`/,
    /<(a?:\w+:\d+|@!?\d+|@&\d+|#\d+|t:-?\d+(?::[tTdDfFRsS])?|\/[^:>]+:\d+|https?:\/\/[^\s<>]+)>/,
    /\[((?:[^\[\]\\]|\\.)+)\]\(<?(https?:\/\/[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\)/,
    /(https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]])/,
    /\|\|([\s\S]+?)\|\|/,
    /\*\*\*([\s\S]+?)\*\*\*/,
    /\*\*([\s\S]+?)\*\*(?!\*)/,
    /__([\s\S]+?)__(?!_)/,
    /~~([\s\S]+?)~~/,
    /\*(?=\S)([^*\n]*?\S)\*(?!\*)/,
    /\b_(?=\S)([^_]*?\S)_\b/,
    /@(everyone|here)\b/,
  ]
    .map((one) => one.source)
    .join("|"),
  "u",
);

/** Content of a message or an embed. `links`: whether masked links are links (in embeds and from bots they are). */
export function markdown(text) {
  const nodes = [];
  for (const piece of String(text ?? "").split(/(```[\s\S]+?```)/)) {
    const fence = /^```(?:(\w[\w+-]*)\n)?([\s\S]+?)```$/.exec(piece);
    if (fence) nodes.push(h("pre", {}, h("code", {}, fence[2].replace(/^\n/, "").replace(/\n$/, ""))));
    else if (piece) nodes.push(...blocks(piece.replace(nodes.length ? /^\n/ : /^$/, "")));
  }
  return nodes;
}

const KINDS = [
  [/^(#{1,3}) +(.+)$/, (found) => h(`h${found[1].length + 2}`, { class: `md-h${found[1].length}` }, inline(found[2]))],
  [/^-# +(.+)$/, (found) => h("small", { class: "subtext" }, inline(found[1]))],
];
const ITEM = /^(\s*)(?:([-*])|(\d+)\.) +(.*)$/;
const QUOTE = /^> ?(.*)$/;

function blocks(text) {
  const nodes = [];
  const lines = text.split("\n");
  for (let place = 0; place < lines.length; place += 1) {
    const line = lines[place];
    if (line.startsWith(">>> "))
      return [...nodes, h("blockquote", {}, blocks([line.slice(4), ...lines.slice(place + 1)].join("\n")))];
    if (QUOTE.test(line) && line.startsWith("> ")) {
      const quoted = [];
      for (; place < lines.length && lines[place].startsWith("> "); place += 1)
        quoted.push(QUOTE.exec(lines[place])[1]);
      place -= 1;
      nodes.push(h("blockquote", {}, blocks(quoted.join("\n"))));
    } else if (ITEM.test(line)) {
      const first = ITEM.exec(line);
      const list = h(first[3] ? "ol" : "ul", first[3] ? { start: first[3] } : {});
      for (; place < lines.length && ITEM.test(lines[place]); place += 1) {
        const item = ITEM.exec(lines[place]);
        list.append(h("li", { class: item[1].length > 1 ? "deep" : "" }, inline(item[4])));
      }
      place -= 1;
      nodes.push(list);
    } else {
      const kind = KINDS.find(([pattern]) => pattern.test(line));
      if (kind) nodes.push(kind[1](kind[0].exec(line)));
      else nodes.push(...inline(line), ...(place < lines.length - 1 ? [h("br")] : []));
    }
  }
  return nodes;
}

export function inline(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const found = SPAN.exec(rest);
    if (!found) break;
    if (found.index) nodes.push(rest.slice(0, found.index));
    nodes.push(span(found));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) nodes.push(rest);
  return nodes;
}

function span([
  whole,
  escape,
  code2,
  code,
  token,
  label,
  url,
  bare,
  spoiler,
  both,
  bold,
  under,
  strike,
  star,
  low,
  all,
]) {
  if (escape) return escape;
  if (code2 ?? code) return h("code", {}, (code2 ?? code).trim());
  if (token) return angle(token, whole);
  if (url) return link(url, inline(label));
  if (bare) return link(bare);
  if (spoiler) return hidden(spoiler);
  if (both) return h("strong", {}, h("em", {}, inline(both)));
  if (bold) return h("strong", {}, inline(bold));
  if (under) return h("u", {}, inline(under));
  if (strike) return h("s", {}, inline(strike));
  if (star ?? low) return h("em", {}, inline(star ?? low));
  return all ? h("span", { class: "mention" }, `@${all}`) : whole;
}

function hidden(text) {
  const node = h(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Spoiler" },
    h("span", {}, inline(text)),
  );
  const reveal = () => {
    node.classList.add("open");
    node.removeAttribute("aria-label");
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && reveal());
  return node;
}

function angle(token, whole) {
  if (token.startsWith("t:")) return moment(token);
  if (token.startsWith("@&")) return roleMention(token.slice(2));
  if (token.startsWith("@")) return mention(token.replace(/^@!?/, ""));
  if (token.startsWith("#")) return channelLink(token.slice(1));
  if (token.startsWith("/")) return h("span", { class: "mention" }, token.replace(/:\d+$/, ""));
  if (token.startsWith("http")) return link(token);
  return h("span", { class: "emoji", title: whole }, `:${token.split(":")[1]}:`);
}

export function mention(id) {
  return h(
    "span",
    { class: id === person().discord_id ? "mention mine" : "mention", title: id },
    `@${discordUser(id).name}`,
  );
}

function roleMention(id) {
  const found = role(id);
  return h("span", { class: "mention", title: id }, `@${found?.name.replace(/^@/, "") ?? "deleted-role"}`);
}

export function channelLink(id) {
  const channel = discordChannel(id);
  if (!channel) return h("span", { class: "mention" }, "#No Access");
  const sign = [10, 11, 12].includes(channel.type) ? icon("thread", 14) : "#";
  return h(
    "button",
    { type: "button", class: "mention channel", onclick: () => openChannel("discord", id) },
    sign,
    channel.name,
  );
}

const DAYNUM = { day: "2-digit", month: "2-digit", year: "numeric" };
const STYLES = {
  t: (at) => say(at, TIME),
  T: (at) => say(at, SECONDS),
  d: (at) => say(at, DAYNUM),
  D: (at) => say(at, DAY),
  f: (at) => `${say(at, DAY)} ${say(at, TIME)}`,
  F: (at) => `${say(at, { weekday: "long", ...DAY })} ${say(at, TIME)}`,
  s: (at) => `${say(at, DAYNUM)}, ${say(at, TIME)}`,
  S: (at) => `${say(at, DAYNUM)}, ${say(at, SECONDS)}`,
  R: ago,
};

function moment(token) {
  const [, stamp, style = "f"] = token.split(":");
  return ticking(Number(stamp), STYLES[style], style === "R" ? "moment relative" : "moment");
}

/** When a message was written, as Discord shows it beside the name. */
export function written(at) {
  const day = say(at, SHORT);
  const nowDay = say(Date.parse(state.common.clock.now) / 1000, SHORT);
  return day === nowDay ? `Today at ${say(at, TIME)}` : `${say(at, DAYNUM)} ${say(at, TIME)}`;
}
