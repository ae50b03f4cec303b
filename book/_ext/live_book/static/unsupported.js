// Where the page can't come alive, it says why. In the oldest JavaScript, for the browsers it is about.
window.addEventListener("load", function () {
  var root = document.documentElement;
  var cell = document.querySelector("[data-live-cell]");
  if (root.hasAttribute("data-live-page") || !cell) return;
  var words = JSON.parse(document.getElementById("live-settings").textContent).words || {};
  var _ = function (text) {
    return words[text] || text;
  };
  var note = document.createElement("p");
  note.className = "live-note";
  note.setAttribute("data-live-unsupported", "");
  note.setAttribute("role", "status");
  if (location.protocol === "file:") {
    note.textContent = _(
      "Browsers run no code of a page that was opened as a file. To run this book's cells, go to its folder, start: python -m http.server 8000 and open http://localhost:8000"
    );
  } else {
    root.setAttribute("data-live-status", "failed");
    note.textContent = _(
      "This browser can't run the cells of this page: it is too old, or its WebAssembly or workers are switched off. Text, equations and pictures are all here; the exercise notebook can be downloaded."
    );
  }
  cell.parentNode.insertBefore(note, cell);
});
