// Pages that refresh themselves. The server says only that something changed; each part then asks again for itself.
//
//   <div data-live="petition:QS… desk" hx-get="…" hx-trigger="live" hx-swap="outerHTML">    asked again on a ping
//   <div data-live="unit:SWJ" data-live-mode="offer" …>{% include "notices/_offer.html" %}  only offers to refresh
//   <form data-seen …>                                                                       posted once, when shown
//
// One stream per page, closed while the tab is hidden; <html data-stream="open"> while it flows. Where none comes through,
// parts are asked every minute.

const EVENTS = "/events/", SILENCE = 60_000, LONGEST_WAIT = 60_000, SPREAD = 2000;
let source = null, watched = "", wait = 1000, retry = 0, heard = 0, wasHidden = false;
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

function offer(part) {
  const button = part.querySelector("[data-live-offer]");
  if (!button) return;
  const count = Number(button.dataset.count ?? 0) + 1;
  button.dataset.count = count;
  (button.querySelector("[data-words]")).textContent = button.dataset.text.replace("{n}", count);
  button.hidden = false;
}

function pinged(topic) {
  const spread = 50 + (isQueue(topic) ? Math.random() * SPREAD : 0);
  for (const part of parts().filter((part) => topicsOf(part).includes(topic))) {
    part.dataset.liveMode === "offer" ? offer(part) : refresh(part, spread);
  }
}

const refreshAll = () => parts().forEach((part) => refresh(part, Math.random() * SPREAD));

function disconnect() {
  clearTimeout(retry);
  source?.close();
  source = null;
  watched = "";
  delete document.documentElement.dataset.stream;
}

function connect() {
  const topics = [...new Set(parts().flatMap(topicsOf))].sort().join("\n");
  if (document.hidden || (source && topics === watched)) return;
  disconnect();
  if (!topics) return;
  watched = topics;
  let opened = 0;
  source = new EventSource(`${EVENTS}?${new URLSearchParams(topics.split("\n").map((topic) => ["topic", topic]))}`);
  source.addEventListener("open", () => {
    if (opened++) refreshAll();
    wait = 1000;
    document.documentElement.dataset.stream = "open";
  });
  source.addEventListener("beat", () => { heard = Date.now(); });
  source.addEventListener("ping", (event) => { heard = Date.now(); pinged(event.data); });
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
    disconnect();
    retry = setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
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
    refreshAll();
    connect();
  }
  wasHidden = document.hidden;
});
document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-live-offer]")?.closest("[data-live]");
  if (!part) return;
  part.hasAttribute("hx-get") ? part.dispatchEvent(new CustomEvent("live")) : location.reload();
});
document.addEventListener("htmx:after:swap", connect);
setInterval(() => { if (!document.hidden && Date.now() - heard > SILENCE) refreshAll(); }, SILENCE);
heard = Date.now();
connect();
seen();
