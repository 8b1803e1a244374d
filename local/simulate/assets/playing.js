// What a person does with it: play, go to a day, ask what became of one.
let playing = 0;
const pause = () => {
  cancelAnimationFrame(playing);
  playing = 0;
  at("play").textContent = "Play";
  at("date").setAttribute("aria-live", "polite");
};
const play = () => {
  const from = current === last ? 0 : current;
  const daysASecond = Math.min(60, Math.max(4, count / 20));
  let began = 0;
  hideTip();
  const step = (moment) => {
    began ||= moment;
    show(from + Math.floor(((moment - began) / 1000) * daysASecond));
    if (current === last) pause();
    else playing = requestAnimationFrame(step);
  };
  at("play").textContent = "Pause";
  at("date").setAttribute("aria-live", "off");
  playing = requestAnimationFrame(step);
};
const goTo = (day) => {
  pause();
  show(day);
};

// ---- one day's story, at the pointer or the focus
const hideTip = () => {
  at("tip").hidden = true;
};
const showTip = (cell) => {
  const of = Number(cell.dataset.day);
  const story = told(of, current);
  const text = [longDate(of), ...(story.length ? story : [of > current ? "still to come" : "no run"])];
  cell.setAttribute("aria-label", text.join(". "));
  const tip = at("tip");
  tip.textContent = text.slice(0, 13).join("\n") + (text.length > 13 ? `\nand ${text.length - 13} more` : "");
  tip.hidden = false;
  const [box, room] = [cell.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(box.left, document.documentElement.clientWidth - room.width - 8);
  const above = box.top - room.height - 8;
  tip.style.left = `${Math.max(8, left) + scrollX}px`;
  tip.style.top = `${(above > 0 ? above : box.bottom + 8) + scrollY}px`;
};
const cellOf = (event) => event.target.closest?.("button[data-day]");
const focusDay = (day) => {
  const target = Math.min(last, Math.max(0, day));
  offer(target);
  cells[target].cell.focus();
};

at("calendar").addEventListener("pointerover", (event) => cellOf(event) && showTip(cellOf(event)));
at("calendar").addEventListener("pointerout", hideTip);
at("calendar").addEventListener("focusin", (event) => cellOf(event) && showTip(cellOf(event)));
at("calendar").addEventListener("focusout", hideTip);
at("calendar").addEventListener("click", (event) => {
  const cell = cellOf(event);
  if (!cell) return;
  goTo(Number(cell.dataset.day));
  focusDay(Number(cell.dataset.day));
  showTip(cell);
});
at("calendar").addEventListener("keydown", (event) => {
  const cell = cellOf(event);
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -count, End: count };
  if (event.key === "Escape") hideTip();
  if (!cell || !(event.key in steps)) return;
  event.preventDefault();
  focusDay(Number(cell.dataset.day) + steps[event.key]);
});

at("play").addEventListener("click", () => (playing ? pause() : play()));
at("back").addEventListener("click", () => goTo(current - 1));
at("on").addEventListener("click", () => goTo(current + 1));
at("day").addEventListener("input", (event) => goTo(Number(event.target.value)));
at("disk").addEventListener("input", () => showCost(current));
const point = (event) => {
  const box = at("chart").getBoundingClientRect();
  goTo(Math.round(((event.clientX - box.left) / box.width) * last));
};
at("chart").addEventListener("pointerdown", (event) => {
  at("chart").setPointerCapture(event.pointerId);
  point(event);
});
at("chart").addEventListener("pointermove", (event) => event.buttons && point(event));

at("setting").textContent =
  `${data.schedule} in ${data.timezone}: ${many(count, "day")}, ${shortDate(0)} to ${shortDate(last)}`;
at("why").textContent =
  `Cost: at most ${dollars(Number(data.cost.pricePerGbMonth))} per GB-month for every point (${data.cost.source}). ${data.cost.why}`;
at("day").max = last;
buildLegend();
buildCalendar();
buildChart();
show(last);
