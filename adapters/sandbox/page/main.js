// The page put together: the bar on top, the two sides, the drawer of tools.

import { callsButton, drawCalls } from "./calls.js";
import { drawClock, tick } from "./clock.js";
import { drawDiscord } from "./discord-view.js";
import { button, h, redraw } from "./dom.js";
import { drawFaults, faultsButton } from "./faults.js";
import { drawPeople } from "./people.js";
import { drawSlack } from "./slack-view.js";
import { begin, look, shown, state, subscribe } from "./state.js";

const at = (id) => document.getElementById(id);
const VIEWS = [
  ["slack", "Slack"],
  ["discord", "Discord"],
  ["both", "Both"],
];

function draw() {
  if (!state.common) return;
  document.body.dataset.view = state.view;
  document.body.classList.toggle("offline", !state.online);
  drawPeople(at("people"));
  drawClock(at("clock"));
  redraw(at("tools"), JSON.stringify([state.common.faults, state.common.calls.total, state.drawer]), () => [
    faultsButton(),
    callsButton(),
  ]);
  redraw(at("views"), state.view, () =>
    h(
      "div",
      { class: "segments", role: "radiogroup", "aria-label": "View" },
      VIEWS.map(([value, label]) =>
        button(label, {
          role: "radio",
          "aria-label": value === "both" ? "Side by side" : null,
          title: value === "both" ? "Side by side" : null,
          "aria-checked": String(state.view === value),
          data: { testid: `view-${value}`, focus: value },
          onclick: () => look({ view: value }),
        }),
      ),
    ),
  );
  for (const [platform, drawSide] of [
    ["slack", drawSlack],
    ["discord", drawDiscord],
  ]) {
    at(platform).hidden = !shown(platform);
    if (shown(platform)) drawSide(at(platform));
  }
  const drawer = at("drawer");
  drawer.hidden = !state.drawer;
  if (state.drawer === "faults") drawFaults(drawer);
  if (state.drawer === "calls") drawCalls(drawer);
  tick();
}

subscribe(draw);
setInterval(tick, 1000);
await begin();
document.body.dataset.ready = "";
