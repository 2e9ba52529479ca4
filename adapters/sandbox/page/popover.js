// Small windows beside a control: menus and pickers. Escape or a press elsewhere closes them.

import { h } from "./dom.js";

let open = null;

export function popover(anchor, content) {
  open?.close();
  const node = h("div", { class: "popover", role: "dialog" }, content);
  const side = anchor.closest(".side");
  if (side) node.classList.add(side.id);
  document.body.append(node);
  place(node, anchor);
  const back = document.activeElement;
  const close = () => {
    if (open?.node !== node) return;
    open = null;
    node.remove();
    anchor.classList?.remove("held");
    if (back?.isConnected && (document.activeElement === document.body || !document.activeElement))
      back.focus({ preventScroll: true });
  };
  anchor.classList?.add("held");
  open = { node, close };
  return open;
}

function place(node, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: wide, offsetHeight: high } = node;
  const left = Math.max(8, Math.min(at.right - wide, innerWidth - wide - 8));
  const below = at.bottom + 6 + high <= innerHeight;
  node.style.left = `${Math.max(left, Math.min(at.left, innerWidth - wide - 8) * (at.left < wide ? 1 : 0))}px`;
  node.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - high - 6)}px`;
}

/** A menu of `[label, does, tone?]`; arrow keys move, Enter chooses. */
export function menu(anchor, entries, label = "Menu") {
  const items = entries.map(([words, does, tone]) =>
    h(
      "button",
      {
        type: "button",
        role: "menuitem",
        class: tone ?? "",
        onclick: () => {
          box.close();
          does();
        },
      },
      words,
    ),
  );
  const box = popover(
    anchor,
    h(
      "div",
      {
        class: "menu",
        role: "menu",
        "aria-label": label,
        onkeydown: (event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (!step) return;
          event.preventDefault();
          items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
        },
      },
      items,
    ),
  );
  items[0]?.focus();
  return box;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && open) {
      event.stopPropagation();
      open.close();
    }
  },
  true,
);
document.addEventListener(
  "pointerdown",
  (event) => {
    if (open && !open.node.contains(event.target)) open.close();
  },
  true,
);
