// The page's script: it hands people's acts in and shows what comes of them. It decides nothing and keeps nothing.
import { goTo, selectTab, setUpBoard, tabKey } from "./board.js";
import { closeDialog, collect, mend, openDialog, showFaults } from "./dialog.js";
import { comboClick, comboFocusOut, comboInput, comboKey } from "./combobox.js";
import { follow } from "./live.js";
import { say, words } from "./words.js";

const PATIENCE = 15000; // milliseconds until an act counts as not having come through
const underWay = new Map(); // what was sent without an answer → its delivery id, so that trying again is no new act

const columnOf = (node) => node.closest(".column");

async function post(path, body) {
  const answer = await fetch(path + location.search, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  return { status: answer.status, said: await answer.json() };
}

// Hands an act in; returns what the bot replied, or null once the column says why there is nothing.
async function act(column, path, body) {
  if (column.ariaBusy === "true") return null;
  const sent = { user: column.dataset.user, ...body };
  const same = path + JSON.stringify(sent);
  if (!underWay.has(same)) underWay.set(same, crypto.randomUUID());
  setBusy(column, true);
  say(column, "");
  try {
    const { status, said } = await post(path, { ...sent, delivery: underWay.get(same) });
    if (status < 500) underWay.delete(same);
    say(column, said.notice ?? "", status >= 400);
    return status < 400 ? said : null;
  } catch {
    say(column, words.noContact, true);
    return null;
  } finally {
    setBusy(column, false);
  }
}

// Buttons are disabled for the eye and the ear but keep the keyboard's place.
function setBusy(column, isBusy) {
  column.ariaBusy = isBusy ? "true" : null;
  for (const button of column.querySelectorAll("button")) {
    if (isBusy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

async function send(form) {
  const column = columnOf(form);
  const input = form.querySelector("input");
  const text = input.value;
  if (!text.trim()) return input.focus();
  const reply = await act(column, "/say", { text });
  if (!reply) return;
  if (input.value === text) input.value = "";
  if (reply.dialog) openDialog(column, reply.dialog);
}

async function press(button) {
  const column = columnOf(button);
  const { action, reference } = button.dataset;
  const entry = button.closest("[data-entry]")?.dataset.entry ?? "";
  const reply = await act(column, "/press", { action, reference, entry });
  if (!reply) return;
  if (reply.dialog) openDialog(column, reply.dialog, button);
  else if (!entry && reply.answered) closeDialog(column);
}

async function handIn(form) {
  const column = columnOf(form);
  const { values, missing } = collect(form);
  if (Object.keys(missing).length) return showFaults(form, missing);
  const { submit: action, submitReference: reference } = form.dataset;
  const reply = await act(column, "/submit", { action, reference, values });
  if (!reply) return;
  if (Object.keys(reply.faults).length) showFaults(form, reply.faults);
  else if (reply.dialog) openDialog(column, reply.dialog);
  else closeDialog(column);
}

async function dismiss(button) {
  const column = columnOf(button);
  await post("/dismiss", { user: column.dataset.user }).catch(() => say(column, words.noContact, true));
  column.querySelector(".composer input").focus();
}

function offer(chip) {
  const input = chip.closest("form").querySelector("input");
  input.value = chip.dataset.command;
  input.focus();
}

const CLICKS = [
  ["[data-action]", press],
  ["[data-dismiss]", dismiss],
  ["[data-command]", offer],
  ["[data-close]", (button) => closeDialog(columnOf(button))],
  ["[role=tab]", selectTab],
  [".combo [data-value], .combo [data-take-away]", comboClick],
];

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    goTo(link.href).then(live.renew);
  }
  for (const [where, does] of CLICKS) {
    const hit = event.target.closest(where);
    if (hit && hit.ariaDisabled !== "true") does(hit);
  }
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.matches(".composer")) send(event.target);
  else handIn(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.target.closest("[role=combobox]") && comboKey(event)) return;
  if (event.target.closest("[role=tab]")) return tabKey(event);
  if (event.key !== "Escape") return;
  const menu = event.target.closest(".menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.target.closest(".panel")) closeDialog(columnOf(event.target));
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[role=combobox]")) comboInput(event.target);
  if (event.target.matches("[data-find]")) find(event.target);
});

document.addEventListener("change", (event) => {
  const field = event.target.closest(".wrong");
  if (field) mend(field);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("[role=combobox]")) comboFocusOut(event);
});

function find(input) {
  const wanted = input.value.trim().toLowerCase();
  for (const item of input.parentElement.querySelectorAll("li")) {
    item.hidden = !item.textContent.toLowerCase().includes(wanted);
  }
}

const live = follow((column) => setBusy(column, column.ariaBusy === "true"));
setUpBoard();
addEventListener("popstate", () => goTo(location.href, false).then(live.renew));
