// Building and updating the document. Text only ever becomes text nodes; nothing here parses markup.

export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) set(node, key, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === "class") node.className = value;
  else if (key === "value") node.value = value;
  else if (key === "style") for (const [name, v] of Object.entries(value)) node.style.setProperty(name, v);
  else if (key === "data") Object.assign(node.dataset, value);
  else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else node.setAttribute(key, value === true ? "" : String(value));
}

/** Only these may be followed; anything else that calls itself a link is shown as text. */
export function safe(url) {
  return /^(https?:|mailto:)/i.test(String(url ?? "").trim()) ? String(url).trim() : null;
}

export function link(url, ...children) {
  const href = safe(url);
  const inside = children.length ? children : [String(url)];
  return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, inside) : h("span", {}, inside);
}

/** A picture from this sandbox; one from elsewhere is named, not fetched: the page reaches nobody else. */
export function picture(url, alt, className) {
  const here = String(url ?? "").startsWith(`${location.origin}/`) || String(url ?? "").startsWith("data:image/");
  if (here) return h("img", { src: url, alt: alt || "", class: className });
  return h(
    "span",
    { class: `picture ${className}`, role: "img", "aria-label": alt || "picture" },
    icon("image"),
    link(url, alt || url),
  );
}

export function button(label, props, ...children) {
  return h(
    "button",
    { type: "button", "aria-label": children.length ? label : null, title: children.length ? label : null, ...props },
    children.length ? children : label,
  );
}

/**
 * Make `parent` hold one node for each item, in order, re-building only those whose print changed.
 * Rows: {key, print, build()}. The focus inside a re-built row goes to the element with the same data-focus.
 */
export function reconcile(parent, rows) {
  const had = parent.rows ?? new Map();
  const has = new Map();
  let place = parent.firstChild;
  for (const row of rows) {
    let held = had.get(row.key);
    if (!held || held.print !== row.print) {
      const focus = held?.node.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
      const node = row.build();
      if (held) {
        if (place === held.node) place = held.node.nextSibling;
        held.node.remove();
      }
      held = { node, print: row.print, focus };
    }
    if (held.node === place) place = place.nextSibling;
    else parent.insertBefore(held.node, place);
    if (held.focus) held.node.querySelector(`[data-focus="${CSS.escape(held.focus)}"]`)?.focus({ preventScroll: true });
    held.focus = null;
    has.set(row.key, held);
  }
  for (const [key, held] of had) if (!has.has(key)) held.node.remove();
  parent.rows = has;
}

/** Replace all children, unless what they were made of is as before. */
export function redraw(parent, print, build) {
  if (parent.print === print) return false;
  const focus = parent.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  parent.print = print;
  parent.replaceChildren(...[build()].flat(Infinity).filter(Boolean));
  if (focus) parent.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  return true;
}

export function toast(text, tone = "calm") {
  const node = h("div", { class: `toast ${tone}` }, text);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), tone === "bad" ? 7000 : 3500);
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  hash: "M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  pin: "M9 4h6l-.7 6 3.2 3.5H6.5L9.7 10zM12 13.5V20",
  mark: "M7 4h10v16l-5-4-5 4z",
  archive: "M4 5h16v4H4zM5.5 9v10h13V9M10 13h4",
  smile: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14.5c1.8 2.6 5.2 2.6 7 0M9 9.5v.4M15 9.5v.4",
  reply: "M9 6 4 11l5 5M4.5 11H14a6 6 0 0 1 6 6v1",
  thread: "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5",
  more: "M4.5 12h1M11.5 12h1M18.5 12h1",
  bolt: "M13 3 5 13.5h6L10 21l8-10.5h-6z",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9.5l6 6 6-6",
  right: "M9.5 6l6 6-6 6",
  plus: "M12 5v14M5 12h14",
  send: "M4 4l17 8-17 8 3-8zM7 12h14",
  users:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.4a3.5 3.5 0 0 1 0 6.2M18 14.5c2 .8 3.2 2.6 3.5 5.5",
  home: "M4 11l8-7 8 7v9h-5.5v-6h-5v6H4z",
  bell: "M12 3v2M6.5 17V11a5.5 5.5 0 0 1 11 0v6l1.5 2H5zM10 21h4",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  bug: "M8 9h8v6a4 4 0 0 1-8 0zM9 9a3 3 0 0 1 6 0M3.5 13H8M16 13h4.5M5 7l3 3M19 7l-3 3M5 19l3-3M19 19l-3-3M12 9v10",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9h.01",
  apps: "M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z",
  mega: "M4 10v4h3l8 4V6l-8 4zM18.5 9.5v5M8 14l1.5 5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v4.5l3 2",
};

export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const look = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: "icon" };
  for (const [key, value] of Object.entries(look)) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name] ?? ICONS.more);
  svg.append(path);
  return svg;
}
