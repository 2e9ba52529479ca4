// Block Kit: how each block of a message, a form or the App Home looks, and what its controls send.
// `press(element, block, value)` is called when a control is used; without it, controls wait for the form's submit.

import { TIME, say } from "./clock.js";
import { slackUser } from "./directory.js";
import { button, h, icon, picture } from "./dom.js";
import { menu } from "./popover.js";
import { mrkdwn, plain, textOf } from "./mrkdwn.js";
import { rich } from "./slack-rich.js";
import { state } from "./state.js";

export function blocks(list, press) {
  return (list ?? []).map((block) => (BLOCKS[block.type] ?? unknown)(block, press));
}

const BLOCKS = {
  header: (block) => h("h4", { class: "b-header" }, textOf(block.text)),
  divider: () => h("hr", { class: "b-divider" }),
  markdown: (block) => h("div", { class: "b-section" }, mrkdwn(block.text)),
  section: (block, press) =>
    h(
      "div",
      { class: "b-section" },
      h(
        "div",
        { class: "b-main" },
        block.text ? h("div", {}, textOf(block.text)) : null,
        block.fields
          ? h(
              "div",
              { class: "b-fields" },
              block.fields.map((field) => h("div", {}, textOf(field))),
            )
          : null,
      ),
      block.accessory ? h("div", { class: "b-accessory" }, element(block.accessory, block, press)) : null,
    ),
  context: (block) =>
    h(
      "div",
      { class: "b-context" },
      block.elements.map((part) =>
        part.type === "image" ? picture(part.image_url, part.alt_text, "tiny") : h("span", {}, textOf(part)),
      ),
    ),
  actions: (block, press) =>
    h(
      "div",
      { class: "b-actions" },
      block.elements.map((part) => element(part, block, press)),
    ),
  image: (block) =>
    h(
      "figure",
      { class: "b-image" },
      block.title ? h("figcaption", {}, textOf(block.title)) : null,
      picture(block.image_url ?? block.slack_file?.url, block.alt_text, "wide"),
    ),
  rich_text: (block) => h("div", { class: "b-rich" }, block.elements.map(rich)),
  input: (block, press) =>
    h("div", { class: "b-section" }, h("strong", {}, textOf(block.label)), element(block.element, block, press)),
};

function unknown(block) {
  return h("div", { class: "quiet" }, `A block of the type “${block.type}”, which this page does not draw.`);
}

export function element(part, block, press) {
  return (ELEMENTS[part.type] ?? ((one) => h("span", { class: "quiet" }, `(${one.type})`)))(part, block, press);
}

const ELEMENTS = {
  button: (part, block, press) => {
    const props = {
      type: "button",
      class: `b-button ${part.style ?? ""}`,
      "aria-label": part.accessibility_label,
      data: { focus: `${block.block_id}/${part.action_id}` },
      onclick: () => {
        if (part.url) window.open(part.url, "_blank", "noopener,noreferrer");
        press(part, block, part.value);
      },
    };
    return h("button", props, plain(part.text.text));
  },
  image: (part) => picture(part.image_url ?? part.slack_file?.url, part.alt_text, "thumb"),
  overflow: (part, block, press) =>
    button(
      "More options",
      {
        class: "b-button b-overflow",
        data: { focus: `${block.block_id}/${part.action_id}` },
        onclick: (event) =>
          menu(
            event.currentTarget,
            part.options.map((option) => [
              plain(option.text.text),
              () => {
                if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
                press(part, block, option.value);
              },
            ]),
          ),
      },
      icon("more", 16),
    ),
  static_select: (part, block, press) => select(part, block, press, { choices: choices(part) }),
  multi_static_select: (part, block, press) => select(part, block, press, { choices: choices(part), many: true }),
  external_select: (part, block, press) => typed(part, block, press, "text", part.initial_option?.value),
  users_select: (part, block, press) => select(part, block, press, { choices: users(), initial: part.initial_user }),
  multi_users_select: (part, block, press) =>
    select(part, block, press, { choices: users(), initial: part.initial_users, many: true }),
  conversations_select: (part, block, press) =>
    select(part, block, press, { choices: channels(), initial: part.initial_conversation }),
  channels_select: (part, block, press) =>
    select(part, block, press, { choices: channels(), initial: part.initial_channel }),
  multi_conversations_select: (part, block, press) =>
    select(part, block, press, { choices: channels(), initial: part.initial_conversations, many: true }),
  multi_channels_select: (part, block, press) =>
    select(part, block, press, { choices: channels(), initial: part.initial_channels, many: true }),
  datepicker: (part, block, press) => typed(part, block, press, "date", part.initial_date),
  timepicker: (part, block, press) => typed(part, block, press, "time", part.initial_time),
  datetimepicker: (part, block, press) =>
    typed(part, block, press, "datetime-local", part.initial_date_time ? local(part.initial_date_time) : ""),
  plain_text_input: (part, block, press) =>
    typed(part, block, press, part.multiline ? "area" : "text", part.initial_value),
  email_text_input: (part, block, press) => typed(part, block, press, "email", part.initial_value),
  url_text_input: (part, block, press) => typed(part, block, press, "url", part.initial_value),
  number_input: (part, block, press) => typed(part, block, press, "number", part.initial_value),
  checkboxes: (part, block, press) => boxes(part, block, press, "checkbox"),
  radio_buttons: (part, block, press) => boxes(part, block, press, "radio"),
};

