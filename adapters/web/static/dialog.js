// The dialog over a column: opening, closing, reading its fields, showing what is wrong with them.
import { chosenIn, setUpCombo, strayIn } from "./combobox.js";
import { fill, words } from "./words.js";

const openers = new WeakMap(); // a panel → what had the keyboard before it opened

const parts = (column) => ({ panel: column.querySelector(".panel"), talk: column.querySelector(".talk") });

export function openDialog(column, html, pressed = null) {
  const { panel, talk } = parts(column);
  if (panel.hidden) openers.set(panel, openerIn(column, pressed));
  panel.innerHTML = html;
  for (const combo of panel.querySelectorAll(".combo")) setUpCombo(combo);
  talk.inert = true;
  panel.hidden = false;
  firstPlace(panel, pressed).focus();
}

function openerIn(column, pressed) {
  const node = column.contains(document.activeElement) ? document.activeElement : pressed;
  return { node, entry: node?.closest(".entry")?.id };
}

// The same button when it is there again, the first field where nothing must be read before it, else the title.
function firstPlace(panel, pressed) {
  const again = [...panel.querySelectorAll("[data-action]")].find((button) =>
    pressed && button.dataset.action === pressed.dataset.action && button.dataset.reference === pressed.dataset.reference);
  const body = panel.querySelector(".dialog-body");
  const first = body.querySelector(":scope > :not(.faults)");
  const field = first?.matches(".field") ? first.querySelector("input:checked, input, select, textarea") : null;
  return again ?? field ?? panel.querySelector("h3");
}

export function closeDialog(column) {
  const { panel, talk } = parts(column);
  panel.hidden = true;
  panel.replaceChildren();
  talk.inert = false;
  const { node, entry } = openers.get(panel) ?? {};
  const place = node?.isConnected ? node : document.getElementById(entry);
  (place ?? talk.querySelector(".composer input")).focus();
}

// Each field's values by its name, an untouched field left out; and what is missing that must be there.
export function collect(form) {
  const values = {};
  const missing = {};
  for (const field of form.querySelectorAll("[data-field]")) {
    const given = READ[field.dataset.kind](field).filter((value) => value.trim());
    if ("unlisted" in field.dataset && strayIn(field)) missing[field.dataset.field] = field.dataset.unlisted;
    else if (given.length) values[field.dataset.field] = given;
    else if (field.dataset.missing) missing[field.dataset.field] = field.dataset.missing;
  }
  return { values, missing };
}

const READ = {
  value: (field) => [field.querySelector("input, select, textarea").value],
  boxes: (field) => [...field.querySelectorAll("input:checked")].map((box) => box.value),
  combo: (field) => chosenIn(field),
};

export function showFaults(form, faults) {
  const fields = [...form.querySelectorAll("[data-field]")];
  for (const field of fields) mark(field, faults[field.dataset.field] ?? "");
  const known = fields.filter((field) => faults[field.dataset.field]);
  const others = Object.entries(faults).filter(([name]) => !fields.some((field) => field.dataset.field === name));
  summarise(form.querySelector(".faults"), known, others.map(([, said]) => said));
  (known[0] ? controlsOf(known[0])[0] : form.querySelector(".faults")).focus();
}

const controlsOf = (field) => [...field.querySelectorAll("input, select, textarea")];

function mark(field, said) {
  const line = field.querySelector(".fault");
  line.textContent = said;
  line.hidden = !said;
  field.classList.toggle("wrong", Boolean(said));
  const marked = field.matches("[role=radiogroup]") ? [field] : controlsOf(field);
  for (const control of marked) {
    if (said) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

function summarise(box, fields, others) {
  const count = fields.length;
  const head = document.createElement("p");
  head.textContent = count === 1 ? words.oneFault : fill(words.manyFaults, { count });
  const list = document.createElement("ul");
  for (const field of fields) list.append(leadTo(field));
  const more = others.map((said) => Object.assign(document.createElement("p"), { textContent: said, className: "other" }));
  box.replaceChildren(...(count ? [head, list] : []), ...more);
  box.hidden = !count && !others.length;
}

// A field that is answered anew is no longer wrong, until it has been handed in again.
export function mend(field) {
  mark(field, "");
  const box = field.closest("form").querySelector(".faults");
  const others = [...box.querySelectorAll(".other")].map((line) => line.textContent);
  summarise(box, [...box.parentElement.querySelectorAll(".wrong")], others);
}

function leadTo(field) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const control = controlsOf(field)[0];
  const label = field.querySelector("label, legend").firstChild.textContent.trim();
  const said = field.querySelector(".fault").textContent;
  link.textContent = `${label} – ${said}`;
  link.href = `#${control.id}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    control.focus();
  });
  item.append(link);
  return item;
}
