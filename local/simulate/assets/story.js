// What happened: the data of the page, and every point with the day it came and the day it went.
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const DAY_MS = 86_400_000;
const MOST_ROWS = 500;
const toMs = (iso) => Date.parse(iso + "T00:00Z");
const first = toMs(data.first);
const count = Math.round((toMs(data.last) - first) / DAY_MS) + 1;
const last = count - 1;
const indexOf = (iso) => Math.round((toMs(iso.slice(0, 10)) - first) / DAY_MS);
const part = (moment, options) =>
  new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options }).format(moment);
const written = (moment, month, weekday) => {
  const name = weekday ? `${part(moment, { weekday })} ` : "";
  const date = new Date(moment);
  return `${name}${date.getUTCDate()} ${part(moment, { month })} ${date.getUTCFullYear()}`;
};
const longDate = (day) => written(first + day * DAY_MS, "long", "long");
const shortDate = (day) => written(first + day * DAY_MS, "short");
const many = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const colour = (mark) => `var(--${mark === "+" ? "within" : mark})`;
const strength = Object.keys(data.marks);

const points = data.points.map((point) => ({
  ...point,
  day: indexOf(point.taken),
  clock: point.taken.slice(11, 16),
  goes: point.deleted === null ? Infinity : indexOf(point.deleted),
  stays: point.stays.map((stay) => ({ ...stay, day: indexOf(stay.since) })),
}));
const stamp = (point) => `${shortDate(point.day)} ${point.clock}`;
const byDay = Array.from({ length: count }, () => []);
const goneBy = Array.from({ length: count }, () => []);
points.forEach((point) => {
  byDay[point.day].push(point);
  if (point.goes <= last) goneBy[point.goes].push(point);
});
const running = (perDay) => {
  let sum = 0;
  return perDay.map((of) => (sum += of.length));
};
const taken = running(byDay);
const deleted = running(goneBy);
const kept = taken.map((number, day) => number - deleted[day]);
const most = Math.max(...kept);
const isThere = (point, day) => point.day <= day && day < point.goes;
const stayOf = (point, day) => point.stays.findLast((stay) => stay.day <= day);
