// Opened as a file, browsers refuse modules and WebAssembly: say what to do instead of failing silently.
if (location.protocol === "file:") {
  const note = document.createElement("p");
  note.className = "live-note";
  note.setAttribute("role", "status");
  note.textContent = "To run this book's cells, serve its folder: python -m http.server 8000, then open http://localhost:8000";
  const article = document.querySelector("article");
  if (article) article.prepend(note);
}
