// A name that is not there: where on this page it is made, and which names an exercise's cell has.
const escaped = (name) => name.replace(/[^\w]/g, "\\$&");

function defines(source, name) {
  const n = escaped(name);
  return (
    new RegExp(`^\\s*(?:def|class)\\s+${n}\\b`, "m").test(source) ||
    new RegExp(`^(?:[\\w, ]*,\\s*)?${n}\\s*(?:,[\\w, ]*)?=[^=]`, "m").test(source) ||
    new RegExp(`^\\s*(?:for|with .* as)\\s.*\\b${n}\\b.*:`, "m").test(source) ||
    new RegExp(`\\bimport\\b[^\\n]*\\b${n}\\b|\\bimport\\s*\\([^)]*\\b${n}\\b`).test(source)
  );
}

// The names at the top of these cells: "np", "g_prime(name, z)".
function namesIn(sources) {
  const found = [];
  for (const source of sources) {
    for (const [, name, args] of source.matchAll(/^def (\w+)\(([^)]*)\)/gm)) found.push(`${name}(${args})`);
    for (const [, what] of source.matchAll(/^(?:from \S+ )?import (.+)$/gm))
      found.push(...what.split(",").map((part) => part.trim().split(" as ").pop()));
    for (const [, name] of source.matchAll(/^(\w+) *=[^=]/gm)) found.push(name);
  }
  return [...new Set(found)].filter((name) => name !== "check");
}

const label = (cell) => (cell.number ? `[${cell.number}]` : `of the exercise ${cell.exercise}`);

// What to say of a NameError in a cell of the page. given: the sources that an exercise's cell runs after.
export function aboutName(name, cell, cells, given) {
  const makers = cells.filter((other) => other !== cell && !other.exercise && defines(other.source, name));
  if (cell.exercise || cell.follows) {
    const has = `Check runs your cell with ${namesIn(given).join(", ")} and your other exercises`;
    return makers.length
      ? `${name} is defined in the chapter (cell ${label(makers[0])}), not here: ${has}, as the notebook does.`
      : `${name} is not defined: ${has}.`;
  }
  if (defines(cell.source, name)) return `${name} is made in this cell, but not before this line.`;
  if (!makers.length) return `No cell of this page defines ${name}.`;
  const at = cells.indexOf(cell);
  const before = makers.filter((other) => cells.indexOf(other) < at);
  if (!before.length)
    return `${name} is defined in cell ${label(makers[0])}, which comes later: run that one first.`;
  return `${name} is defined in cell ${label(before.at(-1))}: has it run, and does it still say so?`;
}
