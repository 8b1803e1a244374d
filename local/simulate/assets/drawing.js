// The page itself: what is built once, and what is shown of a day.
const make = (name, attributes = {}, text = "") => {
  const element = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.textContent = text;
  return element;
};

const buildLegend = () => {
  const used = new Set(points.flatMap((point) => point.stays.map((stay) => stay.mark)));
  const entry = (classes, letter, meaning, mark) => {
    const item = make("li");
    const sample = make("span", { class: `day ${classes}` }, letter);
    if (mark) sample.style.setProperty("--mark", colour(mark));
    item.append(sample, meaning);
    return item;
  };
  at("legend").append(
    ...strength.filter((mark) => used.has(mark)).map((mark) => entry("kept", mark, data.marks[mark], mark)),
    entry("went", "×", "deleted on this day"),
    entry("gone", "", "taken, since deleted"),
  );
};

const cells = [];
const buildMonth = (year, month) => {
  const block = make("div", { class: "month" });
  block.append(make("h3", {}, `${part(Date.UTC(year, month), { month: "long" })} ${year}`));
  const weeks = make("div", { class: "weeks" });
  ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].forEach((name) =>
    weeks.append(make("span", { "aria-hidden": "true" }, name)),
  );
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  for (let number = 1; number <= days; number += 1) {
    const day = Math.round((Date.UTC(year, month, number) - first) / DAY_MS);
    if (day < 0 || day > last) continue;
    const cell = make("button", { type: "button", tabindex: "-1", "data-day": day });
    if (!weeks.querySelector("button")) {
      cell.style.gridColumnStart = ((new Date(first + day * DAY_MS).getUTCDay() + 6) % 7) + 1;
    }
    cells[day] = { cell, number, key: "" };
    weeks.append(cell);
  }
  block.append(weeks);
  return block;
};
const buildCalendar = () => {
  const [start, end] = [new Date(first), new Date(first + last * DAY_MS)];
  const months = (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth();
  for (let offset = 0; offset <= months; offset += 1) {
    const month = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + offset));
    at("calendar").append(buildMonth(month.getUTCFullYear(), month.getUTCMonth()));
  }
};

const x = (day) => (last === 0 ? 500 : (day / last) * 1000);
const buildChart = () => {
  const y = (number) => 96 - (number / most) * 88;
  // A step a day: between two days there is no half of a point.
  const line = kept.map((number, day) => `${day ? `H${x(day)}V` : `M${x(0)},`}${y(number)}`).join("");
  at("line").setAttribute("d", line);
  at("area").setAttribute("d", `${line}V100H${x(0)}Z`);
  at("most").textContent = many(most, "point");
  at("caption").textContent =
    `Points there are at the end of each day: ${kept[last]} at the end, ${most} at most`;
};

// ---- what is shown of a day
const whatBecame = (point, day) => {
  if (point.day > day) return "";
  const stay = isThere(point, day) && stayOf(point, day);
  return stay
    ? `${point.clock} kept: ${stay.reason}`
    : `${point.clock} deleted ${shortDate(point.goes)}: ${point.refusal}`;
};
const told = (of, day) => byDay[of].map((point) => whatBecame(point, day)).filter(Boolean);

const stateOf = (of, day) => {
  const there = byDay[of].filter((point) => isThere(point, day));
  const came = byDay[of].some((point) => point.day <= day);
  const went = byDay[of].some((point) => point.goes === day);
  const marks = there.map((point) => stayOf(point, day).mark);
  const mark = strength.find((each) => marks.includes(each)) ?? "";
  const kind = mark ? "kept" : went ? "went" : came ? "gone" : "none";
  return { kind, mark, there: there.length, key: `${kind}${mark}${there.length}${of === day}` };
};
const paintDay = (of, day) => {
  const entry = cells[of];
  const state = stateOf(of, day);
  if (entry.key === state.key) return;
  entry.key = state.key;
  entry.cell.className = `day ${state.kind}${of === day ? " today" : ""}`;
  entry.cell.style.setProperty("--mark", state.mark ? colour(state.mark) : "");
  entry.cell.textContent = entry.number;
  if (state.mark || state.kind === "went") entry.cell.append(make("b", {}, state.mark || "×"));
  if (state.there > 1) entry.cell.append(make("i", {}, state.there));
};

const listPoints = (day) => {
  const there = points.filter((point) => isThere(point, day)).reverse();
  at("list-caption").textContent = `${many(there.length, "recovery point")}, newest first`;
  const shown = there.slice(0, MOST_ROWS);
  const rest = make("tr");
  rest.append(make("td", { colspan: 3 }, `and ${many(there.length - shown.length, "older point")}`));
  at("points").replaceChildren(
    ...shown.map((point) => {
      const stay = stayOf(point, day);
      const row = make("tr");
      const reason = make("td");
      const badge = make("span", { class: "badge", "aria-hidden": "true" }, stay.mark);
      badge.style.setProperty("--mark", colour(stay.mark));
      reason.append(badge, stay.reason);
      row.append(
        make("th", { scope: "row" }, stamp(point)),
        make("td", { class: "age" }, day - point.day),
        reason,
      );
      return row;
    }),
    ...(shown.length < there.length ? [rest] : []),
  );
};
const listEvents = (day) => {
  const shown = (list) =>
    list.slice(0, 3).join(", ") + (list.length > 3 ? ` and ${list.length - 3} more` : "");
  const events = [];
  if (byDay[day].length) events.push(`Taken at ${shown(byDay[day].map((point) => point.clock))}`);
  if (goneBy[day].length) {
    events.push(`Deleted ${shown(goneBy[day].map(stamp))}: ${goneBy[day][0].refusal}`);
  }
  at("events").replaceChildren(...(events.length ? events : ["No run"]).map((text) => make("li", {}, text)));
};

const dollars = (amount) =>
  amount.toLocaleString("en-US", { style: "currency", currency: data.cost.currency, maximumFractionDigits: 4 });
const showCost = (day) => {
  const gigabytes = Math.max(0, Number(at("disk").value) || 0);
  at("bound").textContent = dollars(kept[day] * Number(data.cost.pricePerGbMonth) * gigabytes);
};

// One day of all is a stop for the Tab key; the arrow keys go on from there.
const offer = (day) => {
  at("calendar").querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  cells[day].cell.setAttribute("tabindex", "0");
};

let current = -1;
const show = (wanted) => {
  const day = Math.min(last, Math.max(0, wanted));
  if (day === current) return;
  current = day;
  at("day").value = day;
  at("day").setAttribute("aria-valuetext", `${longDate(day)}: ${many(kept[day], "recovery point")}`);
  at("date").textContent = longDate(day);
  at("kept").textContent = kept[day].toLocaleString("en");
  at("taken").textContent = taken[day].toLocaleString("en");
  at("deleted").textContent = deleted[day].toLocaleString("en");
  at("cursor").setAttribute("d", `M${x(day)},0V100`);
  showCost(day);
  cells.forEach((_, of) => paintDay(of, day));
  listPoints(day);
  listEvents(day);
  offer(day);
};
