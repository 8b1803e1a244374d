// On a telephone the first problem comes before the figures and the legend.
if (matchMedia("(max-width: 52rem)").matches) {
  for (const each of document.querySelectorAll(".figures")) each.open = false;
}

// The time lines: the details of the point at the pointer, or of the one that the keys are at.
const partsOf = (timeline) => timeline.closest(".drawing");
const entriesOf = (timeline) => {
  timeline.entries ??= JSON.parse(partsOf(timeline).querySelector("script").textContent);
  return timeline.entries;
};
const showPoint = (timeline, rank) => {
  const entries = entriesOf(timeline);
  const [x, y, time, region, fate] = entries[rank];
  const drawing = timeline.querySelector("svg");
  const [box, frame] = [drawing.getBoundingClientRect(), timeline.getBoundingClientRect()];
  const left = box.left + (x / drawing.viewBox.baseVal.width) * box.width;
  const cursor = timeline.querySelector(".cursor");
  cursor.style.left = `${left - frame.left}px`;
  cursor.style.top = `${box.top - frame.top + y}px`;
  cursor.hidden = false;
  timeline.setAttribute("aria-valuenow", rank + 1);
  timeline.setAttribute("aria-valuetext", `${time}, ${region}, ${fate}`);
  const top = box.top + y;
  showTipAt({ left: left - 20, top: top - 8, bottom: top + 8 }, `${time}\n${region}\n${fate}`);
};
const hidePoint = (timeline) => {
  timeline.querySelector(".cursor").hidden = true;
  hideTip();
};
const rankOf = (timeline) => Number(timeline.getAttribute("aria-valuenow")) - 1;
const nearest = (timeline, event) => {
  const drawing = timeline.querySelector("svg");
  const box = drawing.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * drawing.viewBox.baseVal.width;
  // The region's line first: a point of another one is never meant.
  const distance = ([px, py]) => Math.abs(py - (event.clientY - box.top)) * 1e4 + Math.abs(px - x);
  const entries = entriesOf(timeline);
  return entries.reduce((best, entry, rank) => (distance(entry) < distance(entries[best]) ? rank : best), 0);
};
const timelineOf = (event) => event.target.closest?.(".timeline");
const onTimeline = (type, action) =>
  document.addEventListener(type, (event) => {
    const timeline = timelineOf(event);
    if (timeline) action(timeline, event);
  });

["pointermove", "pointerdown"].forEach((type) =>
  onTimeline(type, (timeline, event) => showPoint(timeline, nearest(timeline, event))),
);
onTimeline("pointerout", (timeline, event) => {
  if (!timeline.contains(event.relatedTarget)) hidePoint(timeline);
});
onTimeline("focusin", (timeline) => timeline.matches(":focus-visible") && showPoint(timeline, rankOf(timeline)));
onTimeline("focusout", hidePoint);
onTimeline("keydown", (timeline, event) => {
  if (event.key === "Escape") hidePoint(timeline);
  const end = entriesOf(timeline).length - 1;
  const steps = {
    ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -end, End: end,
  };
  if (!(event.key in steps)) return;
  event.preventDefault();
  showPoint(timeline, Math.min(end, Math.max(0, rankOf(timeline) + steps[event.key])));
});

// The list of all points of a resource is made when it is opened.
const listPoints = (details) => {
  const table = make("table");
  const head = make("tr");
  head.append(...["Time and region", "Kept or deleted"].map((text) => make("th", { scope: "col" }, text)));
  const rows = entriesOf(details).toReversed().map(([, , time, region, fate, name]) => {
    const row = make("tr");
    const [when, what] = [make("td", {}, time), make("td", {}, fate)];
    when.append(make("span", {}, region));
    what.append(make("code", {}, name));
    row.append(when, what);
    return row;
  });
  table.append(make("thead"), make("tbody"));
  table.tHead.append(head);
  table.tBodies[0].append(...rows);
  details.append(table);
};
document.addEventListener(
  "toggle",
  ({ target }) => target.open && !target.querySelector("table") && listPoints(target),
  true,
);

const resources = [...document.querySelectorAll(".resource")];
const find = () => {
  const wanted = byId("find").value.trim().toLowerCase();
  resources.forEach((each) => {
    each.hidden = !each.dataset.find.includes(wanted);
  });
  document.querySelectorAll(".resources").forEach((section) => {
    section.hidden = !section.querySelector(".resource:not([hidden])");
  });
  const shown = resources.filter((each) => !each.hidden).length;
  byId("found").textContent = wanted ? `${shown} of ${resources.length} shown` : "";
};
byId("find")?.addEventListener("input", find);
