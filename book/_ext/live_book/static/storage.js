// What the reader wrote, kept in this browser under page and cell. Where storage is denied, kept until the
// page closes.
const PREFIX = "deltabook:";
const fallback = new Map();

export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}

// False if it lives only as long as the page.
export function keep(key, text) {
  fallback.set(key, text);
  try {
    localStorage.setItem(PREFIX + key, text);
    return !localStorage.forgets;
  } catch {
    return false; // denied or full
  }
}

export function forget(key) {
  fallback.delete(key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept.
  }
}

// All that is kept: [key, text] each.
export function* kept() {
  const seen = new Set();
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const name = localStorage.key(i);
      if (!name.startsWith(PREFIX)) continue;
      seen.add(name.slice(PREFIX.length));
      yield [name.slice(PREFIX.length), localStorage.getItem(name)];
    }
  } catch {
    // What this page remembers follows.
  }
  for (const [key, text] of fallback) if (!seen.has(key)) yield [key, text];
}

// Another tab wrote: hear(key, text), with null for forgotten.
export function onOtherTab(hear) {
  addEventListener("storage", ({ key, newValue }) => {
    if (!key?.startsWith(PREFIX)) return;
    fallback.delete(key.slice(PREFIX.length));
    hear(key.slice(PREFIX.length), newValue);
  });
}
