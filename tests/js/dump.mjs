// Prints, as JSON, the "Copy state as NumPy" text of every widget in every state of states.mjs.

import { numbers } from "../../tools/widget_numbers.mjs";
import { viewOf } from "../../widgets/js/shared/view.js";
import { statesOf } from "./states.mjs";

const dumped = [];
for (const n of numbers) {
  const { default: widget } = await import(`../../widgets/js/w${n}.js`);
  for (const state of statesOf(n))
    dumped.push({ id: `W${n}`, state, numpy: viewOf(widget.spec, state).numpy });
}
console.log(JSON.stringify(dumped));
