// A name that is not there: where on this page it is made, and which names an exercise's cell has.
import { _ } from "./words.js";
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

const label = (cell) => (cell.number ? `[${cell.number}]` : _("of the exercise {id}", { id: cell.exercise }));

// What to say of a NameError in a cell of the page. given: the sources that an exercise's cell runs after.
export function aboutName(name, cell, cells, given) {
  const makers = cells.filter((other) => other !== cell && !other.exercise && defines(other.source, name));
  if (cell.exercise || cell.follows) {
    const names = namesIn(given).join(", ");
    return makers.length
      ? _(
          "{name} is defined in the chapter (cell {cell}), not here: Check runs your cell with {names} and your other exercises, as the notebook does.",
          { name, names, cell: label(makers[0]) },
        )
      : _("{name} is not defined: Check runs your cell with {names} and your other exercises.", {
          name,
          names,
        });
  }
  if (defines(cell.source, name))
    return _("{name} is made in this cell, but not before this line.", { name });
  if (!makers.length) return _("No cell of this page defines {name}.", { name });
  const at = cells.indexOf(cell);
  const before = makers.filter((other) => cells.indexOf(other) < at);
  if (!before.length)
    return _("{name} is defined in cell {cell}, which comes later: run that one first.", {
      name,
      cell: label(makers[0]),
    });
  return _("{name} is defined in cell {cell}: has it run, and does it still say so?", {
    name,
    cell: label(before.at(-1)),
  });
}
