// The numbers of the widgets that there are: widgets/js/w1.js is 1.

import { readdirSync } from "node:fs";

export const numbers = readdirSync(new URL("../widgets/js/", import.meta.url))
  .filter((name) => /^w\d+\.js$/.test(name))
  .map((name) => Number(name.slice(1, -3)))
  .sort((one, other) => one - other);
