// What one may do with a Discord message: the toolbar that follows the pointer and the focus, and its menus.

import { tokens } from "./directory.js";
import { button, h, icon } from "./dom.js";
import { emoji, pickEmoji, spelled } from "./emoji.js";
import { menu } from "./popover.js";
import { act, person, state } from "./state.js";

const ephemeral = (message) => Boolean((message.flags ?? 0) & 64);

export const react = (anchor, where) =>
  pickEmoji(anchor, (name) => act("discord", "react", { ...where, emoji: emoji(name) }));

// One toolbar serves the whole page: it stands in the message that the pointer or the focus is on.
let bar = null;

export function toolbar(node, message, where) {
  if (bar?.parentNode === node || document.querySelector(".popover")) return;
  bar?.remove();
  const shared = !ephemeral(message);
  bar = h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    shared
      ? ["white_check_mark", "eyes", "alarm_clock"].map((name) =>
          button(
            `React with ${name}`,
            { class: "quick", onclick: () => act("discord", "react", { ...where, emoji: emoji(name) }) },
            emoji(name),
          ),
        )
      : null,
    shared ? button("Add reaction", { onclick: (event) => react(event.currentTarget, where) }, icon("smile")) : null,
    shared && apps().length
      ? button(
          "Apps",
          {
            onclick: (event) =>
              menu(
                event.currentTarget,
                apps().map((one) => [one.name, () => use(one, where)]),
                "Apps",
              ),
          },
          icon("apps"),
        )
      : null,
    button(
      "More actions",
      { onclick: (event) => menu(event.currentTarget, entries(message, where), "Message actions") },
      icon("more"),
    ),
  );
  node.append(bar);
}

const apps = () => state.discord.commands.filter((one) => one.type === 3);
const use = (one, where) => act("discord", "message_command", { ...where, name: one.name });

function entries(message, where) {
  const list = [["Copy text", () => navigator.clipboard?.writeText(message.content ?? "")]];
  if (ephemeral(message)) return list;
  for (const one of apps()) list.unshift([one.name, () => use(one, where)]);
  if (message.author.id === person().discord_id)
    list.push(
      ["Edit message", () => editing(message, where)],
      ["Delete message", () => act("discord", "delete", where), "danger"],
    );
  return list;
}

function editing(message, where) {
  const text = document.querySelector(`.discord .msg[data-id="${CSS.escape(message.id)}"] .text`);
  if (!text) return;
  const was = [...text.childNodes];
  const field = h("textarea", {
    class: "edit",
    "aria-label": "Edit message",
    value: message.content,
    rows: 2,
    onkeydown: (event) => {
      if (event.key === "Escape") text.replaceChildren(...was);
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      act("discord", "edit", { ...where, content: tokens(spelled(field.value)) });
    },
  });
  text.replaceChildren(field, h("small", { class: "quiet" }, "escape to cancel • enter to save"));
  field.focus();
}
