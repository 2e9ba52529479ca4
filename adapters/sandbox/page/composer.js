// What both composers share: a field that grows, keeps its text for each channel, completes names, and sends on Enter.

import { discordChannel } from "./directory.js";
import { h } from "./dom.js";
import { emoji, EMOJI } from "./emoji.js";
import { Suggestions } from "./suggestions.js";
import { avatar } from "./people.js";
import { state } from "./state.js";

/** Text that was begun and not sent, by who and where. */
const drafts = new Map();

export class Composer {
  /** `platform`: whose side; `place()`: the channel or thread it writes to; `send(text)`: what Enter does. */
  constructor(platform, { testid, place, send, more }) {
    this.platform = platform;
    this.place = place;
    this.send = send;
    this.more = more ?? (() => null);
    this.field = h("textarea", {
      rows: 1,
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      autocomplete: "off",
      data: { testid },
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onblur: () => this.menu.hide(),
    });
    this.menu = new Suggestions(this.field, `${testid} suggestions`);
    this.field.setAttribute("aria-controls", this.menu.id);
    this.key_ = null;
  }

  /** Called at each drawing; moves to another channel's draft when the place has changed. */
  settle(label, placeholder) {
    this.field.setAttribute("aria-label", label);
    this.field.placeholder = placeholder;
    const key = `${this.platform}/${state.me}/${this.place()}`;
    if (key === this.key_) return false;
    if (this.key_) drafts.set(this.key_, this.field.value);
    this.key_ = key;
    this.field.value = drafts.get(key) ?? "";
    this.menu.hide();
    this.grow();
    return true;
  }

  put(text) {
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
    this.field.focus();
    this.typed();
  }

  typed() {
    this.grow();
    const offered = this.more(this.field.value) ?? { entries: this.names() };
    this.menu.show(offered.entries, offered);
  }

  /** As tall as its text; measured only where it is laid out, for a hidden field has no lines. */
  grow() {
    this.field.style.height = "auto";
    if (!this.field.value || !this.field.clientWidth) return;
    this.field.style.height = `${Math.min(this.field.scrollHeight, 200)}px`;
  }

  async key(event) {
    if (event.isComposing || this.menu.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    const text = this.field.value;
    if (!text.trim()) return;
    this.field.value = "";
    this.menu.hide();
    this.grow();
    await this.send(text.trim());
  }

  /** Completion of `@person`, `#channel` and `:emoji:` before the cursor. */
  names() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const found = /(^|\s)([@#:])([\p{L}\p{N}_+-]*)$/u.exec(before);
    if (!found) return [];
    const [, , sign, begun] = found;
    const entries = { "@": people, "#": channels, ":": smileys }[sign](begun.toLowerCase(), this.platform);
    const from = before.length - begun.length - 1;
    return entries.slice(0, 8).map(({ word, content }) => ({
      label: word,
      content,
      does: () => {
        const text = `${this.field.value.slice(0, from)}${word} ${this.field.value.slice(this.field.selectionStart)}`;
        this.field.value = text;
        this.field.setSelectionRange(from + word.length + 1, from + word.length + 1);
        this.typed();
      },
    }));
  }
}

function people(begun) {
  const all = state.common.people.filter(
    (one) =>
      one.key.startsWith(begun) ||
      one.name
        .toLowerCase()
        .split(" ")
        .some((part) => part.startsWith(begun)),
  );
  return all.map((one) => ({
    word: `@${one.name}`,
    content: [avatar(one.name, one.colour, "mini"), h("strong", {}, one.name), h("span", {}, one.key)],
  }));
}

function channels(begun, platform) {
  const open = state[platform].channels.filter(
    (one) => one.name && one.type !== 4 && one.name.toLowerCase().includes(begun),
  );
  return open.map((one) => ({
    word: `#${one.name}`,
    content: [
      h("strong", {}, `#${one.name}`),
      h("span", {}, platform === "discord" ? (discordChannel(one.parent_id)?.name ?? "") : ""),
    ],
  }));
}

function smileys(begun) {
  if (begun.length < 2) return [];
  return [...EMOJI.keys()]
    .filter((name) => name.includes(begun))
    .map((name) => ({
      word: `:${name}:`,
      content: [h("span", { class: "emoji" }, emoji(name)), h("strong", {}, `:${name}:`)],
    }));
}
