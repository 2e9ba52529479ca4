// The Discord side's list: categories that fold, their channels, and the threads below those.

import { h, icon, reconcile } from "./dom.js";
import { isUnread, notify, openChannel, state } from "./state.js";

const CATEGORY = 4;
export const THREADS = [10, 11, 12];
const folded = new Set();

const byPosition = (a, b) => (a.position ?? 0) - (b.position ?? 0) || (BigInt(a.id) < BigInt(b.id) ? -1 : 1);

export function drawChannels(parent, channel) {
  const all = state.discord.channels;
  const rows = [];
  const put = (one) => {
    rows.push(entry(one, one.id === channel?.id));
    for (const thread of all.filter(
      (each) =>
        THREADS.includes(each.type) &&
        each.parent_id === one.id &&
        (!each.thread_metadata?.archived || each.id === channel?.id),
    ))
      rows.push(entry(thread, thread.id === channel?.id));
  };
  const plain = (parent) =>
    all
      .filter((one) => one.type !== CATEGORY && !THREADS.includes(one.type) && (one.parent_id ?? null) === parent)
      .sort(byPosition);
  plain(null).forEach(put);
  for (const category of all.filter((one) => one.type === CATEGORY).sort(byPosition)) {
    const shut = folded.has(category.id);
    rows.push({
      key: category.id,
      print: `${category.name}${shut}`,
      build: () =>
        h(
          "button",
          {
            type: "button",
            class: "category",
            "aria-expanded": String(!shut),
            data: { focus: category.id },
            onclick: () => {
              if (!folded.delete(category.id)) folded.add(category.id);
              notify();
            },
          },
          icon(shut ? "right" : "down", 12),
          h("span", {}, category.name),
        ),
    });
    if (!shut) plain(category.id).forEach(put);
  }
  reconcile(parent, rows);
}

export const signOf = (one) =>
  THREADS.includes(one.type)
    ? "thread"
    : one.type === 1
      ? "bell"
      : one.type === 5
        ? "mega"
        : one.private
          ? "lock"
          : "hash";

function entry(one, here) {
  const unread = !here && isUnread(one);
  const label = [one.name, one.private && "private", unread && "unread"].filter(Boolean).join(", ");
  return {
    key: one.id,
    print: `${label}${here}${one.type}`,
    build: () =>
      h(
        "button",
        {
          type: "button",
          class: `row ${here ? "here" : ""} ${unread ? "unread" : ""} ${THREADS.includes(one.type) ? "in-thread" : ""}`,
          "aria-label": label,
          "aria-current": here ? "page" : null,
          title: one.name,
          data: { testid: `discord-channel-${one.name}`, focus: one.id },
          onclick: () => openChannel("discord", one.id),
        },
        icon(signOf(one), 18),
        h("span", {}, one.name),
      ),
  };
}
