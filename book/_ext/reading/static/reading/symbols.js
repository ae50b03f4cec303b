// Notes over symbols: name and shape of what the pointer, the keyboard or a finger is on, from the book's one
// notation. MathJax is told to mark the symbols while it reads the formulas, so this script comes before
// MathJax.
(() => {
  const data = document.getElementById("notation-data");
  if (!data) return;
  const notes = JSON.parse(data.textContent);
  const byLetter = new Map();
  const byCode = new Map();
  notes.forEach((note, index) => {
    for (const letter of note.letters) if (!byLetter.has(letter)) byLetter.set(letter, index);
    for (const word of note.code) if (!byCode.has(word)) byCode.set(word, index);
  });
  const ACCENTS = {
    "^": "hat ",
    ˆ: "hat ",
    "\u0302": "hat ",
    "¯": "bar ",
    ˉ: "bar ",
    "‾": "bar ",
    "\u0304": "bar ",
    "~": "",
    "˜": "",
    "\u0303": "",
  };

  // ---- marking, inside MathJax's own tree ----------------------------------------------------------------
  const textOf = (node) => (node.getText ? node.getText() : (node.childNodes ?? []).map(textOf).join(""));

  // The outermost wrapper that holds nothing but this node.
  function wrapped(node) {
    while (
      node.parent &&
      node.parent.childNodes.length === 1 &&
      (node.parent.isInferred || node.parent.isKind("TeXAtom") || node.parent.isKind("mrow"))
    )
      node = node.parent;
    return node;
  }

  function markOne(node) {
    let letter = node.getText();
    let target = wrapped(node);
    let parent = target.parent;
    if (parent?.isKind("mover") && parent.childNodes[0] === target) {
      const accent = ACCENTS[textOf(parent.childNodes[1])];
      if (accent === undefined) return;
      letter = accent + letter;
      target = wrapped(parent);
      parent = target.parent;
    }
    const scripts =
      parent &&
      (parent.isKind("msup") || parent.isKind("msub") || parent.isKind("msubsup")) &&
      parent.childNodes[0] === target;
    if (scripts) {
      const above = parent.isKind("msub") ? "" : textOf(parent.childNodes[parent.childNodes.length - 1]);
      if (above.startsWith("′") && byLetter.has(`${letter}'`)) letter += "'";
      target = parent;
    }
    const index = byLetter.get(letter);
    if (index !== undefined) target.attributes.set("data-symbol", String(index));
  }

  const mark = (item) =>
    item.root.walkTree((node) => {
      if (node.isKind("mi") || node.isKind("mo")) markOne(node);
    });

  const math = (window.MathJax ??= {});
  math.options = { ...math.options };
  math.options.renderActions = {
    ...math.options.renderActions,
    symbols: [25, (all) => [...all.math].forEach(mark), (item) => mark(item)],
  };
  math.startup = {
    ...math.startup,
    pageReady: () => window.MathJax.startup.defaultPageReady().then(focusable),
  };

  // Displayed formulas, and the first formula with each symbol, are stops of the Tab key.
  function focusable() {
    const seen = new Set();
    for (const formula of document.querySelectorAll("article mjx-container, .bd-article mjx-container")) {
      const symbols = [
        ...new Set([...formula.querySelectorAll("[data-symbol]")].map((e) => e.dataset.symbol)),
      ];
      if (formula.hasAttribute("display") || symbols.some((s) => !seen.has(s))) formula.tabIndex = 0; // a long one scrolls
      symbols.forEach((s) => seen.add(s));
    }
  }

  // ---- the note ------------------------------------------------------------------------------------------
  const box = document.createElement("div");
  box.id = "symbol-note";
  box.className = "symbol-note";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let owner = null;
  let timer = 0;

  function line({ plain, name, shape }) {
    const p = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = plain;
    p.append(strong, `: ${name}`);
    if (shape) {
      const span = document.createElement("span");
      span.className = "symbol-shape";
      span.textContent = `shape ${shape}`;
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
  addEventListener("scroll", () => owner && !owner.matches(":focus") && hide(), { passive: true });
})();
