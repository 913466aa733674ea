// The page's own few words, in the language the server chose, and the line in a column that says them.
export const words = JSON.parse(document.body.dataset.words);

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function say(column, text, isBad = false) {
  const line = column.querySelector(".notice");
  line.textContent = text;
  line.classList.toggle("bad", isBad);
}
