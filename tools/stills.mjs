// node tools/stills.mjs: writes each widget's still (widgets/stills/W1.svg ...), from the widget's own view.
// node tools/stills.mjs es: the same in a language that widgets/js/locale has, into widgets/stills/es.

import { mkdirSync, writeFileSync } from "node:fs";
import { speak } from "../widgets/js/shared/words.js";
import { numbers } from "./widget_numbers.mjs";

const [language] = process.argv.slice(2);
// Before a widget is imported: its words are made then.
if (language) speak(await import(`../widgets/js/locale/${language}.js`));
const { still } = await import("../widgets/js/shared/view.js");
const folder = new URL(language ? `../widgets/stills/${language}/` : "../widgets/stills/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const n of numbers) {
  const { default: widget } = await import(`../widgets/js/w${n}.js`);
  writeFileSync(new URL(`W${n}.svg`, folder), `${still(widget.spec)}\n`);
}
