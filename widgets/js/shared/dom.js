// A view is plain data, h(tag, attributes, ...children). patch() makes the page equal to it and keeps
// what is there (so focus and drags survive); markup() writes it as text (so stills need no browser).

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  const kept = children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);
  return {
    tag,
    attributes: attributes ?? {},
    children: kept.map((c) => (typeof c === "object" ? c : String(c))),
  };
}

function setAttribute(node, name, value, old) {
  if (name === "key") return;
  if (name.startsWith("on")) {
    node[name] = value ?? null;
  } else if (name === "value") {
    // Half-typed numbers ("1.0" on the way to "1.05") are left alone while they mean the same.
    if (node.type === "number" ? node.valueAsNumber !== value : node.value !== String(value))
      node.value = value;
  } else if (name === "checked" || name === "selected" || name === "disabled" || name === "open") {
    if (name !== "open" || value !== old) node[name] = Boolean(value);
  } else if (value === false || value === null || value === undefined) {
    node.removeAttribute(name);
  } else if (value !== old) {
    node.setAttribute(name, value === true ? "" : value);
  }
}

function create(view, svg) {
  if (typeof view === "string") return document.createTextNode(view);
  const isSvg = svg || view.tag === "svg";
  const node = isSvg ? document.createElementNS(SVG, view.tag) : document.createElement(view.tag);
  node.bpwView = { attributes: {} };
  update(node, view, isSvg);
  return node;
}

function update(node, view, svg) {
  const before = node.bpwView.attributes;
  // The attributes come first (min and max before value), the value of a select after its options.
  for (const name of Object.keys(before))
    if (!(name in view.attributes)) setAttribute(node, name, null, before[name]);
  const late = view.tag === "select" || view.tag === "textarea";
  const names = Object.keys(view.attributes).sort((a, b) => (a === "value") - (b === "value"));
  for (const name of names) {
    if (!(late && name === "value")) setAttribute(node, name, view.attributes[name], before[name]);
  }
  patch(node, view.children, svg);
  if (late && "value" in view.attributes) setAttribute(node, "value", view.attributes.value, before.value);
  node.bpwView = view;
}

function fits(node, view) {
  if (typeof view === "string") return node.nodeType === 3;
  const old = node.bpwView;
  return Boolean(old) && node.localName === view.tag && old.attributes.key === view.attributes.key;
}

export function patch(parent, views, svg = false) {
  const inside = svg || parent.localName === "svg";
  const keyed = new Map();
  for (const node of parent.childNodes) {
    const key = node.bpwView?.attributes.key;
    if (key !== undefined) keyed.set(key, node);
  }
  let at = parent.firstChild;
  for (const view of views) {
    const key = view.attributes?.key;
    const known = key === undefined ? null : keyed.get(key);
    if (known && known !== at && known.localName === view.tag) {
      parent.insertBefore(known, at);
      at = known;
    }
    if (at && fits(at, view)) {
      if (typeof view === "string") {
        if (at.data !== view) at.data = view;
      } else update(at, view, inside);
      at = at.nextSibling;
    } else {
      parent.insertBefore(create(view, inside), at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const escaped = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

// The view as text, without what only a live page can use.
export function markup(view) {
  if (typeof view === "string") return escaped(view);
  const live = /^(on|key$|tabindex$|role$|aria-|data-token$)/;
  const attributes = Object.entries(view.attributes)
    .filter(([name, value]) => !live.test(name) && value !== false && value !== null && value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(value === true ? "" : value)}"`);
  return `<${view.tag}${attributes.join("")}>${view.children.map(markup).join("")}</${view.tag}>`;
}

// Pointer handling for a picture: move(x, y) in the picture's own units, from press to release.
export function dragging(move) {
  const follow = (event) => {
    const picture = event.currentTarget.closest("svg") ?? event.currentTarget;
    const box = picture.getBoundingClientRect();
    const size = picture.viewBox.baseVal;
    move(
      ((event.clientX - box.left) / box.width) * size.width,
      ((event.clientY - box.top) / box.height) * size.height,
    );
  };
  return {
    onpointerdown: (event) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      follow(event);
    },
    onpointermove: (event) => {
      if (event.buttons) follow(event);
    },
  };
}

// Has the reader asked for little motion?
export const lessMotion = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
