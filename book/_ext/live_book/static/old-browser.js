// Browsers without modules: the text stays, and the reader is told why nothing runs.
document.documentElement.setAttribute("data-live-status", "failed");
