// node tools/stills.mjs: writes each widget's still (widgets/stills/W1.svg ...), from the widget's own view.

import { mkdirSync, writeFileSync } from "node:fs";
import { still } from "../widgets/js/shared/view.js";
import { numbers } from "./widget_numbers.mjs";

const folder = new URL("../widgets/stills/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const n of numbers) {
  const { default: widget } = await import(`../widgets/js/w${n}.js`);
  writeFileSync(new URL(`W${n}.svg`, folder), `${still(widget.spec)}\n`);
}
