// The page's language. Sentences stand in the code in English; other languages have a catalogue, which
// tools/messages.py makes of autograder/locale and the build puts beside these scripts.
const named = new URLSearchParams(globalThis.location?.search).get("language"); // a worker has no document
const language = globalThis.document?.documentElement.lang || named || "en";
const none = { default: {}, plural: () => 0 };
const { default: catalogue, plural } = language.startsWith("en")
  ? none
  : await import(`./locale/${language}.js`).catch(() => none);

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));

// A sentence in the page's language, with values in the places that it has for them: _("{n} of {of}", {n, of}).
export const _ = (text, values = {}) => filled(catalogue[text] ?? text, values);

// The same in the form that goes with the number n, which stands in it as {n}.
export function n_(one, many, n, values = {}) {
  const text = catalogue[one]?.[plural(n)] ?? (n === 1 ? one : many);
  return filled(text, { n, ...values });
}

// A mark at a sentence that is shown later.
export const N_ = (text) => text;

// A number as the language writes it: 1.5 is 1,5 in Spanish.
export const decimal = (value, places) =>
  value.toLocaleString(language, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    useGrouping: false,
  });
