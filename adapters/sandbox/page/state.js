// What this page knows: who I am, what I look at, and the last snapshot of either platform.

import { toast } from "./dom.js";

export const PLATFORMS = ["slack", "discord"];
export const state = {
  me: "ana",
  view: "both",
  channel: { slack: "", discord: "" },
  panel: { slack: null, discord: null }, // {kind: "thread", id} | {kind: "pins"} | {kind: "members"}
  drawer: null,
  common: null, // clock, people, faults, calls, settings: shared by both platforms
  slack: null,
  discord: null,
  online: true,
};

const listeners = [];
let fetching = false;
let again = false;

export function subscribe(listener) {
  listeners.push(listener);
}

export function notify() {
  for (const listener of listeners) listener();
}

/** Change what I look at; fetches what that needs. */
export function look(patch) {
  Object.assign(state, patch);
  remember();
  notify();
  return refresh();
}

export function openChannel(platform, id) {
  return look({ channel: { ...state.channel, [platform]: id }, panel: { ...state.panel, [platform]: null } });
}

export function openPanel(platform, panel) {
  return look({ panel: { ...state.panel, [platform]: panel } });
}

export function shown(platform) {
  return state.view === "both" || state.view === platform;
}

export function person(key = state.me) {
  return state.common?.people.find((one) => one.key === key) ?? { key, name: key, timezone: "UTC", colour: "#777" };
}

export async function ask(path, body, method = "POST") {
  const how =
    body === undefined ? {} : { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/sandbox/${path}`, how);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}

/** Do something as the person I am. Resolves to the act's result; a refusal is told and resolves to null. */
export async function act(platform, name, args = {}) {
  try {
    const { result } = await ask("act", { platform, as: state.me, act: name, ...args });
    return result ?? {};
  } catch (error) {
    toast(error.message, "bad");
    return null;
  } finally {
    refresh();
  }
}

export async function control(path, body, method) {
  try {
    return await ask(path, body, method);
  } catch (error) {
    toast(error.message, "bad");
    return null;
  } finally {
    refresh();
  }
}

/** Fetch every side that is shown; calls that come while one is under way are answered by one more. */
export async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    do {
      again = false;
      await Promise.all(PLATFORMS.filter(shown).map(fetchSide));
      notify();
    } while (again);
  } catch (error) {
    if (!(error instanceof TypeError)) toast(error.message, "bad"); // TypeError: the server is away; the socket says so
  } finally {
    fetching = false;
  }
}

async function fetchSide(platform) {
  const query = new URLSearchParams({ platform, as: state.me, channel: state.channel[platform] ?? "" });
  const asked = `${state.me}/${state.channel[platform]}`;
  const answer = await ask(`state?${query}`);
  if (asked !== `${state.me}/${state.channel[platform]}`) {
    again = true; // I have moved on meanwhile; this answer is about somewhere else
    return;
  }
  const { side, ...common } = answer;
  common.fetched = performance.now();
  state.common = common;
  state[platform] = side;
  state.channel[platform] = side.channel?.id ?? "";
  see(platform, side.channel);
}

// Unread: the newest message each person saw in each channel, for as long as the page is open.
const seen = {};

function see(platform, channel) {
  if (!channel || document.hidden) return;
  const newest = state[platform].channels.find((one) => one.id === channel.id)?.latest;
  if (newest) seen[`${state.me}/${channel.id}`] = newest;
}

export function isUnread(channel) {
  const key = `${state.me}/${channel.id}`;
  seen[key] ??= seen[key] === undefined && !opened ? (channel.latest ?? "0") : "0";
  return Boolean(channel.latest) && seen[key] !== channel.latest;
}

let opened = false;

// The address keeps who I am and what I look at, so that a reload, or a test, comes back to the same place.
function remember() {
  const hash = new URLSearchParams({ as: state.me, view: state.view });
  for (const platform of PLATFORMS) if (state.channel[platform]) hash.set(platform, state.channel[platform]);
  history.replaceState(null, "", `#${hash}`);
}

function recall() {
  const hash = new URLSearchParams(location.hash.slice(1));
  state.me = hash.get("as") ?? state.me;
  if (["slack", "discord", "both"].includes(hash.get("view"))) state.view = hash.get("view");
  for (const platform of PLATFORMS) state.channel[platform] = hash.get(platform) ?? "";
}

export async function begin() {
  recall();
  await refresh();
  opened = true;
  listen();
  window.addEventListener("hashchange", () => {
    recall();
    refresh();
  });
}

function listen() {
  const socket = new WebSocket(`ws://${location.host}/sandbox/live`);
  socket.addEventListener("open", () => {
    state.online = true;
    refresh();
  });
  socket.addEventListener("message", () => refresh());
  socket.addEventListener("close", () => {
    state.online = false;
    notify();
    setTimeout(listen, 800);
  });
}
