// Search, section, "needs attention" and order of the table of students; without scripts it is all there.
const table = document.querySelector("table[data-students]");
const rows = [...table.tBodies[0].rows];
const search = document.getElementById("search");
const section = document.getElementById("section");
const open = document.getElementById("open");
const count = document.getElementById("count");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function show() {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = plain(row.dataset.text);
    const fits =
      words.every((word) => text.includes(word)) &&
      (!section.value || row.dataset.section === section.value) &&
      (!open.checked || row.dataset.open !== "0");
    row.hidden = !fits;
    shown += fits;
  }
  count.textContent = count.dataset.words.replace("{shown}", shown).replace("{all}", rows.length);
}

function sortBy(header) {
  const place = [...header.parentNode.children].indexOf(header);
  const down = header.getAttribute("aria-sort") === "ascending";
  for (const other of header.parentNode.children) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => row.cells[place].dataset.key ?? row.cells[place].textContent.trim();
  const number = (text) => (text === "" ? -Infinity : Number(text));
  const numbers = header.classList.contains("n");
  const compare = (a, b) =>
    numbers ? number(key(a)) - number(key(b)) : key(a).localeCompare(key(b), undefined, { numeric: true });
  table.tBodies[0].append(...rows.sort((a, b) => (down ? compare(b, a) : compare(a, b))));
}

for (const control of [search, section, open]) control.addEventListener("input", show);
for (const button of table.tHead.querySelectorAll("button")) {
  button.addEventListener("click", () => sortBy(button.parentNode));
}
document.querySelector(".tools").hidden = false;
show();
