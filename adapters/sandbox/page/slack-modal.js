// Slack's forms: a view's blocks as fields, and the values they hold.

import { h, icon, button, toast } from "./dom.js";
import { drawModal } from "./modal.js";
import { plain, textOf } from "./mrkdwn.js";
import { blocks, element } from "./slack-blocks.js";
import { act, notify } from "./state.js";

let lacking = { view: "", errors: {} }; // fields left empty at the last submit
let sending = false;

export function drawSlackModal(view, refused) {
  const root = document.getElementById("slack");
  if (!view) return drawModal(root, null);
  const errors = { ...refused, ...(lacking.view === view.id ? lacking.errors : {}) };
  return drawModal(root, {
    id: view.id,
    label: plain(view.title.text),
    print: JSON.stringify([view, errors]),
    build: () => form(view, errors),
    close: () => act("slack", "close_view"),
  });
}

function form(view, errors) {
  const press = (part, _block, value) =>
    act("slack", "press_in_view", { control: part.action_id, ...(value === undefined ? {} : { value }) });
  const body = (view.blocks ?? []).map((block) =>
    block.type === "input" ? field(block, errors[block.block_id], press) : blocks([block], press),
  );
  return h(
    "form",
    {
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        submit(view, event.currentTarget);
      },
    },
    h(
      "header",
      {},
      h("h2", {}, plain(view.title.text)),
      button("Close", { class: "plain", onclick: () => act("slack", "close_view") }, icon("close")),
    ),
    h("div", { class: "modal-body" }, body),
    h(
      "footer",
      {},
      h(
        "button",
        { type: "button", class: "b-button", onclick: () => act("slack", "close_view") },
        plain(view.close?.text ?? "Cancel"),
      ),
      view.submit
        ? h("button", { type: "submit", class: "b-button primary", data: { focus: "submit" } }, plain(view.submit.text))
        : null,
    ),
  );
}

function field(block, error, press) {
  return h(
    "div",
    { class: error ? "field wrong" : "field" },
    h(
      "div",
      { class: "label" },
      textOf(block.label),
      block.optional ? h("span", { class: "quiet" }, " (optional)") : null,
    ),
    element(block.element, block, block.dispatch_action ? press : undefined),
    error ? h("div", { class: "error", role: "alert" }, error) : null,
    block.hint ? h("div", { class: "hint" }, textOf(block.hint)) : null,
  );
}

/** What the input blocks hold, by block; a control elsewhere has told the app when it was used. */
function valuesOf(root, view) {
  const inputs = view.blocks.filter((block) => block.type === "input");
  return Object.fromEntries(
    inputs.map((block) => {
      const node = root.querySelector(`[data-block="${CSS.escape(block.block_id)}"]`);
      return [block.block_id, READ[block.element.type]?.(node) ?? node?.value ?? ""];
    }),
  );
}

const many = (node) => [...node.selectedOptions].map((option) => option.value);
const READ = {
  multi_static_select: many,
  multi_users_select: many,
  multi_conversations_select: many,
  multi_channels_select: many,
  checkboxes: (node) => [...node.querySelectorAll(":checked")].map((box) => box.value),
  radio_buttons: (node) => node.querySelector(":checked")?.value ?? "",
  datetimepicker: (node) => (node.value ? String(Math.floor(new Date(node.value).getTime() / 1000)) : ""),
};

function missing(view, values) {
  const empty = (value) => value === undefined || value === null || value === "" || value.length === 0;
  const bare = view.blocks.filter(
    (block) => block.type === "input" && !block.optional && empty(values[block.block_id]),
  );
  return Object.fromEntries(bare.map((block) => [block.block_id, "Please complete this required field."]));
}

async function submit(view, root) {
  if (sending) return;
  const values = valuesOf(root, view);
  lacking = { view: view.id, errors: missing(view, values) };
  notify();
  if (Object.keys(lacking.errors).length) return;
  sending = true;
  const delivery = await act("slack", "submit_view", { values });
  sending = false;
  if (delivery && (!delivery.acked || delivery.error))
    toast(`The form was not taken: ${delivery.error || "the app did not answer"}.`, "bad");
}
