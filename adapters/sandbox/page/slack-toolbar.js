// What one may do with a Slack message: the toolbar that follows the pointer and the focus, and its menu.

import { button, h, icon } from "./dom.js";
import { pickEmoji } from "./emoji.js";
import { unescaped } from "./mrkdwn.js";
import { menu } from "./popover.js";
import { act, openPanel, person, state } from "./state.js";

const ephemeral = (message) => Boolean(message.is_ephemeral);
const mine = (message) => message.user === person().slack_id && !message.bot_id;

export function react(anchor, where) {
  pickEmoji(anchor, (name) => act("slack", "react", { ...where, name }));
}

// One toolbar serves the whole page: it stands in the message that the pointer or the focus is on.
let bar = null;

export function toolbar(node, message, where, inThread) {
  if (bar?.parentNode === node || document.querySelector(".popover")) return;
  bar?.remove();
  const shortcuts = state.slack.shortcuts.filter((one) => one.type === "message");
  bar = h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    ephemeral(message)
      ? null
      : button("Add reaction", { onclick: (event) => react(event.currentTarget, where) }, icon("smile")),
    inThread || ephemeral(message)
      ? null
      : button(
          "Reply in thread",
          { onclick: () => openPanel("slack", { kind: "thread", id: message.thread_ts ?? message.ts }) },
          icon("thread"),
        ),
    ephemeral(message)
      ? null
      : shortcuts.slice(0, 1).map((one) => button(one.name, { onclick: () => shortcut(one, where) }, icon("mega"))),
    button(
      "More actions",
      { onclick: (event) => menu(event.currentTarget, entries(message, where, shortcuts), "Message actions") },
      icon("more"),
    ),
  );
  node.append(bar);
}

const shortcut = (one, where) =>
  act("slack", "shortcut", { callback_id: one.callback_id, channel: where.channel, ts: where.ts });

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
  const field = h("textarea", {
    class: "edit",
    "aria-label": "Edit message",
    value: unescaped(message.text),
    rows: 2,
    onkeydown: (event) => {
      if (event.key === "Escape") text.replaceChildren(...was);
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      act("slack", "edit", { ...where, text: field.value });
    },
  });
  text.replaceChildren(field);
  field.focus();
}
