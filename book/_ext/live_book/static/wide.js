// What is wider than its place scrolls, and so a keyboard must reach it: an equation, a table, code, an output.
// The theme decides once for code, before a fold is opened or a page is made wider; here each is watched. An
// equation or a table says where more of it lies: data-more is "end", "start" or "start end".
const WIDE = 'mjx-container[display="true"], .bd-article :is(table, pre), .question-line';
const SAYS = 'mjx-container[display="true"], table';

function mark(wide) {
  const room = wide.scrollWidth - wide.clientWidth;
  if (room > 1) wide.tabIndex = 0;
  if (!wide.matches(SAYS)) return;
  const from = Math.abs(wide.scrollLeft);
  const more = [room > 1 && from > 1 && "start", room - from > 1 && "end"].filter(Boolean).join(" ");
  if (more) wide.dataset.more = more;
  else delete wide.dataset.more;
}

export function reachWide() {
  const watched = new ResizeObserver((entries) => {
    for (const { target } of entries) mark(target);
  });
  for (const wide of document.querySelectorAll(WIDE)) {
    watched.observe(wide);
    if (wide.matches(SAYS)) wide.addEventListener("scroll", () => mark(wide), { passive: true });
  }
  // Fonts change what is in it, not its own size
  document.fonts.ready.then(() => document.querySelectorAll(SAYS).forEach(mark));
}
