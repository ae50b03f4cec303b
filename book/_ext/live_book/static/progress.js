// Which exercises of a chapter were right, kept in this browser and shown in the sidebar.
import { make } from "./dom.js";
import { recall, keep } from "./storage.js";

function read(page) {
  try {
    return JSON.parse(recall(`progress:${page}`)) ?? null;
  } catch {
    return null;
  }
}

export function note(page, exercises, exercise, verdict) {
  const right = new Set(read(page)?.right ?? []);
  if (verdict === "right") right.add(exercise);
  const names = exercises.map((cell) => cell.exercise);
  keep(
    `progress:${page}`,
    JSON.stringify({ right: names.filter((name) => right.has(name)), total: names.length }),
  );
  show();
}

export function show() {
  for (const link of document.querySelectorAll(".bd-sidebar-primary .toctree-l1 > a")) {
    const here = link.getAttribute("href") === "#";
    const page = (here ? location.pathname : new URL(link.href).pathname)
      .split("/")
      .pop()
      .replace(/\.html$/, "");
    const progress = read(page);
    let badge = link.querySelector(".live-progress");
    if (!progress?.total) badge?.remove();
    else {
      if (!badge)
        link.append(
          " ",
          (badge = make("span", {
            className: "live-progress",
            title: "exercises whose check passed in this browser",
          })),
        );
      badge.textContent = `${progress.right.length}/${progress.total}`;
    }
  }
}
