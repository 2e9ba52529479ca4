// Slack's mrkdwn, and its angle-bracket tokens, as document nodes.

import { DAY, SHORT, SECONDS, TIME, ago, dayOf, say, ticking } from "./clock.js";
import { slackChannel, slackUser } from "./directory.js";
import { h, icon, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { openChannel, person } from "./state.js";

const SPAN =
  /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):|(https?:\/\/[^\s<>|*`]+[^\s<>|*`.,;:!?)'"])|([*_~])(?=\S)([^\n]*?\S)\6(?![\p{L}\p{N}])/u;
const TAGS = { "*": "strong", _: "em", "~": "s" };

export function unescaped(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** Text with mrkdwn, lines and quotes kept. */
export function mrkdwn(text) {
  const nodes = [];
  let quoted = null;
  for (const piece of String(text ?? "").split(/(```[\s\S]+?```)/)) {
    if (piece.startsWith("```") && piece.length > 6) {
      quoted = null;
      nodes.push(h("pre", {}, unescaped(piece.slice(3, -3).replace(/^\n/, ""))));
      continue;
    }
    const lines = piece.split("\n");
    lines.forEach((line, place) => {
      const quote = /^(?:>|&gt;) ?(.*)$/.exec(line);
      if (quote) {
        if (quoted) quoted.append(h("br"));
        else nodes.push((quoted = h("blockquote")));
        quoted.append(...inline(quote[1]));
        return;
      }
      const after = quoted !== null;
      quoted = null;
      if (after && line === "") return;
      nodes.push(...inline(line));
      if (place < lines.length - 1) nodes.push(h("br"));
    });
  }
  while (nodes.at(-1)?.nodeName === "BR") nodes.pop();
  return nodes;
}

/** Text without formatting, but with its emoji: Slack's `plain_text`. */
export function plain(text, withEmoji = true) {
  const words = unescaped(String(text ?? ""));
  return withEmoji ? words.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole) : words;
}

/** A text object of Block Kit, or a bare string. */
export function textOf(object) {
  if (!object) return [];
  if (typeof object === "string") return mrkdwn(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : lines(plain(object.text, object.emoji !== false));
}

function lines(text) {
  return text.split("\n").flatMap((line, place) => (place ? [h("br"), line] : [line]));
}

function inline(text) {
  const nodes = [];
  let rest = text;
  let before = "";
  while (rest) {
    const found = SPAN.exec(rest);
    if (!found) break;
    const [whole, block, code, token, short, bare, mark, inner] = found;
    const ahead = rest.slice(0, found.index);
    const last = (before + ahead).slice(-1);
    const inWord = mark && /[\p{L}\p{N}*_~]/u.test(last);
    if (ahead) nodes.push(unescaped(ahead));
    if (inWord) {
      nodes.push(mark);
      rest = rest.slice(found.index + 1);
      before = mark;
      continue;
    }
    if (block) nodes.push(h("pre", {}, unescaped(block)));
    else if (code) nodes.push(h("code", {}, unescaped(code)));
    else if (token) nodes.push(angle(token));
    else if (short) nodes.push(emoji(short) ? h("span", { class: "emoji", title: `:${short}:` }, emoji(short)) : whole);
    else if (bare) nodes.push(link(unescaped(bare)));
    else nodes.push(h(TAGS[mark], {}, inline(inner)));
    rest = rest.slice(found.index + whole.length);
    before = whole;
  }
  if (rest) nodes.push(unescaped(rest));
  return nodes;
}

/** What stands between `<` and `>`: a mention, a channel, a date, a link. */
function angle(token) {
  const bar = token.indexOf("|");
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? "" : unescaped(token.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, label || `@${target.slice(9)}`);
  if (target.startsWith("!"))
    return h(
      "span",
      { class: "mention loud" },
      label && !/^!(here|channel|everyone)/.test(target) ? label : `@${target.slice(1)}`,
    );
  const url = unescaped(target);
  return link(url, label || url.replace(/^mailto:/, ""));
}

export function mention(id) {
  return h(
    "span",
    { class: id === person().slack_id ? "mention mine" : "mention", title: id },
    `@${slackUser(id).name}`,
  );
}

export function channelLink(id, label = "") {
  const channel = slackChannel(id);
  const sign = channel?.is_private ? icon("lock", 12) : "#";
  const words = channel?.name ?? (label || "private channel");
  if (!channel) return h("span", { class: "mention" }, sign, words);
  return h(
    "button",
    { type: "button", class: "mention channel", onclick: () => openChannel("slack", id) },
    sign,
    words,
  );
}

const FORMS = {
  date_num: (at) => say(at, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-"),
  date: (at) => say(at, DAY),
  date_short: (at) => say(at, SHORT),
  date_long: (at) => say(at, { weekday: "long", ...DAY }),
  date_pretty: (at) => lower(dayOf(at, DAY)),
  date_short_pretty: (at) => lower(dayOf(at, SHORT)),
  date_long_pretty: (at) => lower(dayOf(at, { weekday: "long", ...DAY })),
  time: (at) => say(at, TIME),
  time_secs: (at) => say(at, SECONDS),
  ago,
};
const lower = (words) => words.replace(/^(Today|Yesterday|Tomorrow)$/, (word) => word.toLowerCase());

function date(target, fallback) {
  const [, stamp, form = "", url] = target.split("^");
  const at = Number(stamp);
  if (!Number.isFinite(at) || !form) return fallback;
  const words = (seconds) => form.replace(/\{(\w+)\}/g, (whole, name) => FORMS[name]?.(seconds) ?? whole);
  const node = ticking(at, words, form.includes("{ago}") ? "moment relative" : "moment");
  return url ? link(url, node) : node;
}
