// Discord's slash commands: a command as a pill, each option as a field of its own, with the app's live suggestions.

import { Composer } from "./composer.js";
import { tokens } from "./directory.js";
import { h, icon, toast } from "./dom.js";
import { spelled } from "./emoji.js";
import { Suggestions } from "./suggestions.js";
import { act, ask, person, state } from "./state.js";

const PAUSE = 120; // milliseconds of quiet before the app is asked for suggestions
const BOOLEAN = 5,
  NUMERIC = [4, 10],
  USER = 6,
  CHANNEL = 7;

export class CommandComposer extends Composer {
  constructor({ place, send }) {
    super("discord", { testid: "discord-composer", place, send, more: (text) => this.commands(text) });
    this.command = null;
    this.pills = h("div", { class: "pills", hidden: true });
    this.row = h("div", { class: "field-row" }, this.field);
    this.others = [];
    this.asked = 0;
    this.field.addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
    this.field.addEventListener(
      "focus",
      () => this.command?.options?.length && this.suggest(this.command.options[0], this.field, this.menu),
    );
  }

  settle(label, placeholder) {
    if (!this.command) return super.settle(label, placeholder);
    const moved = `${this.platform}/${state.me}/${this.place()}` !== this.key_;
    if (!moved) return false;
    this.leave();
    return super.settle(label, placeholder);
  }

  commands(text) {
    if (this.command) {
      const [first] = this.command.options ?? [];
      if (first) this.suggest(first, this.field, this.menu);
      return { entries: this.menu.entries, eager: false };
    }
    if (!text.startsWith("/")) return null;
    const all = offered();
    const exact = all.find((one) => text.startsWith(`/${one.name} `));
    if (exact) {
      this.enter(exact, text.slice(exact.name.length + 2).trimStart());
      return { entries: [] };
    }
    return {
      eager: true,
      title: "Commands",
      entries: all
        .filter((one) => `/${one.name}`.startsWith(text.trimEnd()))
        .map((one) => ({
          label: `/${one.name}`,
          does: () => this.enter(one, ""),
          content: [
            h("span", { class: "app-mark" }, icon("bell", 16)),
            h("strong", {}, `/${one.name}`),
            (one.options ?? []).map((option) => h("code", {}, option.name)),
            h("span", {}, one.description),
          ],
        })),
    };
  }

  /** From here on the field is the command's first option. */
  enter(command, text) {
    this.command = command;
    const [first, ...others] = command.options ?? [];
    this.row.parentElement.classList.add("commanding");
    this.others = others.map((option) => this.option(option));
    this.pills.replaceChildren(h("span", { class: "pill name" }, `/${command.name}`));
    this.pills.hidden = false;
    this.row.replaceChildren(
      ...(first ? [pill(first, this.field), ...this.others.map(({ node }) => node)] : [this.field]),
    );
    this.field.value = text;
    this.field.choice = null;
    this.field.setAttribute("aria-label", first ? `${first.name}: ${first.description}` : `/${command.name}`);
    this.field.placeholder = first ? first.description : "Enter runs the command";
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
    if (first) this.suggest(first, this.field, this.menu);
    this.grow();
  }

