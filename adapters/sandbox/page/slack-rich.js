// Rich text as Slack writes it: sections, lists, quotes, and the pieces inside them.

import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelLink, mention, mrkdwn } from "./mrkdwn.js";

const RICH = { rich_text_preformatted: "pre", rich_text_quote: "blockquote", rich_text_section: "div" };

export function rich(part) {
  if (part.type === "rich_text_list")
    return h(
      part.style === "ordered" ? "ol" : "ul",
      {},
      part.elements.map((item) => h("li", {}, item.elements.map(piece))),
    );
  return h(RICH[part.type] ?? "div", {}, (part.elements ?? []).map(piece));
}

const PIECES = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text ?? part.url),
  user: (part) => mention(part.user_id),
  channel: (part) => channelLink(part.channel_id),
  emoji: (part) => emoji(part.name) ?? `:${part.name}:`,
  broadcast: (part) => h("span", { class: "mention loud" }, `@${part.range}`),
  usergroup: (part) => h("span", { class: "mention" }, `@${part.usergroup_id}`),
  date: (part) => mrkdwn(`<!date^${part.timestamp}^${part.format}|${part.fallback ?? ""}>`),
};

function piece(part) {
  const style = part.style ?? {};
  const tag = (style.code && "code") || (style.bold && "strong") || (style.italic && "em") || (style.strike && "s");
  const inside = PIECES[part.type]?.(part) ?? part.text ?? "";
  return tag ? h(tag, {}, inside) : inside;
}
