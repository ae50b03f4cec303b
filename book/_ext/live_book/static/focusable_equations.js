// An equation that is wider than the screen scrolls, and so a keyboard must reach it.
function mark() {
  for (const equation of document.querySelectorAll('mjx-container[display="true"]')) {
    if (equation.scrollWidth > equation.clientWidth) equation.tabIndex = 0;
  }
}

export function reachWide() {
  addEventListener("load", mark);
  addEventListener("resize", mark);
}
