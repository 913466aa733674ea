// Keeps the chats on the page as they are on the server; what hasn't changed is left alone.
import { noteNew } from "./board.js";

const sources = new WeakMap(); // an entry → the HTML it was made from
const RETRY = 2000; // milliseconds, where the browser itself has given up
const NEAR = 80; // pixels from the end that still count as reading the end

// `shown` is called with each column that may have something new in it.
export function follow(shown) {
  let source;
  const renew = () => {
    source?.close();
    source = open(renew, shown);
  };
  renew();
  addEventListener("pagehide", () => source.close());
  return { renew };
}

function open(renew, shown) {
  const source = new EventSource(`/stream${location.search}`);
  const lost = document.getElementById("lost");
  source.addEventListener("open", () => { lost.textContent = ""; });
  source.addEventListener("chat", (event) => show(JSON.parse(event.data), shown));
  source.addEventListener("error", () => {
    lost.textContent = JSON.parse(document.body.dataset.words).lost;
    if (source.readyState === EventSource.CLOSED) setTimeout(renew, RETRY);
  });
  return source;
}

function show({ user, html }, shown) {
  const column = [...document.querySelectorAll(".column")].find((each) => each.dataset.user === user);
  if (!column) return;
  const log = column.querySelector(".log");
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  const fresh = reconcile(log.querySelector("ol"), html);
  const isOwn = fresh.some((entry) => entry.matches(".said"));
  if (wasAtEnd || isOwn) log.scrollTop = log.scrollHeight;
  shown(column);
  noteNew(column, fresh.filter((entry) => entry.matches(".posted")).length);
}

// Makes the list say what `html` says, and returns the entries that are new.
function reconcile(list, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const wanted = [...template.content.children];
  const ids = new Set(wanted.map((entry) => entry.id));
  const held = document.activeElement;
  const wasInside = list.contains(held) ? { entry: held.closest("li"), data: { ...held.dataset } } : null;
  for (const entry of [...list.children]) if (!ids.has(entry.id)) entry.remove();
  const fresh = wanted.filter((entry, at) => place(list, entry, at));
  if (wasInside && !list.contains(document.activeElement)) refocus(list, wasInside);
  return fresh;
}

function place(list, entry, at) {
  const source = entry.outerHTML;
  const present = [...list.children].find((each) => each.id === entry.id);
  if (present && (sources.get(present) ?? present.outerHTML) === source) return false;
  sources.set(entry, source);
  if (present) present.replaceWith(entry);
  else {
    entry.classList.add("fresh");
    list.insertBefore(entry, list.children[at] ?? null);
  }
  return !present;
}

// The keyboard stays where it was: on the same button, else on the message, else in the text line.
function refocus(list, { entry, data }) {
  const now = [...list.children].find((each) => each.id === entry.id);
  const buttons = [...(now?.querySelectorAll("[data-action]") ?? [])];
  const same = buttons.find((each) => each.dataset.action === data.action && each.dataset.reference === data.reference);
  (same ?? now ?? list.closest(".talk").querySelector(".composer input")).focus();
}
