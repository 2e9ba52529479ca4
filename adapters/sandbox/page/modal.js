// The frame that both platforms' forms stand in: over one side of the page, closed by Escape, keeping Tab inside.

import { h } from "./dom.js";

const FIELDS = "input, select, textarea, button, a[href], [tabindex]:not([tabindex='-1'])";

/**
 * Show a form over `root`, or with `form` null take it away. `form`: {id, print, label, build(), close()}.
 * A form of the same id that changed is drawn again with what was typed into it.
 */
export function drawModal(root, form) {
  const had = root.querySelector(":scope > .modal-back");
  if (!form) {
    if (had) close(root, had);
    return null;
  }
  if (had?.form === form.print) return had;
  const typed = had?.formId === form.id ? entered(had) : new Map();
  const box = h(
    "div",
    {
      class: "modal",
      role: "dialog",
      "aria-modal": "true",
      "aria-label": form.label,
      data: { testid: `${root.id}-modal` },
    },
    form.build(),
  );
  const back = h("div", { class: "modal-back", onkeydown: (event) => keys(event, box, form) }, box);
  Object.assign(back, { form: form.print, formId: form.id, back: had?.back ?? document.activeElement });
  const focus = had?.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  if (had) had.replaceWith(back);
  else root.append(back);
  refill(back, typed);
  const first =
    (focus && box.querySelector(`[data-focus="${CSS.escape(focus)}"]`)) ||
    box.querySelector("[autofocus]") ||
    box.querySelector(".modal-body :is(input, select, textarea)") ||
    box.querySelector("button[type=submit]") ||
    box.querySelector("button");
  first?.focus();
  return back;
}

function close(root, had) {
  const inside = had.contains(document.activeElement);
  had.remove();
  if (!inside) return;
  if (had.back?.isConnected) had.back.focus({ preventScroll: true });
  else root.querySelector("textarea")?.focus({ preventScroll: true });
}

function keys(event, box, form) {
  if (event.key === "Escape") {
    event.preventDefault();
    form.close();
  }
  if (event.key !== "Tab") return;
  const all = [...box.querySelectorAll(FIELDS)].filter((node) => !node.disabled && node.offsetParent !== null);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}

/** What was typed or chosen so far, by the field's data-focus. */
function entered(back) {
  const typed = new Map();
  for (const field of back.querySelectorAll("[data-focus]:is(input, textarea, select)")) {
    typed.set(field.dataset.focus, field.multiple ? [...field.selectedOptions].map((one) => one.value) : field.value);
  }
  for (const box of back.querySelectorAll("input:is([type=checkbox], [type=radio])"))
    typed.set(`${box.name}=${box.value}`, box.checked);
  return typed;
}

function refill(back, typed) {
  for (const field of back.querySelectorAll("[data-focus]:is(input, textarea, select)")) {
    const value = typed.get(field.dataset.focus);
    if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
    else if (value !== undefined) field.value = value;
  }
  for (const box of back.querySelectorAll("input:is([type=checkbox], [type=radio])"))
    box.checked = typed.get(`${box.name}=${box.value}`) ?? box.checked;
}
