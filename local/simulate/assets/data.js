// The data of the page: every recovery point with the days on which it was taken and deleted.
const data = JSON.parse(byId("data").textContent);
const DAY_MS = 86_400_000;
const MAX_ROWS = 500;
const toMs = (iso) => Date.parse(iso + "T00:00Z");
const first = toMs(data.first);
const count = Math.round((toMs(data.last) - first) / DAY_MS) + 1;
const last = count - 1;
const indexOf = (iso) => Math.round((toMs(iso.slice(0, 10)) - first) / DAY_MS);
const part = (moment, options) =>
  new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options }).format(moment);
const formatDate = (moment, month, weekday) => {
  const name = weekday ? `${part(moment, { weekday })} ` : "";
  const date = new Date(moment);
  return `${name}${date.getUTCDate()} ${part(moment, { month })} ${date.getUTCFullYear()}`;
};
const longDate = (day) => formatDate(first + day * DAY_MS, "long", "long");
const shortDate = (day) => formatDate(first + day * DAY_MS, "short");
const plural = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const changeDay = data.change ? indexOf(data.change.day) : -1;
const marks = Object.keys(data.marks); // strongest first
const colour = (mark) => `var(--mark-${marks.indexOf(mark) % 12})`;

const points = data.points.map((point) => ({
  ...point,
  day: indexOf(point.taken),
  clock: point.taken.slice(11, 16),
  deletedDay: point.deleted === null ? Infinity : indexOf(point.deleted),
  periods: point.kept.map((period) => ({ ...period, day: indexOf(period.since) })),
}));
const stamp = (point) => `${shortDate(point.day)} ${point.clock}`;
const takenOn = Array.from({ length: count }, () => []);
const deletedOn = Array.from({ length: count }, () => []);
points.forEach((point) => {
  takenOn[point.day].push(point);
  if (point.deletedDay <= last) deletedOn[point.deletedDay].push(point);
});
const runningTotal = (perDay) => {
  let sum = 0;
  return perDay.map((list) => (sum += list.length));
};
const taken = runningTotal(takenOn);
const deleted = runningTotal(deletedOn);
const kept = taken.map((number, day) => number - deleted[day]);
const most = Math.max(...kept);
const exists = (point, day) => point.day <= day && day < point.deletedDay;
const periodOf = (point, day) => point.periods.findLast((period) => period.day <= day);
