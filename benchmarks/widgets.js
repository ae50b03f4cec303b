// Runs in the page: moves every control of the widget, and gives the milliseconds of each move.
(moves) => {
  const times = [];
  const timed = (act) => {
    const begin = performance.now();
    act();
    document.body.getBoundingClientRect(); // layout belongs to it
    times.push(performance.now() - begin);
  };
  const controls = document.querySelectorAll(".bpw-controls input[type=range], [data-scrub]").length;
  for (let c = 0; c < controls; c++) {
    for (let k = 0; k < moves; k++) {
      const input = document.querySelectorAll(".bpw-controls input[type=range], [data-scrub]")[c];
      const [low, high] = [Number(input.min), Number(input.max)];
      input.value = low + ((k * 0.618034) % 1) * (high - low);
      timed(() => input.dispatchEvent(new Event("input", { bubbles: true })));
    }
  }
  const selects = document.querySelectorAll(".bpw-controls select, .bpw-row select").length;
  for (let c = 0; c < selects; c++) {
    const options =
      document.querySelectorAll(".bpw-controls select, .bpw-row select")[c]?.options.length ?? 0;
    for (let k = 0; k < options; k++) {
      const select = document.querySelectorAll(".bpw-controls select, .bpw-row select")[c];
      if (!select || k >= select.options.length) continue;
      select.selectedIndex = k;
      timed(() => select.dispatchEvent(new Event("change", { bubbles: true })));
    }
  }
  return times;
};
