// What is built once, and what is shown for the selected day.
const buildLegend = () => {
  const used = new Set(points.flatMap((point) => point.periods.map((period) => period.mark)));
  const entry = (classes, letter, meaning, mark) => {
    const item = make("li");
    const sample = make("span", { class: `day ${classes}` }, letter);
    if (mark) sample.style.setProperty("--mark", colour(mark));
    item.append(sample, meaning);
    return item;
  };
  byId("legend").append(
    ...marks.filter((mark) => used.has(mark)).map((mark) => entry("kept", mark, data.marks[mark], mark)),
    entry("deleted", "×", "deleted on this day"),
    entry("past", "", "taken, since deleted"),
    ...(data.change ? [entry("changed", "", "the policy changes")] : []),
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
    byId("calendar").append(buildMonth(month.getUTCFullYear(), month.getUTCMonth()));
  }
};

const x = (day) => (last === 0 ? 500 : (day / last) * 1000);
const buildChart = () => {
  const y = (number) => 96 - (number / most) * 88;
  // One step a day.
  const line = kept.map((number, day) => `${day ? `H${x(day)}V` : `M${x(0)},`}${y(number)}`).join("");
  byId("line").setAttribute("d", line);
  if (changeDay >= 0) byId("change").setAttribute("d", `M${x(changeDay)},0V100`);
  byId("area").setAttribute("d", `${line}V100H${x(0)}Z`);
  byId("most").textContent = plural(most, "point");
  byId("caption").textContent =
    `Recovery points at the end of each day: ${kept[last]} on the last day, ${most} at most`;
};

// ---- the selected day
const describe = (point, day) => {
  if (point.day > day) return "";
  const period = exists(point, day) && periodOf(point, day);
  return period
    ? `${point.clock} kept: ${period.reason}`
    : `${point.clock} deleted ${shortDate(point.deletedDay)}: ${point.deletedBecause}`;
};
const descriptions = (of, day) => takenOn[of].map((point) => describe(point, day)).filter(Boolean);

const stateOf = (of, day) => {
  const there = takenOn[of].filter((point) => exists(point, day));
  const hadPoints = takenOn[of].some((point) => point.day <= day);
  const lostPoint = takenOn[of].some((point) => point.deletedDay === day);
  const kinds = there.map((point) => periodOf(point, day).mark);
  const mark = marks.find((each) => kinds.includes(each)) ?? "";
  const kind = mark ? "kept" : lostPoint ? "deleted" : hadPoints ? "past" : "none";
  return { kind, mark, there: there.length, key: `${kind}${mark}${there.length}${of === day}` };
};
const paintDay = (of, day) => {
  const entry = cells[of];
  const state = stateOf(of, day);
  if (entry.key === state.key) return;
  entry.key = state.key;
  entry.cell.className = `day ${state.kind}${of === day ? " today" : ""}${of === changeDay ? " changed" : ""}`;
  entry.cell.style.setProperty("--mark", state.mark ? colour(state.mark) : "");
  entry.cell.textContent = entry.number;
  if (state.mark || state.kind === "deleted") entry.cell.append(make("b", {}, state.mark || "×"));
  if (state.there > 1) entry.cell.append(make("i", {}, state.there));
};

const listPoints = (day) => {
  const there = points.filter((point) => exists(point, day)).reverse();
  byId("list-caption").textContent = `${plural(there.length, "recovery point")}, newest first`;
  const shown = there.slice(0, MAX_ROWS);
  const rest = make("tr");
  rest.append(make("td", { colspan: 3 }, `and ${plural(there.length - shown.length, "older point")}`));
  byId("points").replaceChildren(
    ...shown.map((point) => {
      const period = periodOf(point, day);
      const row = make("tr");
      const reason = make("td");
      const badge = make("span", { class: "badge", "aria-hidden": "true" }, period.mark);
      badge.style.setProperty("--mark", colour(period.mark));
      reason.append(badge, period.reason);
      row.append(
        make("th", { scope: "row" }, stamp(point)),
        make("td", { class: "number" }, day - point.day),
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
  const events = day === changeDay ? [`The policy becomes ${data.change.policy}`] : [];
  if (takenOn[day].length) events.push(`Taken at ${shown(takenOn[day].map((point) => point.clock))}`);
  if (deletedOn[day].length) {
    events.push(`Deleted ${shown(deletedOn[day].map(stamp))}: ${deletedOn[day][0].deletedBecause}`);
  }
  byId("events").replaceChildren(...(events.length ? events : ["No run"]).map((text) => make("li", {}, text)));
};

// One day is a stop for the Tab key; the arrow keys move from there.
const makeTabStop = (day) => {
  byId("calendar").querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  cells[day].cell.setAttribute("tabindex", "0");
};

let current = -1;
const show = (selected) => {
  const day = Math.min(last, Math.max(0, selected));
  if (day === current) return;
  current = day;
  byId("day").value = day;
  byId("day").setAttribute("aria-valuetext", `${longDate(day)}: ${plural(kept[day], "recovery point")}`);
  byId("date").textContent = longDate(day);
  byId("kept").textContent = kept[day].toLocaleString("en");
  byId("taken").textContent = taken[day].toLocaleString("en");
  byId("deleted").textContent = deleted[day].toLocaleString("en");
  byId("cursor").setAttribute("d", `M${x(day)},0V100`);
  cells.forEach((_, of) => paintDay(of, day));
  listPoints(day);
  listEvents(day);
  makeTabStop(day);
};
