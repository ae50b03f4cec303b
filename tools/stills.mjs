// node tools/stills.mjs: writes each widget's still (widgets/stills/W1.svg ...), from the widget's own view.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { still } from "../widgets/js/shared/view.js";

const folder = new URL("../widgets/stills/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (let n = 1; n <= 18; n++) {
  const module = new URL(`../widgets/js/w${n}.js`, import.meta.url);
  if (!existsSync(module))
    throw new Error(`stills: widget W${n} was expected in ${module.pathname} and is not there`);
  const { default: widget } = await import(module);
  writeFileSync(new URL(`W${n}.svg`, folder), `${still(widget.spec)}\n`);
}
