// The widgets' language. Sentences stand in the code in English; another language's come from locale/, which
// tools/messages.py makes of autograder/locale: speak() is called before any widget is imported.

let said = { default: {}, decimal: ".", list: ", " };

export function speak(catalogue) {
  said = catalogue;
}

// A sentence, with values in the places that it has for them: _("{n} of {of}", { n, of }).
export const _ = (text, values = {}) =>
  (said.default[text] ?? text).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));

// A number's text as the language writes it: 0.5 is 0,5 in Spanish.
export const decimal = (text) => (said.decimal === "." ? text : text.replace(".", said.decimal));

// What stands between the numbers of a list: where a comma is the decimal sign, a semicolon.
export const between = () => said.list;
