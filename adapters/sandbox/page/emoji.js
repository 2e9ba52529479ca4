// Emoji by their short names, as far as incident channels use them, and the picker.

import { button, h } from "./dom.js";
import { popover } from "./popover.js";

const TABLE = `white_check_mark ✅ heavy_check_mark ✔️ eyes 👀 alarm_clock ⏰ raising_hand 🙋 no_bell 🔕 bell 🔔 pushpin 📌 round_pushpin 📍 +1 👍 -1 👎
rotating_light 🚨 fire 🔥 warning ⚠️ x ❌ tada 🎉 boom 💥 bug 🐛 wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ rocket 🚀 construction 🚧 memo 📝 pencil 📝 pencil2 ✏️
clipboard 📋 page_facing_up 📄 books 📚 book 📖 bookmark 🔖 link 🔗 paperclip 📎 calendar 📆 date 📅 hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ timer_clock ⏲️
clock1 🕐 clock3 🕒 phone ☎️ telephone_receiver 📞 pager 📟 loudspeaker 📢 mega 📣 speech_balloon 💬 thinking_face 🤔 slightly_smiling_face 🙂 smile 😄 smiley 😃 grinning 😀 joy 😂
sweat_smile 😅 cry 😢 sob 😭 pray 🙏 clap 👏 wave 👋 ok_hand 👌 muscle 💪 raised_hands 🙌 point_right 👉 point_up ☝️ heart ❤️ sparkles ✨ star ⭐ zap ⚡ snowflake ❄️ ice_cube 🧊
lock 🔒 unlock 🔓 key 🔑 shield 🛡️ eyes_closed 😌 zzz 💤 moyai 🗿 skull 💀 ghost 👻 robot_face 🤖 fire_engine 🚒 fire_extinguisher 🧯 ambulance 🚑 police_car 🚓 helmet_with_white_cross ⛑️
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_green_square 🟩
arrow_up ⬆️ arrow_down ⬇️ arrow_right ➡️ arrow_left ⬅️ arrows_counterclockwise 🔄 repeat 🔁 leftwards_arrow_with_hook ↩️ chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊
information_source ℹ️ question ❓ grey_question ❔ exclamation ❗ bangbang ‼️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 double_vertical_bar ⏸️ pause_button ⏸️ arrow_forward ▶️ fast_forward ⏩ checkered_flag 🏁 triangular_flag_on_post 🚩
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ package 📦 label 🏷️ mag 🔍 bulb 💡 electric_plug 🔌 computer 💻 desktop_computer 🖥️ satellite 📡 globe_with_meridians 🌐 bust_in_silhouette 👤 busts_in_silhouette 👥 technologist 🧑‍💻 firefighter 🧑‍🚒
credit_card 💳 shopping_trolley 🛒 moneybag 💰 envelope ✉️ email 📧 inbox_tray 📥 outbox_tray 📤 wastebasket 🗑️ lifebuoy 🛟 ring_buoy 🛟 crown 👑 dart 🎯 seedling 🌱 herb 🌿 green_heart 💚 broken_heart 💔 test_tube 🧪 microscope 🔬 performing_arts 🎭`;

const words = TABLE.split(/\s+/);
export const EMOJI = new Map();
for (let place = 0; place < words.length; place += 2) EMOJI.set(words[place], words[place + 1]);
for (const [also, known] of [
  ["thumbsup", "+1"],
  ["thumbsdown", "-1"],
  ["done", "white_check_mark"],
])
  EMOJI.set(also, EMOJI.get(known));

const QUICK = ["white_check_mark", "eyes", "alarm_clock", "raising_hand", "no_bell", "pushpin", "+1", "tada"];
const bare = (character) => character.replace(/\uFE0F/g, "");
const NAMES = new Map();
for (const [name, character] of EMOJI) if (!NAMES.has(bare(character))) NAMES.set(bare(character), name);

/** The character of a short name (`eyes`, `+1::skin-tone-3`), or nothing when it is not in the table. */
export function emoji(name) {
  return EMOJI.get(name.split("::")[0]);
}

export function nameOf(character) {
  return NAMES.get(bare(character)) ?? character;
}

/** Short names in words that a person typed, as characters: for Discord, which knows no names on the wire. */
export function spelled(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}

/** Ask for one emoji; `chosen(name, character)` is called once. */
export function pickEmoji(anchor, chosen) {
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" });
  const search = h("input", {
    placeholder: "Find an emoji",
    "aria-label": "Find an emoji",
    oninput: () => fill(),
    onkeydown: (event) => {
      if (event.key === "Enter") grid.querySelector("button")?.click();
    },
  });
  const box = popover(anchor, h("div", { class: "emoji-picker", "aria-label": "Emoji picker" }, search, grid));
  const fill = () => {
    const wanted = search.value.trim().toLowerCase().replace(/:/g, "");
    const names = wanted
      ? [...EMOJI.keys()].filter((name) => name.includes(wanted))
      : [...new Set([...QUICK, ...EMOJI.keys()])];
    grid.replaceChildren(
      ...names.slice(0, 200).map((name) =>
        button(
          `:${name}:`,
          {
            data: { testid: `emoji-${name}` },
            onclick: () => {
              box.close();
              chosen(name, EMOJI.get(name));
            },
          },
          EMOJI.get(name),
        ),
      ),
    );
  };
  fill();
  search.focus();
}
