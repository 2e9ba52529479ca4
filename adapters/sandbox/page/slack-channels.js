// The Slack side's list of channels, and the way to the App Home.

import { h, icon, reconcile } from "./dom.js";
import { act, isUnread, openChannel, openPanel, person, state } from "./state.js";

export const HOME = "home";

export function drawChannels(parent, channel, atHome) {
  const side = state.slack;
  const me = person().slack_id;
  const member = (one) => one.members.includes(me);
  const groups = [
    ["Channels", (one) => !one.is_archived && !one.is_im && member(one)],
    ["More channels", (one) => !one.is_archived && !one.is_im && !member(one)],
    ["Direct messages", (one) => one.is_im && (one.latest || one.id === channel?.id)], // an empty one says nothing yet
    ["Archived", (one) => one.is_archived],
  ];
  const rows = [];
  for (const [title, belongs] of groups) {
    const some = side.channels.filter(belongs).sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
    if (!some.length) continue;
    rows.push({ key: title, print: title, build: () => h("h3", {}, title) });
    for (const one of some) rows.push(entry(one, !atHome && one.id === channel?.id, isUnread(one)));
  }
  rows.push({ key: "apps", print: "", build: () => h("h3", {}, "Apps") });
  rows.push({
    key: HOME,
    print: `${atHome}${side.bot.name}`,
    build: () =>
      h(
        "button",
        {
          type: "button",
          class: atHome ? "row here" : "row",
          "aria-current": atHome ? "page" : null,
          data: { testid: "slack-app-home", focus: HOME },
          onclick: openHome,
        },
        icon("bell", 16),
        h("span", {}, side.bot.name),
      ),
  });
  reconcile(parent, rows);
}

function entry(one, here, unread) {
  const sign = one.is_archived ? "archive" : one.is_private ? "lock" : "hash";
  const name = one.is_im ? state.slack.bot.name : one.name;
  const label = [name, one.is_private && "private", one.is_archived && "archived", unread && "unread"]
    .filter(Boolean)
    .join(", ");
  return {
    key: one.id,
    print: label + here,
    build: () =>
      h(
        "button",
        {
          type: "button",
          class: `row ${here ? "here" : ""} ${unread && !here ? "unread" : ""} ${one.is_archived ? "archived" : ""}`,
          "aria-label": label,
          "aria-current": here ? "page" : null,
          title: one.name,
          data: { testid: one.is_im ? "slack-dm" : `slack-channel-${one.name}`, focus: one.id },
          onclick: () => openChannel("slack", one.id),
        },
        one.is_im ? icon("bell", 16) : icon(sign, 16),
        h("span", {}, name),
      ),
  };
}

async function openHome() {
  await openPanel("slack", { kind: HOME });
  await act("slack", "open_home");
}
