// What may be typed next, offered above a text field and chosen with its keys.

import { h } from "./dom.js";

/** A menu of suggestions under the keys of a text field. */
export class Suggestions {
  constructor(field, label) {
    this.field = field;
    this.id = `suggest-${label.replace(/\W+/g, "-").toLowerCase()}`;
    this.node = h("div", { class: "suggestions", role: "listbox", id: this.id, "aria-label": label, hidden: true });
    this.entries = [];
    this.at = -1;
  }

  get open() {
    return !this.node.hidden;
  }

  /** Entries: {content: nodes, does(), label}. `eager` marks the first one already. */
  show(entries, { eager = true, title = "" } = {}) {
    this.entries = entries;
    this.at = eager && entries.length ? 0 : -1;
    this.node.hidden = !entries.length;
    this.node.replaceChildren(
      ...(title ? [h("div", { class: "s-title" }, title)] : []),
      ...entries.map((entry, place) =>
        h(
          "div",
          {
            role: "option",
            id: `${this.id}-${place}`,
            class: "s-entry",
            "aria-label": entry.label,
            "aria-selected": "false",
            onpointerdown: (event) => {
              event.preventDefault();
              this.choose(place);
            },
          },
          entry.content,
        ),
      ),
    );
    this.mark();
  }

  hide() {
    this.show([]);
  }

  choose(place = this.at) {
    const entry = this.entries[place];
    if (!entry) return false;
    this.hide();
    entry.does();
    return true;
  }

  mark() {
    this.node.querySelectorAll("[role=option]").forEach((node, place) => {
      node.setAttribute("aria-selected", String(place === this.at));
      if (place === this.at) node.scrollIntoView({ block: "nearest" });
    });
    this.field.setAttribute("aria-expanded", String(this.open));
    if (this.at >= 0) this.field.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  /** Whether the key was meant for the menu. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const many = this.entries.length;
    if (step) this.at = this.at < 0 ? (step > 0 ? 0 : many - 1) : (this.at + step + many) % many;
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Tab" && !event.shiftKey) this.choose(Math.max(this.at, 0));
    else if (event.key !== "Enter" || event.shiftKey || !this.choose()) return false;
    event.preventDefault();
    if (step) this.mark();
    return true;
  }
}
