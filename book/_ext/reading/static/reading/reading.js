// Where the reader has been, kept in this browser alone; and a page that prints whole.
(() => {
  const KEY = "deltabook:reading";
  const article = document.querySelector("article.bd-article") ?? document.querySelector("article");
  if (!article) return;

  // English, or what the page's settings have for these sentences
  const settings = document.getElementById("live-settings");
  const said = (settings && JSON.parse(settings.textContent).words) ?? {};
  const _ = (text, values = {}) => (said[text] ?? text).replace(/\{(\w+)\}/g, (_place, name) => values[name]);

  function recall() {
    try {
      return { read: {}, last: null, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
    } catch {
      return { read: {}, last: null }; // storage is denied, or holds something else
    }
  }
  function keep(state) {
    try {
      localStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      // Denied or full: nothing is remembered.
    }
  }
  const page =
    location.pathname
      .split("/")
      .pop()
      .replace(/\.html$/, "") || "index";
  const chapter = document.querySelector("[data-chapter]") !== null;
  // The numbered pages of this edition, as its list of contents has them.
  const chapters = [...document.querySelectorAll(".bd-sidebar-primary .toctree-l1 > a")]
    .filter((link) => /^\d+[a-z]?\./.test(link.textContent.trim()))
    .map((link) =>
      new URL(link.href, location.href).pathname
        .split("/")
        .pop()
        .replace(/\.html$/, ""),
    );

  // ---- the list of chapters: which ones were read to their end --------------------------------------------
  function showRead() {
    const { read } = recall();
    for (const link of document.querySelectorAll(".bd-sidebar-primary .toctree-l1 > a")) {
      const target = new URL(link.href, location.href).pathname
        .split("/")
        .pop()
        .replace(/\.html$/, "");
      const name = link.getAttribute("href") === "#" ? page : target;
      const mark = link.querySelector(".read-mark");
      if (read[name] && !mark) {
        const sign = document.createElement("span");
        sign.className = "read-mark";
        const tick = Object.assign(document.createElement("span"), { textContent: " ✓" });
        tick.setAttribute("aria-hidden", "true");
        sign.append(
          tick,
          Object.assign(document.createElement("span"), {
            className: "visually-hidden",
            textContent: _(" (read)"),
          }),
        );
        link.append(sign);
      } else if (!read[name]) mark?.remove();
    }
  }

  const title = article.querySelector("h1");
  function words(heading) {
    const copy = heading.cloneNode(true);
    copy.querySelectorAll(".headerlink, mjx-assistive-mml").forEach((e) => e.remove());
    return copy.textContent.trim();
  }

  if (chapter && "IntersectionObserver" in window) {
    const headings = [...article.querySelectorAll("section[id] > h2")];
    const end = headings[headings.length - 1];
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        const state = recall();
        state.last = {
          page,
          title: words(title),
          section: words(entry.target),
          id: entry.target.parentElement.id,
        };
        if (entry.target === end) state.read[page] = true;
        keep(state);
        if (entry.target === end) showRead();
      }
    });
    headings.forEach((heading) => seen.observe(heading));
  }

  // ---- the first page: go on where you stopped, or forget it all ------------------------------------------
  if (page === "index") {
    const { last, read } = recall();
    if (last) {
      const line = document.createElement("p");
      line.className = "go-on";
      const link = document.createElement("a");
      link.href = `${encodeURIComponent(last.page)}.html#${encodeURIComponent(last.id)}`;
      link.textContent = _("Go on reading: {title}, {section}", last);
      const forget = document.createElement("button");
      forget.type = "button";
      forget.textContent = _("Forget where I was");
      forget.addEventListener("click", () => {
        keep({ read: {}, last: null });
        line.remove();
        showRead();
      });
      line.append(
        link,
        _(" ({done} of {of} chapters read) ", {
          done: chapters.filter((name) => read[name]).length,
          of: chapters.length,
        }),
        forget,
      );
      title?.after(line);
    }
  }
  showRead();

  // ---- print: answers are open, colours are those of paper ------------------------------------------------
  let closed = [];
  let theme = "";
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("article details:not([open]):not(.hide)")];
    closed.forEach((details) => (details.open = true));
    theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    closed.forEach((details) => (details.open = false));
    document.documentElement.dataset.theme = theme;
  });
})();
