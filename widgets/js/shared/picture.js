// The picture as a file of its own, for a slide or an answer elsewhere: an SVG that needs no style sheet.

const SVG = "http://www.w3.org/2000/svg";
const STYLE = [
  ...[
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-opacity",
  ],
  ...[
    "opacity",
    "paint-order",
    "text-anchor",
    "text-decoration",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
  ],
];

// The text of an SVG file: what is on the screen now, on paper of the page's colour, with the words as its
// description.
export function standalone(svg, title, words) {
  const copy = svg.cloneNode(true);
  const [seen, made] = [svg.querySelectorAll("*"), copy.querySelectorAll("*")];
  seen.forEach((node, k) => {
    const style = getComputedStyle(node);
    for (const name of STYLE) {
      const value = style.getPropertyValue(name);
      if (value) made[k].setAttribute(name, value);
    }
  });
  for (const node of [copy, ...made]) {
    for (const { name } of [...node.attributes])
      if (/^(class|style|role|tabindex|aria-|data-)/.test(name)) node.removeAttribute(name);
  }
  copy.querySelectorAll("[stroke='rgba(0, 0, 0, 0)'][fill='none'], title").forEach((node) => node.remove()); // what only feels the pointer
  const add = (tag, text, attributes = {}) => {
    const node = document.createElementNS(SVG, tag);
    node.textContent = text;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  const paper = getComputedStyle(svg.closest(".bpw")).backgroundColor;
  copy.prepend(
    add("title", title),
    add("desc", words),
    add("rect", "", { width: "100%", height: "100%", fill: paper }),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

export function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
