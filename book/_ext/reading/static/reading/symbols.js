// Notes over symbols: name and shape of what the pointer, the keyboard or a finger is on, from the book's one
// notation. The build marked the symbols in the equations (book/_ext/typeset); and a copied text has their TeX.
(() => {
  const data = document.getElementById("notation-data");
  if (!data) return;
  const notes = JSON.parse(data.textContent);
  const byCode = new Map();
  notes.forEach((note, index) => {
    for (const word of note.code) if (!byCode.has(word)) byCode.set(word, index);
  });

  // ---- the note ------------------------------------------------------------------------------------------
  const box = document.createElement("div");
  box.id = "symbol-note";
  box.className = "symbol-note";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let owner = null;
  let timer = 0;

  function line({ plain, name, shape, says }) {
    const p = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = plain;
    p.append(strong, `: ${name}`);
    if (shape) {
      const span = document.createElement("span");
      span.className = "symbol-shape";
      span.textContent = says ?? `shape ${shape}`;
      p.append(" ", span);
    }
    return p;
  }

  function show(target, indices) {
    clearTimeout(timer);
    owner?.removeAttribute("aria-describedby");
    owner = target;
    box.replaceChildren(...indices.map((i) => line(notes[i])));
    box.hidden = false;
    target.closest("mjx-container")?.setAttribute("aria-describedby", box.id);
    const at = target.getBoundingClientRect();
    const own = box.getBoundingClientRect();
    const above = at.top - own.height - 8;
    box.style.left = `${Math.max(8, Math.min(at.left + at.width / 2 - own.width / 2, document.documentElement.clientWidth - own.width - 8))}px`;
    box.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  }

  function hide() {
    clearTimeout(timer);
    owner?.closest("mjx-container")?.removeAttribute("aria-describedby");
    owner = null;
    box.hidden = true;
  }

  // The symbol under an element: a formula's, or a name in code.
  function symbolAt(element) {
    if (!(element instanceof Element) || element.closest("button, textarea, a, .bpw, .symbol-note"))
      return null;
    const formula = element.closest("[data-symbol]");
    if (formula) return [formula, Number(formula.dataset.symbol)];
    const word = element.closest(".highlight span, code.literal span.pre, code.literal");
    const index = word && byCode.get(word.textContent.trim());
    return index === undefined || index === null ? null : [word, index];
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const found = symbolAt(event.target);
    if (found) show(found[0], [found[1]]);
    else if (owner && !box.contains(event.target)) {
      clearTimeout(timer);
      timer = setTimeout(hide, 250);
    } else clearTimeout(timer);
  });
  document.addEventListener("click", (event) => {
    const found = symbolAt(event.target);
    if (found) show(found[0], [found[1]]);
    else if (!box.contains(event.target)) hide();
  });
  document.addEventListener("focusin", (event) => {
    const formula = event.target instanceof Element && event.target.closest("mjx-container[tabindex]");
    if (!formula || !event.target.matches(":focus-visible")) return;
    const indices = [
      ...new Set([...formula.querySelectorAll("[data-symbol]")].map((e) => Number(e.dataset.symbol))),
    ];
    if (indices.length) show(formula, indices);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  // ---- what is copied: an equation is drawn by its style, so its TeX takes its place --------------------------
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (!selection.rangeCount || event.target.closest?.("input, textarea, [contenteditable]")) return;
    const copied = document.createElement("div");
    copied.append(selection.getRangeAt(0).cloneContents());
    const formulas = copied.querySelectorAll("mjx-container[data-tex]");
    if (!formulas.length) return;
    for (const formula of formulas) {
      const sign = formula.hasAttribute("display") ? "$$" : "$";
      formula.replaceWith(`${sign}${formula.dataset.tex}${sign}`);
    }
    copied.querySelectorAll(".headerlink, .copybtn").forEach((e) => e.remove());
    // Only what is on the page has lines as they are seen.
    copied.className = "copied";
    document.body.append(copied);
    // biome-ignore lint/performance/useDomNodeTextContent: the text content has no lines.
    event.clipboardData.setData("text/plain", copied.innerText);
    event.clipboardData.setData("text/html", copied.innerHTML);
    copied.remove();
    event.preventDefault();
  });

  addEventListener("scroll", () => owner && !owner.matches(":focus") && hide(), { passive: true });
})();
