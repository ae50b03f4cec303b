// When does a page's first screen stand as it stays? firstScreen(): {readable, whole}, seconds, null while it doesn't.
//
// readable: every word and equation of the article that is on the screen is painted in its own fonts. A font that
// only something further down asks for doesn't count, and neither does the list of contents at the side.
// whole: the page has come to its end, and all fonts that anything on it asks for are there.
//
// A frame is looked at before it is painted, so its time is that of the next one.
(() => {
  const found = { readable: null, whole: null };

  const onScreen = (element) => {
    const { top, bottom, width } = element.getBoundingClientRect();
    return top < innerHeight && bottom > 0 && width > 0;
  };

  // The names of the fonts that an element and what its style writes into it are shown in
  const families = (element) =>
    [getComputedStyle(element), getComputedStyle(element, "::before")].flatMap(({ fontFamily }) =>
      fontFamily.split(",").map((name) => name.trim().replace(/["']/g, "")),
    );

  const stands = (article) => {
    // What comes next may still belong to the screen
    if (document.readyState === "loading" && article.getBoundingClientRect().bottom <= innerHeight)
      return false;
    const shown = [...article.querySelectorAll("*")].filter(onScreen);
    // An equation in TeX, which a script will set
    if (shown.some((e) => e.matches(".math") && !e.querySelector("mjx-container"))) return false;
    const asked = new Set(shown.flatMap(families));
    return ![...document.fonts].some(
      ({ family, status }) => status === "loading" && asked.has(family.replace(/["']/g, "")),
    );
  };

  const painted = () => performance.getEntriesByName("first-contentful-paint").length > 0;

  const look = () => {
    const article = document.querySelector("article");
    if (article && painted()) {
      const now = {
        readable: !found.readable && stands(article),
        whole: !found.whole && document.readyState !== "loading" && document.fonts.status === "loaded",
      };
      for (const name of Object.keys(now).filter((key) => now[key]))
        requestAnimationFrame(() => (found[name] = performance.now() / 1000));
    }
    if (!found.readable || !found.whole) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.firstScreen = () => found;
})();
