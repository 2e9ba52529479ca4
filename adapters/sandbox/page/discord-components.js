// Discord's embeds and components: how they look in a message, and what pressing them sends.

import { DAY, TIME, dayOf, say } from "./clock.js";
import { role } from "./directory.js";
import { button, h, icon, link, picture, safe } from "./dom.js";
import { inline, markdown } from "./markdown.js";
import { state } from "./state.js";

export function embed(one) {
  const colour = one.color ? `#${one.color.toString(16).padStart(6, "0")}` : "var(--embed-bar)";
  const title = one.title
    ? h("div", { class: "e-title" }, one.url ? link(one.url, inline(one.title)) : inline(one.title))
    : null;
  return h(
    "div",
    { class: "embed", style: { "--bar": colour } },
    h(
      "div",
      { class: "e-main" },
      one.author?.name
        ? h("div", { class: "e-author" }, one.author.url ? link(one.author.url, one.author.name) : one.author.name)
        : null,
      title,
      one.description ? h("div", { class: "e-text md" }, markdown(one.description)) : null,
      one.fields?.length
        ? h(
            "div",
            { class: "e-fields" },
            one.fields.map((field) =>
              h(
                "div",
                { class: field.inline ? "e-field in" : "e-field" },
                h("div", { class: "e-name" }, inline(field.name)),
                h("div", { class: "md" }, markdown(field.value)),
              ),
            ),
          )
        : null,
      one.image ? picture(one.image.url, "image", "wide") : null,
      foot(one),
    ),
    one.thumbnail ? picture(one.thumbnail.url, "thumbnail", "thumb") : null,
  );
}

function foot(one) {
  const at = one.timestamp ? Date.parse(one.timestamp) / 1000 : null;
  const when = at === null ? null : `${dayOf(at, DAY)} at ${say(at, TIME)}`;
  return one.footer?.text || when
    ? h("div", { class: "e-foot" }, [one.footer?.text, when].filter(Boolean).join(" • "))
    : null;
}

/** Rows of buttons and selects, and the newer layout components. `press(custom_id, values)`. */
export function components(list, press) {
  return (list ?? []).map((one) => (KINDS[one.type] ?? unknown)(one, press));
}

const unknown = (one) =>
  h("div", { class: "quiet" }, `A component of the type ${one.type}, which this page does not draw.`);

const KINDS = {
  1: (one, press) => h("div", { class: "d-row" }, components(one.components, press)),
  2: pressable,
  3: (one, press) =>
    select(
      one,
      press,
      one.options.map((option) => [
        option.value,
        `${option.emoji?.name ? `${option.emoji.name} ` : ""}${option.label}`,
        option.description,
        option.default,
      ]),
    ),
  5: (one, press) => select(one, press, people(one)),
  6: (one, press) => select(one, press, roles(one)),
  7: (one, press) => select(one, press, channels(one)),
  8: (one, press) => select(one, press, [...people(one), ...roles(one)]),
  9: (one, press) =>
    h(
      "div",
      { class: "d-section" },
      h("div", {}, components(one.components, press)),
      components([one.accessory].filter(Boolean), press),
    ),
  10: (one) => h("div", { class: "md" }, markdown(one.content)),
  11: (one) => picture(one.media?.url, one.description, "thumb"),
  12: (one) =>
    h(
      "div",
      { class: "d-gallery" },
      one.items.map((item) => picture(item.media?.url, item.description, "wide")),
    ),
  13: (one) => h("div", { class: "file file-head" }, icon("list", 20), link(one.file?.url, one.name ?? one.file?.url ?? "file")),
  14: (one) => h("hr", { class: one.divider === false ? "d-gap" : "d-line" }),
  17: (one, press) =>
    h(
      "div",
      {
        class: "embed container",
        style: {
          "--bar": one.accent_color ? `#${one.accent_color.toString(16).padStart(6, "0")}` : "var(--embed-bar)",
        },
      },
      h("div", { class: "e-main" }, components(one.components, press)),
    ),
};

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "url" };

function pressable(one, press) {
  const face = [one.emoji ? h("span", { class: "emoji" }, one.emoji.name) : null, one.label ?? ""];
  const name = one.label ?? one.emoji?.name;
  if (one.style === 5 && safe(one.url))
    return h(
      "a",
      { class: "d-button url", href: safe(one.url), target: "_blank", rel: "noopener noreferrer" },
      face,
      icon("send", 14),
    );
  return h(
    "button",
    {
      type: "button",
      class: `d-button ${STYLES[one.style] ?? "secondary"}`,
      disabled: one.disabled,
      "aria-label": name,
      data: { focus: one.custom_id },
      onclick: () => press(one.custom_id),
    },
    face,
  );
}

const chosen = (one, id) => (one.default_values ?? []).some((value) => value.id === id);
const people = (one) =>
  state.common.people.map((each) => [each.discord_id, each.name, each.key, chosen(one, each.discord_id)]);
const roles = (one) => state.discord.roles.map((each) => [each.id, role(each.id).name, "role", chosen(one, each.id)]);

function channels(one) {
  const kinds = one.channel_types;
  return state.discord.channels
    .filter((each) => !kinds?.length || kinds.includes(each.type))
    .map((each) => [each.id, `#${each.name}`, "", chosen(one, each.id)]);
}

/** `options`: [value, label, description, chosen]. With a `press` it sends when chosen; several wait for a press of Done. */
export function select(one, press, options, label) {
  const many = (one.max_values ?? 1) > 1;
  const name = label ?? one.placeholder ?? "Make a selection";
  const node = h(
    "select",
    {
      class: "d-select",
      multiple: many,
      size: many ? Math.min(6, Math.max(2, options.length)) : null,
      disabled: one.disabled,
      "aria-label": name,
      data: { focus: one.custom_id, custom: one.custom_id, type: one.type },
    },
    many
      ? null
      : h(
          "option",
          { value: "", selected: !options.some((option) => option[3]) },
          one.placeholder ?? "Make a selection",
        ),
    options.map(([value, words, description, start]) =>
      h("option", { value, selected: start }, description ? `${words} — ${description}` : words),
    ),
  );
  if (!press) return node;
  const send = () => {
    const values = [...node.selectedOptions].map((option) => option.value).filter(Boolean);
    if (values.length || one.min_values === 0) press(one.custom_id, values);
  };
  if (!many) {
    node.addEventListener("change", send);
    return node;
  }
  return h(
    "div",
    { class: "d-many" },
    node,
    button(`Done with ${name}`, { class: "d-button secondary", onclick: send }, "Done"),
  );
}
