// Pages that refresh themselves. The server says only that something changed; each part then asks again for itself.
//
//   <div data-live="petition:QS… desk" hx-get="…" hx-trigger="live" hx-swap="outerHTML">    asked again on a ping
//   <div data-live="unit:SWJ" data-live-mode="offer" …>{% include "notices/_offer.html" %}  only offers to refresh
//   <form data-seen …>                                                                       posted once, when shown
//
// One stream per page, closed while the tab is hidden; <html data-stream="open"> while it flows. Where none comes
// through, parts are asked every minute. Who lost it comes back at random, so that a crowd does not come at once.

const EVENTS = "/events/", SILENCE = 60_000, LONGEST_WAIT = 60_000, SPREAD = 2000;
const streams = new Set(); // one, or for a moment the present one and the one that replaces it
let watched = "", retry = 0, failures = 0, comeback = SPREAD, heard = 0, hasGap = false, wasHidden = false;
const planned = new WeakMap();

const parts = () => [...document.querySelectorAll("[data-live]")];
const topicsOf = (part) => part.dataset.live.split(" ").filter(Boolean);
const isQueue = (topic) => topic === "desk" || topic.startsWith("unit:");

// A part in which somebody is writing is left alone.
const isBusy = (part) =>
  (part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) ||
  [...part.querySelectorAll("input:not([type=hidden]), textarea")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );

function refresh(part, delay = 0) {
  if (planned.has(part)) return;
  planned.set(part, setTimeout(() => {
    planned.delete(part);
    if (part.isConnected && !isBusy(part)) part.dispatchEvent(new CustomEvent("live"));
  }, delay));
}

// Counts changes; after a gap without any, it says that there may have been some.
function offer(part, changes = 1) {
  const button = part.querySelector("[data-live-offer]");
  if (!button) return;
  const count = Number(button.dataset.count ?? 0) + changes;
  button.dataset.count = count;
  const { text, gap } = button.dataset;
  button.querySelector("[data-words]").textContent = count ? text.replace("{n}", count) : gap;
  button.hidden = false;
}

// One change: a part that watches several of its topics hears of it once.
function pinged(topics) {
  const spread = 50 + (topics.some(isQueue) ? Math.random() * SPREAD : 0);
  for (const part of parts().filter((part) => topicsOf(part).some((topic) => topics.includes(topic)))) {
    part.dataset.liveMode === "offer" ? offer(part) : refresh(part, spread);
  }
}

function refreshAll(spread = SPREAD) {
  for (const part of parts()) {
    part.dataset.liveMode === "offer" ? offer(part, 0) : refresh(part, Math.random() * spread);
  }
}

function disconnect() {
  clearTimeout(retry);
  streams.forEach((stream) => stream.close());
  streams.clear();
  watched = "";
  delete document.documentElement.dataset.stream;
}

// Opens a stream for what the page shows now. The former one is closed when this one flows: nothing is missed between.
function connect({ anew = false } = {}) {
  const topics = [...new Set(parts().flatMap(topicsOf))].sort().join("\n");
  if (document.hidden || (topics === watched && !anew)) return;
  if (!topics) return disconnect();
  clearTimeout(retry);
  watched = topics;
  const query = new URLSearchParams(topics.split("\n").map((topic) => ["topic", topic]));
  const stream = new EventSource(`${EVENTS}?${query}`);
  streams.add(stream);
  stream.addEventListener("open", () => flows(stream));
  stream.addEventListener("beat", (event) => { heard = Date.now(); comeback = Number(event.data) || SPREAD; });
  stream.addEventListener("ping", (event) => { heard = Date.now(); pinged(event.data.split(" ")); });
  stream.addEventListener("missed", () => refreshAll(comeback));
  stream.addEventListener("renew", () => connect({ anew: true }));
  stream.addEventListener("error", () => lose(stream));
}

function flows(stream) {
  for (const other of streams) if (other !== stream) close(other);
  if (hasGap) refreshAll(0);
  hasGap = false;
  failures = 0;
  document.documentElement.dataset.stream = "open";
}

function close(stream) {
  stream.close();
  streams.delete(stream);
}

function lose(stream) {
  close(stream);
  if (!streams.size) {
    if (hasGap && !failures) refreshAll();
    hasGap = true;
    delete document.documentElement.dataset.stream;
  }
  const wait = Math.min(comeback * 2 ** failures++, Math.max(LONGEST_WAIT, comeback));
  clearTimeout(retry);
  retry = setTimeout(() => connect({ anew: true }), 500 + Math.random() * wait);
}

function seen() {
  if (document.querySelector("[data-unread='0']")) return;
  for (const form of document.querySelectorAll("form[data-seen]")) {
    fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => {});
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    disconnect();
  } else if (wasHidden) {
    hasGap = true;
    connect();
  }
  wasHidden = document.hidden;
});
document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-live-offer]")?.closest("[data-live]");
  if (!part) return;
  part.hasAttribute("hx-get") ? part.dispatchEvent(new CustomEvent("live")) : location.reload();
});
document.addEventListener("htmx:after:swap", () => connect());
setInterval(() => { if (!document.hidden && Date.now() - heard > SILENCE) refreshAll(); }, SILENCE);
heard = Date.now();
connect();
seen();