const local = (seconds) =>
  `${say(seconds, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-")}T${say(seconds, TIME)}`;
const named = (part, block) =>
  (block.label ? plain(block.label.text) : plain(part.placeholder?.text ?? "")) || part.action_id;
const choices = (part) =>
  part.option_groups?.flatMap((group) =>
    group.options.map((option) => [option.value, plain(option.text.text), plain(group.label.text)]),
  ) ?? (part.options ?? []).map((option) => [option.value, plain(option.text.text)]);
const users = () => [
  ...state.common.people.map((one) => [one.slack_id, one.name]),
  [state.slack.bot.id, slackUser(state.slack.bot.id).name],
];
const channels = () => state.slack.channels.map((one) => [one.id, `${one.is_private ? "🔒 " : "#"}${one.name}`]);

function common(part, block) {
  return {
    "aria-label": named(part, block),
    data: {
      focus: `${block.block_id}/${part.action_id}`,
      block: block.block_id,
      action: part.action_id,
      kind: part.type,
    },
  };
}

function select(part, block, press, { choices: list, initial, many }) {
  const start = [
    initial ??
      (part.initial_options ?? (part.initial_option ? [part.initial_option] : [])).map((option) => option.value),
  ].flat();
  const options = list.map(([value, words]) => h("option", { value, selected: start.includes(value) }, words));
  const none = many
    ? null
    : h("option", { value: "", selected: !start.length }, plain(part.placeholder?.text ?? "Choose an option"));
  const node = h(
    "select",
    {
      ...common(part, block),
      class: "b-select",
      multiple: many,
      size: many ? Math.min(6, Math.max(2, list.length)) : null,
    },
    none,
    options,
  );
  if (press)
    node.addEventListener("change", () =>
      press(part, block, many ? [...node.selectedOptions].map((option) => option.value) : node.value),
    );
  return node;
}

function typed(part, block, press, type, initial) {
  const props = {
    ...common(part, block),
    class: "b-input",
    placeholder: plain(part.placeholder?.text ?? ""),
    value: initial ?? "",
    maxlength: part.max_length,
    minlength: null,
    autofocus: part.focus_on_load,
  };
  const node =
    type === "area"
      ? h("textarea", { ...props, rows: 4 })
      : h("input", {
          ...props,
          type: type === "number" || type === "url" || type === "email" ? "text" : type,
          inputmode: type === "number" ? "decimal" : null,
        });
  if (press) node.addEventListener("change", () => press(part, block, node.value));
  return node;
}

function boxes(part, block, press, type) {
  const start = (part.initial_options ?? (part.initial_option ? [part.initial_option] : [])).map(
    (option) => option.value,
  );
  const node = h(
    "div",
    { class: "b-boxes", role: type === "radio" ? "radiogroup" : "group", ...common(part, block) },
    part.options.map((option) =>
      h(
        "label",
        {},
        h("input", {
          type,
          name: `${block.block_id}/${part.action_id}`,
          value: option.value,
          checked: start.includes(option.value),
        }),
        h("span", {}, textOf(option.text), option.description ? h("small", {}, textOf(option.description)) : null),
      ),
    ),
  );
  if (press)
    node.addEventListener("change", () =>
      press(
        part,
        block,
        [...node.querySelectorAll(":checked")].map((box) => box.value),
      ),
    );
  return node;
}
