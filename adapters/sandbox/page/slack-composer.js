// What is typed on the Slack side: words, slash commands, and the shortcuts beside them.

import { handles } from "./directory.js";
import { h, icon, toast } from "./dom.js";
import { menu } from "./popover.js";
import { act, state } from "./state.js";

/** Post words, or send a slash command. */
export async function send(text, where) {
  if (!text.startsWith("/")) return act("slack", "post", { ...where, text: handles(text) });
  const [command, ...words] = text.split(" ");
  const asTyped = handles(words.join(" "));
  const delivery = await act("slack", "command", { channel: where.channel, text: asTyped, command });
  if (delivery && !delivery.acked)
    toast(`${command} failed with the error “${delivery.error || "operation_timeout"}”.`, "bad");
  return delivery;
}

/** What the app's commands offer for what is typed so far. `put` writes into the field. */
export function commands(text, put) {
  if (!text.startsWith("/")) return null;
  const typed = text.split(" ")[0];
  const all = state.slack.commands.filter((one) => one.command.startsWith(typed));
  const hint = (one) => [
    h("span", { class: "app-mark" }, icon("bell", 16)),
    h("strong", {}, one.command),
    h("em", {}, one.usage_hint ?? ""),
    h("span", {}, one.description ?? ""),
  ];
  if (text.includes(" "))
    return {
      eager: false,
      title: "",
      entries: all
        .filter((one) => one.command === typed)
        .map((one) => ({ label: one.command, content: hint(one), does: () => {} }))
        .slice(0, text.trim() === typed ? 1 : 0),
    };
  return {
    eager: !all.some((one) => one.command === text),
    title: "Commands",
    entries: all.map((one) => ({
      label: one.command,
      content: hint(one),
      does: () => put(`${one.command} `),
    })),
  };
}

/** The app's shortcuts that need no message. */
export function shortcuts(anchor) {
  const all = state.slack.shortcuts.filter((one) => one.type === "global");
  if (!all.length) return toast("The app has no global shortcuts.");
  return menu(
    anchor,
    all.map((one) => [one.name, () => act("slack", "shortcut", { callback_id: one.callback_id })]),
    "Shortcuts",
  );
}
