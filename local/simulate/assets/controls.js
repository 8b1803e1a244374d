// Controls: play, select a day, show the details of a day.
let animation = 0;
const pause = () => {
  cancelAnimationFrame(animation);
  animation = 0;
  byId("play").textContent = "Play";
  byId("date").setAttribute("aria-live", "polite");
};
const play = () => {
  const from = current === last ? 0 : current;
  const daysASecond = Math.min(60, Math.max(4, count / 20));
  let start = 0;
  hideTip();
  const step = (moment) => {
    start ||= moment;
    show(from + Math.floor(((moment - start) / 1000) * daysASecond));
    if (current === last) pause();
    else animation = requestAnimationFrame(step);
  };
  byId("play").textContent = "Pause";
  byId("date").setAttribute("aria-live", "off");
  animation = requestAnimationFrame(step);
};
const select = (day) => {
  pause();
  show(day);
};

// ---- details of the day at the pointer or the focus
const showTip = (cell) => {
  const of = Number(cell.dataset.day);
  const details = descriptions(of, current);
  const text = [longDate(of), ...(details.length ? details : [of > current ? "in the future" : "no run"])];
  cell.setAttribute("aria-label", text.join(". "));
  const more = text.length > 13 ? `\nand ${text.length - 13} more` : "";
  showTipAt(cell.getBoundingClientRect(), text.slice(0, 13).join("\n") + more);
};
const cellOf = (event) => event.target.closest?.("button[data-day]");
const focusDay = (day) => {
  const target = Math.min(last, Math.max(0, day));
  makeTabStop(target);
  cells[target].cell.focus();
};

byId("calendar").addEventListener("pointerover", (event) => cellOf(event) && showTip(cellOf(event)));
byId("calendar").addEventListener("pointerout", hideTip);
byId("calendar").addEventListener("focusin", (event) => cellOf(event) && showTip(cellOf(event)));
byId("calendar").addEventListener("focusout", hideTip);
byId("calendar").addEventListener("click", (event) => {
  const cell = cellOf(event);
  if (!cell) return;
  select(Number(cell.dataset.day));
  focusDay(Number(cell.dataset.day));
  showTip(cell);
});
byId("calendar").addEventListener("keydown", (event) => {
  const cell = cellOf(event);
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -count, End: count };
  if (event.key === "Escape") hideTip();
  if (!cell || !(event.key in steps)) return;
  event.preventDefault();
  focusDay(Number(cell.dataset.day) + steps[event.key]);
});

byId("play").addEventListener("click", () => (animation ? pause() : play()));
byId("back").addEventListener("click", () => select(current - 1));
byId("forward").addEventListener("click", () => select(current + 1));
byId("day").addEventListener("input", (event) => select(Number(event.target.value)));
const selectAt = (event) => {
  const box = byId("chart").getBoundingClientRect();
  select(Math.round(((event.clientX - box.left) / box.width) * last));
};
byId("chart").addEventListener("pointerdown", (event) => {
  byId("chart").setPointerCapture(event.pointerId);
  selectAt(event);
});
byId("chart").addEventListener("pointermove", (event) => event.buttons && selectAt(event));

byId("setting").textContent =
  `${data.schedule}: ${plural(count, "day")}, ${shortDate(0)} to ${shortDate(last)}`;
byId("day").max = last;
buildLegend();
buildCalendar();
buildChart();
show(last);
