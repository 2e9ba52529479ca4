// An attachment of a Slack message: the older way to say something beside a coloured bar.

import { TIME, dayOf, say } from "./clock.js";
import { h, link, picture } from "./dom.js";
import { mrkdwn, plain, unescaped } from "./mrkdwn.js";
import { blocks } from "./slack-blocks.js";

const COLOURS = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };

function colour(value) {
  const given = COLOURS[value] ?? (/^#?[0-9a-f]{6}$/i.test(value ?? "") ? `#${value.replace("#", "")}` : null);
  return given ?? "var(--line-strong)";
}

export function attachment(one, press) {
  const title = one.title
    ? h(
        "div",
        { class: "a-title" },
        one.title_link ? link(unescaped(one.title_link), plain(one.title)) : plain(one.title),
      )
    : null;
  return h(
    "div",
    { class: "attachment-wrap" },
    one.pretext ? h("div", { class: "text" }, mrkdwn(one.pretext)) : null,
    h(
      "div",
      { class: "attachment", style: { "--bar": colour(one.color) } },
      one.author_name
        ? h(
            "div",
            { class: "a-author" },
            one.author_link ? link(one.author_link, one.author_name) : plain(one.author_name),
          )
        : null,
      title,
      one.text ? h("div", { class: "text" }, mrkdwn(one.text)) : null,
      one.blocks ? h("div", { class: "blocks" }, blocks(one.blocks, press)) : null,
      one.fields?.length
        ? h(
            "div",
            { class: "a-fields" },
            one.fields.map((field) =>
              h(
                "div",
                { class: field.short ? "short" : "" },
                h("strong", {}, plain(field.title)),
                h("div", {}, mrkdwn(field.value)),
              ),
            ),
          )
        : null,
      one.image_url ? picture(one.image_url, one.fallback, "wide") : null,
      !one.text && !one.blocks && !one.title && !one.fields?.length && one.fallback
        ? h("div", { class: "text" }, mrkdwn(one.fallback))
        : null,
      one.footer || one.ts
        ? h(
            "div",
            { class: "a-footer" },
            plain(one.footer ?? ""),
            one.ts ? ` · ${dayOf(Number(one.ts))} at ${say(Number(one.ts), TIME)}` : "",
          )
        : null,
    ),
  );
}
