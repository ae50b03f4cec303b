// Mounts the widgets of a static page: no Python, each when it comes near the screen.

import { speak } from "./shared/words.js";

const { lang } = document.documentElement;
// A language without a catalogue is shown in English.
const spoken = lang && !lang.startsWith("en") ? import(`./locale/${lang}.js`).then(speak, () => {}) : null;

function pageModel(figure) {
  const has = (name) => figure.hasAttribute(`data-${name}`);
  const values = { in_page: true, ungated: has("ungated"), asked: has("asked") };
  return {
    get: (name) => values[name],
    set: (name, value) => (values[name] = value),
    save_changes() {},
    on() {},
    off() {},
  };
}

async function mount(figure) {
  if (figure.dataset.widgetMounting) return;
  figure.dataset.widgetMounting = "true";
  const id = figure.dataset.widget;
  const el = document.createElement("div");
  try {
    await spoken;
    const { default: widget } = await import(`./${id.toLowerCase()}.js`);
    figure.append(el);
    widget.render({ model: pageModel(figure), el });
    figure.dataset.widgetReady = "";
  } catch (error) {
    el.remove(); // the still stays
    console.error(`Widget ${id} could not start: ${error.message}. Reload the page to try again.`);
  }
}

const figures = [...document.querySelectorAll("figure[data-widget]")];
const linked = figures.filter((figure) => location.hash.includes(`${figure.dataset.widget}=`));
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      mount(target);
    }
  },
  { rootMargin: "400px" },
);
for (const figure of figures) near.observe(figure);
for (const figure of linked)
  mount(figure).then(() => figure === linked[0] && figure.scrollIntoView({ behavior: "instant" }));
