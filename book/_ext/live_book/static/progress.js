// Which exercises of a chapter were right, kept in this browser and shown in the sidebar.
import { recall, keep } from "./memory.js";

function read(page) {
  try {
    return JSON.parse(recall(`progress:${page}`)) ?? null;
  } catch {
    return null;
  }
}

export function note(page, exercises, exercise, verdict) {
  const before = read(page) ?? { right: [] };
  const right = new Set(before.right);
  if (verdict === "right") right.add(exercise);
  keep(`progress:${page}`, JSON.stringify({ right: [...right], total: exercises.length }));
  show();
}

export function show() {
  for (const link of document.querySelectorAll(".bd-sidebar-primary .toctree-l1 > a")) {
    const here = link.getAttribute("href") === "#";
    const page = (here ? location.pathname : new URL(link.href).pathname).split("/").pop().replace(/\.html$/, "");
    const progress = read(page);
    if (!progress?.total) continue;
    let badge = link.querySelector(".live-progress");
    if (!badge) {
      badge = document.createElement("span");
      badge.className = "live-progress";
      link.append(" ", badge);
    }
    badge.textContent = `${progress.right.length}/${progress.total}`;
    badge.title = "exercises whose check passed in this browser";
  }
}
