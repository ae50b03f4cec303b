// An equation or a table that is wider than the page scrolls, and so a keyboard must reach it.
function mark() {
  for (const wide of document.querySelectorAll('mjx-container[display="true"], .bd-article table')) {
    if (wide.scrollWidth > wide.clientWidth + 1) wide.tabIndex = 0;
  }
}

export function reachWide() {
  addEventListener("load", mark);
  addEventListener("resize", mark);
  // What was folded has a width only now
  addEventListener("toggle", mark, true);
}
