// A file below a message: its name, its size, its first lines as plain text, and a way to download it.

import { h, icon, link } from "./dom.js";

const UNITS = ["bytes", "KB", "MB"];

/** A size as people read it: `1 byte`, `12 KB`. */
function size(bytes) {
  const step = Math.min(bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2, UNITS.length - 1);
  return bytes === 1 ? "1 byte" : `${Math.ceil(bytes / 1024 ** step)} ${UNITS[step]}`;
}

/** `preview` may hold anything: it becomes a text node in a box that scrolls. */
export function file({ url, name, bytes, preview }) {
  return h(
    "figure",
    { class: "file", data: { testid: "file" }, "aria-label": `File ${name}` },
    h(
      "div",
      { class: "file-head" },
      icon("list", 20),
      h("div", {}, h("bdi", { class: "file-name" }, name), h("small", {}, size(bytes ?? 0))),
      link(url, "Download"),
    ),
    preview ? h("pre", { class: "file-preview", dir: "auto", tabindex: 0 }, preview) : null,
  );
}
