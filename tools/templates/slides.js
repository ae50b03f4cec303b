// Turns the slides of a deck with the keys; says when the formulas are set.
window.MathJax = {
  loader: { load: [] },
  options: { enableMenu: false },
  startup: {
    pageReady: () =>
      window.MathJax.startup.defaultPageReady().then(() => {
        document.documentElement.dataset.typeset = "";
      }),
  },
};

document.addEventListener("DOMContentLoaded", () => {
  const root = document.documentElement;
  const slides = [...document.querySelectorAll(".slide")];
  if (new URLSearchParams(location.search).has("notes")) root.dataset.notes = "";

  function current() {
    const middle = scrollY + innerHeight / 2;
    const at = slides.findIndex((slide) => slide.offsetTop + slide.offsetHeight > middle);
    return at < 0 ? slides.length - 1 : at;
  }
  function turn(by) {
    const next = Math.min(Math.max(current() + by, 0), slides.length - 1);
    slides[next].scrollIntoView();
  }
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const turns = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
    if (event.key in turns) {
      event.preventDefault();
      turn(turns[event.key]);
    } else if (event.key === "n") {
      const place = current();
      root.toggleAttribute("data-notes");
      slides[place].scrollIntoView();
    } else if (event.key === "p") print();
  });
});
