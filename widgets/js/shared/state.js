// A widget's state is plain JSON. It is read from the page's address, from Python, or from a saved notebook,
// so nothing of it is trusted: what does not fit the defaults is left out.

export function clean(defaults, given, ranges = {}, choices = {}) {
  const fit = (fallback, value, name) => {
    if (Array.isArray(fallback)) {
      if (!Array.isArray(value) || value.length !== fallback.length) return fallback;
      return fallback.map((f, i) => fit(f, value[i], name));
    }
    if (typeof value !== typeof fallback) return fallback;
    if (typeof value === "number") {
      if (!Number.isFinite(value)) return fallback;
      const [low, high] = ranges[name] ?? [-1e6, 1e6];
      const inside = Math.min(high, Math.max(low, value));
      return Number.isInteger(fallback) && ranges[name]?.[2] === "integer" ? Math.round(inside) : inside;
    }
    if (typeof value === "string" && choices[name] && !choices[name].includes(value)) return fallback;
    if (fallback && typeof fallback === "object") return value ?? fallback;
    return value;
  };
  const state = {};
  for (const [name, fallback] of Object.entries(defaults)) state[name] = fit(fallback, given?.[name], name);
  return state;
}

// "#W10={...}&W3={...}": each widget of a page keeps its own part of the fragment.
export function readFragment(id, hash) {
  for (const part of hash.replace(/^#/, "").split("&")) {
    if (!part.startsWith(`${id}=`)) continue;
    try {
      const value = JSON.parse(decodeURIComponent(part.slice(id.length + 1)));
      return value && typeof value === "object" && !Array.isArray(value) ? value : null;
    } catch {
      return null; // somebody cut the link short: the widget begins as usual
    }
  }
  return null;
}

export function writeFragment(id, state, hash) {
  const others = hash
    .replace(/^#/, "")
    .split("&")
    .filter((p) => /^W\d+=/.test(p) && !p.startsWith(`${id}=`));
  return `#${[...others, `${id}=${encodeURIComponent(JSON.stringify(state))}`].join("&")}`;
}

// The value at a path such as "W.0.1".
export function valueAt(state, path) {
  return path.split(".").reduce((value, key) => value[key], state);
}

// A copy of the state with another value there.
export function withValueAt(state, path, value) {
  const next = structuredClone(state);
  const keys = path.split(".");
  const last = keys.pop();
  keys.reduce((inner, key) => inner[key], next)[last] = value;
  return next;
}
