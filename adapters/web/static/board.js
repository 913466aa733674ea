// The columns beside each other: who sits there, and on a narrow page the tabs that choose between them.
import { fill, words } from "./words.js";

const narrow = matchMedia("(max-width: 640px)");
const columns = () => [...document.querySelectorAll(".column")];
const tabs = () => [...document.querySelectorAll("[role=tab]")];
const columnOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
const isSelected = (tab) => tab.ariaSelected === "true";

export function setUpBoard() {
  narrow.addEventListener("change", arrange);
  arrange();
  for (const log of document.querySelectorAll(".log")) log.scrollTop = log.scrollHeight;
}

// On a narrow page one column is shown and is its tab's panel; on a wide one all are, and there are no tabs.
function arrange() {
  const selected = tabs().find(isSelected) ?? tabs()[0];
  for (const tab of tabs()) {
    const column = columnOf(tab);
    const isShown = tab === selected;
    tab.ariaSelected = String(isShown);
    tab.tabIndex = isShown ? 0 : -1;
    column.hidden = narrow.matches && !isShown;
    if (narrow.matches) column.setAttribute("role", "tabpanel");
    else column.removeAttribute("role");
    if (!column.hidden) setUnread(tab, 0);
  }
}

export function selectTab(tab) {
  for (const each of tabs()) each.ariaSelected = String(each === tab);
  arrange();
  const log = columnOf(tab).querySelector(".log");
  log.scrollTop = log.scrollHeight;
}

export function tabKey(event) {
  const all = tabs();
  const at = all.indexOf(event.target.closest("[role=tab]"));
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const tab = all[(to + all.length) % all.length];
  selectTab(tab);
  tab.focus();
}

export function noteNew(column, count) {
  const tab = tabs().find((each) => columnOf(each) === column);
  if (count && column.hidden && tab) setUnread(tab, Number(tab.dataset.unread ?? 0) + count);
}

function setUnread(tab, count) {
  tab.dataset.unread = String(count);
  const said = count === 1 ? words.oneNew : fill(words.manyNew, { count });
  tab.querySelector(".badge").textContent = count ? said : "";
}

// Shows other people without losing what stands half-written in the columns that stay.
export async function goTo(href, isNew = true) {
  const answer = await fetch(href).catch(() => null);
  if (!answer?.ok) return location.assign(href);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (isNew) history.pushState(null, "", href);
  const before = new Set(columns().map((column) => column.id));
  const selected = tabs().find(isSelected)?.id;
  takeOver(next);
  const added = columns().find((column) => !before.has(column.id));
  const tab = tabs().find((each) => added && columnOf(each) === added) ?? document.getElementById(selected);
  if (tab) tab.ariaSelected = "true";
  setUpBoard();
  (added ?? columns().find((column) => !column.hidden)).querySelector("h2").focus();
}

function takeOver(next) {
  const board = document.getElementById("board");
  const wanted = [...next.querySelectorAll(".column")];
  const ids = new Set(wanted.map((column) => column.id));
  for (const column of columns()) if (!ids.has(column.id)) column.remove();
  for (const [at, column] of wanted.entries()) {
    const present = document.getElementById(column.id);
    if (present) present.querySelector(".changes").replaceWith(column.querySelector(".changes"));
    else board.insertBefore(column, board.children[at] ?? null);
  }
  board.className = next.getElementById("board").className;
  for (const part of ["#adder", "#tabs", ".languages"]) {
    document.querySelector(part).replaceWith(next.querySelector(part));
  }
}
