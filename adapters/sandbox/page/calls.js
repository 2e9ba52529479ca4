// The book of calls: what the bot asked of either platform, newest first.

import { button, h, icon, reconcile } from "./dom.js";
import { SECONDS, say } from "./clock.js";
import { ask, look, state } from "./state.js";

export function openCalls() {
  return look({ drawer: state.drawer === "calls" ? null : "calls" });
}

export function drawCalls(parent) {
  if (!parent.querySelector(".calls")) {
    parent.replaceChildren(
      h(
        "div",
        { class: "calls", role: "region", "aria-label": "Calls" },
        h(
          "header",
          {},
          h("h2", {}, "Calls"),
          button("Close calls", { class: "plain", onclick: openCalls }, icon("close")),
        ),
        h("p", { class: "quiet" }),
        h("ol", {}),
      ),
    );
  }
  const { total, recent } = state.common.calls;
  parent.querySelector("p").textContent = `${total} since the sandbox started; the newest ${recent.length} are here.`;
  reconcile(
    parent.querySelector("ol"),
    recent.toReversed().map((call) => ({
      key: call.began,
      print: `${call.outcome}${call.ended}${state.me}`,
      build: () => row(call),
    })),
  );
}

function row(call) {
  const good = call.outcome === "ok" || call.outcome === "";
  const said = h("pre", {}, "…");
  return h(
    "li",
    {},
    h(
      "details",
      { ontoggle: (event) => event.target.open && fill(said, call) },
      h(
        "summary",
        {},
        h("span", { class: `dot ${call.platform}` }),
        h("code", {}, call.method),
        h("span", { class: good ? "outcome" : "outcome bad" }, call.outcome || "…"),
        h("time", {}, say(Date.parse(call.at) / 1000, SECONDS)),
      ),
      said,
    ),
  );
}

/** The arguments of a call come only when somebody wants to see them. */
async function fill(node, call) {
  const { calls } = await ask(`calls?since=${call.began - 1}`);
  node.textContent = JSON.stringify(calls.find((one) => one.began === call.began)?.arguments ?? "forgotten", null, 1);
}

export function callsButton() {
  return h(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-expanded": String(state.drawer === "calls"),
      onclick: openCalls,
      data: { testid: "calls", focus: "calls" },
    },
    icon("list", 16),
    "Calls",
    h("span", { class: "count calm" }, state.common.calls.total),
  );
}
