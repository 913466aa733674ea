// A field that is typed to find one of many (ARIA 1.2 combobox with a listbox); with `several`, one after the other.
import { fill, words } from "./words.js";

const comboOf = (node) => node.closest(".combo");
const inputOf = (combo) => combo.querySelector("[role=combobox]");
const listOf = (combo) => combo.querySelector("[role=listbox]");
const optionsOf = (combo) => [...combo.querySelectorAll("[role=option]")];
const isSeveral = (combo) => "several" in combo.dataset;
const isChosen = (option) => option.ariaSelected === "true";
const plain = (text) => text.trim().toLowerCase();

export function setUpCombo(combo) {
  showChosen(combo);
  inputOf(combo).addEventListener("click", () => open(combo));
  listOf(combo).addEventListener("mousedown", (event) => event.preventDefault()); // the keyboard stays in the line
}

// Words that name nothing in the list.
export function strayIn(field) {
  const typed = plain(field.querySelector("[role=combobox]").value);
  return typed && !optionsOf(field).some((option) => isChosen(option) && plain(option.dataset.label) === typed);
}

export const chosenIn = (field) => optionsOf(field).filter(isChosen).map((option) => option.dataset.value);

// What is typed narrows the list; words that no longer name the chosen one unchoose it.
export function comboInput(input) {
  const combo = comboOf(input);
  if (!isSeveral(combo)) for (const option of optionsOf(combo)) option.ariaSelected = "false";
  open(combo);
}

function open(combo) {
  const input = inputOf(combo);
  const chosen = optionsOf(combo).find(isChosen);
  // A list opened over a choice already made shows everything, so that one can choose anew.
  const isName = !isSeveral(combo) && chosen?.dataset.label === input.value;
  const wanted = isName ? "" : plain(input.value);
  for (const option of optionsOf(combo)) option.hidden = !plain(option.textContent).includes(wanted);
  const hits = optionsOf(combo).filter((option) => !option.hidden);
  listOf(combo).hidden = !hits.length;
  input.ariaExpanded = String(hits.length > 0);
  const said = hits.length ? fill(words.hits, { count: hits.length }) : words.noHits;
  combo.querySelector(".hits").textContent = said;
  combo.querySelector(".hits").classList.toggle("none", !hits.length);
  const best = hits.find((option) => plain(option.dataset.label).startsWith(wanted)) ?? hits[0];
  listOf(combo).scrollIntoView({ block: "nearest" });
  point(combo, wanted ? best : isName ? chosen : null);
}

function close(combo) {
  listOf(combo).hidden = true;
  inputOf(combo).ariaExpanded = "false";
  combo.querySelector(".hits").textContent = "";
  point(combo, null);
}

function point(combo, option) {
  for (const each of optionsOf(combo)) each.classList.toggle("pointed", each === option);
  if (!option) return inputOf(combo).removeAttribute("aria-activedescendant");
  inputOf(combo).setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function choose(combo, option) {
  const becomes = !(isSeveral(combo) && isChosen(option));
  if (!isSeveral(combo)) for (const each of optionsOf(combo)) each.ariaSelected = "false";
  option.ariaSelected = String(becomes);
  inputOf(combo).value = "";
  showChosen(combo);
  close(combo);
  inputOf(combo).dispatchEvent(new Event("change", { bubbles: true }));
}

function showChosen(combo) {
  const chosen = optionsOf(combo).filter(isChosen);
  if (!isSeveral(combo)) {
    if (chosen[0]) inputOf(combo).value = chosen[0].dataset.label;
    return;
  }
  const list = combo.querySelector(".chosen");
  list.replaceChildren(...chosen.map(chip));
  list.hidden = !chosen.length;
}

function chip(option) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.takeAway = option.id;
  button.ariaLabel = fill(words.takeAway, { name: option.dataset.label });
  button.textContent = "✕";
  const name = document.createElement("span");
  name.textContent = option.dataset.label;
  item.append(name, button);
  return item;
}

export function comboClick(node) {
  const combo = comboOf(node);
  if (node.dataset.takeAway) {
    document.getElementById(node.dataset.takeAway).ariaSelected = "false";
    showChosen(combo);
  } else choose(combo, node);
  inputOf(combo).focus();
}

// When the keyboard leaves, the list closes; a name written out in full counts as chosen.
export function comboFocusOut(event) {
  const combo = comboOf(event.target);
  if (combo.contains(event.relatedTarget)) return;
  const wanted = plain(inputOf(combo).value);
  const named = optionsOf(combo).find((option) => plain(option.dataset.label) === wanted);
  if (named && !isChosen(named)) choose(combo, named);
  else close(combo);
}

// Returns whether the key was the list's own, so that it means nothing else.
export function comboKey(event) {
  const combo = comboOf(event.target);
  const isOpen = !listOf(combo).hidden;
  const does = KEYS[event.key];
  if (!does || !(does === step || isOpen)) return false;
  does(combo, event.key, isOpen);
  event.preventDefault();
  return true;
}

function step(combo, key, isOpen) {
  if (!isOpen) open(combo);
  const hits = optionsOf(combo).filter((option) => !option.hidden);
  const at = hits.findIndex((option) => option.matches(".pointed"));
  const next = key === "ArrowDown" ? at + 1 : (at < 0 ? hits.length : at) - 1;
  point(combo, hits.at(next % hits.length) ?? null);
}

function take(combo) {
  const pointed = listOf(combo).querySelector(".pointed");
  if (pointed) choose(combo, pointed);
  else close(combo);
}

const KEYS = { ArrowDown: step, ArrowUp: step, Enter: take, Escape: close };
