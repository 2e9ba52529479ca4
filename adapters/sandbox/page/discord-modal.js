// Discord's forms: text inputs, selects and labels, and the values they hold.

import { button, h, icon } from "./dom.js";
import { select } from "./discord-components.js";
import { markdown } from "./markdown.js";
import { drawModal } from "./modal.js";
import { act, notify, state } from "./state.js";

let refused = { id: "", errors: {} };
let sending = false;

export function drawDiscordModal(modal) {
  const root = document.getElementById("discord");
  if (!modal) {
    refused = { id: "", errors: {} };
    return drawModal(root, null);
  }
  const id = modal.id ?? modal.custom_id;
  const errors = refused.id === id ? refused.errors : {};
  return drawModal(root, {
    id,
    label: modal.title,
    print: JSON.stringify([modal, errors]),
    close: dismiss,
    build: () => form(modal, id, errors),
  });
}

const dismiss = () => act("discord", "dismiss_modal");

function form(modal, id, errors) {
  return h(
    "form",
    {
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        submit(modal, id, event.currentTarget);
      },
    },
    h("header", {}, h("h2", {}, modal.title), button("Close", { class: "plain", onclick: dismiss }, icon("close"))),
    h(
      "div",
      { class: "modal-body" },
      modal.components.map((one) => part(one, errors)),
      h("p", { class: "quiet" }, "This form is sent to the app. Do not share passwords."),
    ),
    h(
      "footer",
      {},
      h("button", { type: "button", class: "d-button plain", onclick: dismiss }, "Cancel"),
      h("button", { type: "submit", class: "d-button primary", data: { focus: "submit" } }, "Submit"),
    ),
  );
}

/** A row of the older form, a label with its component, or text. */
function part(one, errors) {
  if (one.type === 10) return h("div", { class: "md" }, markdown(one.content));
  const inner = one.type === 18 ? one.component : one.type === 1 ? one.components[0] : one;
  const label = one.label ?? inner.label ?? "";
  const error = errors[inner.custom_id];
  return h(
    "div",
    { class: error ? "field wrong" : "field" },
    h(
      "div",
      { class: "label" },
      label,
      required(inner) ? h("span", { class: "star", "aria-hidden": "true" }, " *") : null,
    ),
    one.description ? h("div", { class: "hint" }, one.description) : null,
    (INPUTS[inner.type] ?? other)(inner, label),
    error ? h("div", { class: "error", role: "alert" }, error) : null,
  );
}

const required = (inner) => inner.required !== false;
const other = (inner) =>
  h("div", { class: "quiet" }, `A component of the type ${inner.type}, which this page does not draw.`);
const people = () => state.common.people.map((one) => [one.discord_id, one.name, one.key]);
const roles = () => state.discord.roles.map((one) => [one.id, one.name, ""]);
const channels = () => state.discord.channels.map((one) => [one.id, `#${one.name}`, ""]);

const INPUTS = {
  3: (inner, label) =>
    select(
      inner,
      null,
      inner.options.map((option) => [option.value, option.label, option.description, option.default]),
      label,
    ),
  4: (inner, label) => {
    const props = {
      class: "b-input",
      "aria-label": label,
      placeholder: inner.placeholder ?? "",
      value: inner.value ?? "",
      maxlength: inner.max_length,
      "aria-required": String(required(inner)),
      data: { custom: inner.custom_id, focus: inner.custom_id, type: 4 },
    };
    return inner.style === 2 ? h("textarea", { ...props, rows: 4 }) : h("input", props);
  },
  5: (inner, label) => select(inner, null, people(), label),
  6: (inner, label) => select(inner, null, roles(), label),
  7: (inner, label) => select(inner, null, channels(), label),
  8: (inner, label) => select(inner, null, [...people(), ...roles()], label),
};

function valuesOf(root) {
  const values = {};
  for (const node of root.querySelectorAll("[data-custom]")) {
    values[node.dataset.custom] =
      node.tagName === "SELECT" ? [...node.selectedOptions].map((option) => option.value).filter(Boolean) : node.value;
  }
  return values;
}

function missing(modal, values) {
  const inputs = modal.components.flatMap((one) => (one.type === 18 ? [one.component] : (one.components ?? [])));
  const bare = inputs.filter((inner) => required(inner) && !values[inner.custom_id]?.length);
  const short = inputs.filter(
    (inner) =>
      inner.type === 4 &&
      inner.min_length &&
      values[inner.custom_id]?.length &&
      values[inner.custom_id].length < inner.min_length,
  );
  return Object.fromEntries([
    ...bare.map((inner) => [inner.custom_id, "This field is required"]),
    ...short.map((inner) => [inner.custom_id, `Must be ${inner.min_length} characters or more`]),
  ]);
}

async function submit(modal, id, root) {
  if (sending) return;
  const values = valuesOf(root);
  refused = { id, errors: missing(modal, values) };
  notify();
  if (Object.keys(refused.errors).length) return;
  sending = true;
  await act("discord", "submit_modal", { values });
  sending = false;
}