  option(option) {
    const input = h("input", {
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-label": `${option.name}: ${option.description}`,
      placeholder: option.description,
      autocomplete: "off",
      data: { testid: `discord-option-${option.name}` },
    });
    const menu = new Suggestions(input, `discord option ${option.name}`);
    input.setAttribute("aria-controls", menu.id);
    input.addEventListener("input", () => this.suggest(option, input, menu));
    input.addEventListener("focus", () => this.suggest(option, input, menu));
    input.addEventListener("blur", () => menu.hide());
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || menu.key(event)) return;
      if (event.key === "Enter") this.run(event);
      if (event.key === "Escape") this.leave();
      if (event.key === "Backspace" && !input.value) {
        event.preventDefault();
        this.field.focus();
      }
    });
    const node = pill(option, input);
    node.append(menu.node);
    return { option, input, menu, node };
  }

  /** Back to plain words. */
  leave() {
    if (!this.command) return;
    const typed = this.field.value;
    this.command = null;
    this.others = [];
    this.asked += 1;
    this.pills.hidden = true;
    this.row.parentElement.classList.remove("commanding");
    this.row.replaceChildren(this.field);
    this.field.value = typed;
    this.menu.hide();
    this.key_ = null;
    this.drawn?.();
    this.field.value = typed;
    this.field.focus();
    this.grow();
  }

  async key(event) {
    if (!this.command) return super.key(event);
    if (event.isComposing || this.menu.key(event)) return undefined;
    if (event.key === "Backspace" && !this.field.value) {
      event.preventDefault();
      this.leave();
    }
    if (event.key === "Tab" && !event.shiftKey && this.others.length) {
      event.preventDefault();
      this.others[0].input.focus();
    }
    return event.key === "Enter" && !event.shiftKey ? this.run(event) : undefined;
  }

  fields() {
    const [first] = this.command.options ?? [];
    return first ? [{ option: first, input: this.field }, ...this.others] : [];
  }

  values() {
    return Object.fromEntries(
      this.fields()
        .filter(({ input }) => input.value.trim())
        .map(({ option, input }) => [option.name, chosen(input) ?? typedValue(option, input.value.trim())]),
    );
  }

  /** Fixed choices at once; the app's own after a short quiet. */
  suggest(option, input, menu) {
    const mine = (this.asked += 1);
    const pick = (choice) => ({
      label: choice.name,
      content: [h("span", {}, choice.name)],
      does: () => {
        input.value = choice.name;
        input.choice = choice;
        input.focus();
        this.grow();
      },
    });
    if (option.choices?.length)
      return menu.show(
        option.choices.filter((one) => one.name.toLowerCase().includes(input.value.toLowerCase())).map(pick),
        { eager: false, title: option.description },
      );
    if (!option.autocomplete) return menu.hide();
    const command = this.command;
    setTimeout(async () => {
      if (mine !== this.asked || this.command !== command) return;
      const body = {
        platform: "discord",
        as: state.me,
        act: "autocomplete",
        channel: state.discord.channel.id,
        name: command.name,
        options: this.values(),
        focused: option.name,
      };
      body.options[option.name] ??= "";
      const answer = await ask("act", body).catch(() => null);
      if (mine !== this.asked || this.command !== command || document.activeElement !== input) return;
      const choices = (answer?.result ?? []).slice(0, 25);
      menu.show(choices.map(pick), { eager: false, title: option.description });
    }, PAUSE);
    return undefined;
  }

  async run(event) {
    event.preventDefault();
    const command = this.command;
    const lacking = this.fields().find(({ option, input }) => option.required && !input.value.trim());
    if (lacking) {
      toast(`This command needs “${lacking.option.name}”: ${lacking.option.description}`, "bad");
      lacking.input.focus();
      return;
    }
    const options = this.values();
    this.field.value = "";
    this.leave();
    await act("discord", "command", { channel: state.discord.channel.id, name: command.name, options });
  }
}

/** The slash commands, each subcommand as one of its own; longer names first, so that they are recognised. */
function offered() {
  const inner = (command) => {
    const subs = (command.options ?? []).filter((option) => option.type <= 2);
    return subs.length ? subs.flatMap((sub) => inner({ ...sub, name: `${command.name} ${sub.name}` })) : [command];
  };
  return state.discord.commands
    .filter((one) => one.type === 1)
    .flatMap(inner)
    .sort((a, b) => b.name.length - a.name.length);
}

function pill(option, input) {
  return h(
    "label",
    { class: option.required ? "pill option required" : "pill option" },
    h("span", {}, option.name),
    input,
  );
}

/** The value of the suggestion that was picked, as long as its name still stands in the field. */
const chosen = (input) => (input.choice?.name === input.value ? input.choice.value : undefined);

function typedValue(option, text) {
  const choice = (option.choices ?? []).find((one) => one.name === text);
  if (choice) return choice.value;
  if (option.type === BOOLEAN) return /^(true|yes|on|1)$/i.test(text);
  if (NUMERIC.includes(option.type)) return Number(text);
  const bare = text.replace(/^[@#]/, "").toLowerCase();
  if (option.type === USER)
    return (
      state.common.people.find((one) => [one.key, one.name.toLowerCase(), one.discord_id].includes(bare))?.discord_id ??
      (bare === "me" ? person().discord_id : text)
    );
  if (option.type === CHANNEL) return state.discord.channels.find((one) => one.name === bare)?.id ?? text;
  return tokens(spelled(text));
}
