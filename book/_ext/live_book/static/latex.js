// What a cell shows as LaTeX. The book's own equations were set when it was built, so MathJax is fetched when
// the first such output comes.
import { settings } from "./settings.js";

let loading = null;

function mathjax() {
  // A book that was built without Node has its equations set by the page, so MathJax is there already.
  const { promise } = window.MathJax?.startup ?? {};
  if (promise && !loading) return promise.then(() => window.MathJax);
  loading ??= new Promise((done, failed) => {
    const { script, config } = settings.mathjax;
    window.MathJax = { ...config, startup: { typeset: false } };
    const element = document.createElement("script");
    element.src = settings.static + script;
    element.addEventListener("load", () => window.MathJax.startup.promise.then(() => done(window.MathJax)));
    element.addEventListener("error", failed);
    document.head.append(element);
  });
  return loading;
}

// Set the text of an element; where MathJax can't be had it stays LaTeX, and the next output tries again.
export async function typeset(element) {
  const text = element.textContent;
  try {
    const { typesetPromise } = await mathjax();
    // The book's MathJax knows \( \) and \[ \], and takes a dollar for a dollar.
    element.classList.add("tex2jax_process", "mathjax_process");
    element.textContent = text.replace(/\$\$([^$]+)\$\$/g, "\\[$1\\]").replace(/\$([^$]+)\$/g, "\\($1\\)");
    await typesetPromise([element]);
  } catch {
    loading = null;
    element.textContent = text;
  }
}
