// What `blotter list` filters by, with counts that follow the file, and filters that are kept in the browser.

import { batch, signal } from "@preact/signals";
import { filtering } from "./keys.ts";
import { counts, filter, loadList, rows, session, setFilter } from "./state.ts";
import type { Filter } from "./types.ts";
import { kind } from "./words.ts";

const place = (): string => `blotter-filters:${session.value?.case ?? ""}`;
const stored = (): Record<string, Filter> => {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? "{}");
  } catch {
    return {};
  }
};
/** Opens and closes the filter; says how many of its boxes are set, those left out that stand elsewhere. */
export function FilterButton({ without = [] }: { without?: string[] }) {
  const asked = Object.keys(filter.value).filter((name) => !without.includes(name)).length;
  return (
    <button
      aria-expanded={filtering.value}
      aria-controls="filter"
      onClick={() => {
        filtering.value = !filtering.value;
      }}
    >
      Filter{asked > 0 ? ` · ${asked}` : ""}
    </button>
  );
}
/** Grows as all of a filter is set at once: only then do the boxes take what it says; else they are the browser's. */
const turn = signal(0);
const setAll = (wanted: Filter): void => {
  setFilter(wanted);
  turn.value++;
};
/** Grows as the days alone are set from without: the boxes of days take what is said, and what is typed elsewhere stays. */
const moved = signal(0);
/** Between the last move of the line of time and the list that follows it, in milliseconds. */
const REST = 250;
let resting: ReturnType<typeof setTimeout> | undefined;

/** Sets the days alone, as the line of time does with each move: points are asked for without them, so they stay. */
export function setDays(since: string, until: string): void {
  const { since: before = "", until: after = "", ...rest } = filter.value;
  if (since === before && until === after) return;
  batch(() => {
    filter.value = { ...rest, ...(since && { since }), ...(until && { until }) };
    rows.value = null;
    moved.value++;
  });
  clearTimeout(resting);
  resting = setTimeout(() => void loadList(), REST);
}
const saved = signal<Record<string, Filter> | null>(null);

function keep(all: Record<string, Filter>): void {
  saved.value = all;
  localStorage.setItem(place(), JSON.stringify(all));
}

export function Filters() {
  if (saved.value === null) saved.value = stored();
  const now = filter.value;
  const set = (name: keyof Filter) => (e: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    setFilter({ ...filter.value, [name]: e.currentTarget.value });
  const names = Object.keys(saved.value);
  const current = names.find((name) => JSON.stringify(saved.value?.[name]) === JSON.stringify(now)) ?? "";
  const save = () => {
    const name = (document.getElementById("save-as") as HTMLInputElement).value.trim();
    if (name) keep({ ...saved.value, [name]: now });
  };
  const forget = () => {
    const { [current]: _, ...rest } = saved.value ?? {};
    keep(rest);
  };
  return (
    <form id="filter" key={turn.value} class="filter" aria-label="Filter" onSubmit={(e) => e.preventDefault()}>
      <label>
        Type
        <Options name="type" value={now.type} counted={counts.value?.types} groups set={set("type")} />
      </label>
      <label>
        Country
        <Options name="country" value={now.country} counted={counts.value?.countries} set={set("country")} />
      </label>
      <label>
        Status
        <select value={now.status ?? ""} onChange={set("status")}>
          <option value="">all but withdrawn</option>
          {session.value?.statuses.map((s) => (
            <option key={s} value={s}>
              {s}
              {counts.value?.statuses[s] ? ` (${counts.value.statuses[s]})` : ""}
            </option>
          ))}
        </select>
      </label>
      <label>
        Killed, at least
        <input type="number" min="0" defaultValue={now.min_killed ?? ""} onChange={set("min_killed")} />
      </label>
      <label key={`since ${moved.value}`}>
        Since
        <input type="date" defaultValue={now.since ?? ""} onChange={set("since")} />
      </label>
      <label key={`until ${moved.value}`}>
        Until
        <input type="date" defaultValue={now.until ?? ""} onChange={set("until")} />
      </label>
      <label class="wide">
        Near (lat,lon,km)
        <input defaultValue={now.near ?? ""} placeholder="19.6,37.2,50" onChange={set("near")} />
      </label>
      <label class="check wide">
        <input
          type="checkbox"
          checked={now.all === "true"}
          onChange={(e) => setFilter({ ...filter.value, all: e.currentTarget.checked ? "true" : "" })}
        />
        also what reports only recall
      </label>
      <div class="wide saved">
        <select
          aria-label="Saved filters"
          value={current}
          onChange={(e) => setAll(saved.value?.[e.currentTarget.value] ?? {})}
        >
          <option value="">saved filters</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        {current ? (
          <button type="button" onClick={forget}>
            Forget
          </button>
        ) : (
          <>
            <input id="save-as" aria-label="Name of this filter" placeholder="name" />
            <button type="button" onClick={save}>
              Save
            </button>
          </>
        )}
      </div>
      <div class="wide ends">
        <button type="button" onClick={() => setAll({})}>
          Clear
        </button>
        <button
          type="button"
          onClick={() => {
            filtering.value = false;
          }}
        >
          Close
        </button>
      </div>
    </form>
  );
}

function Options({
  name,
  value,
  counted,
  groups,
  set,
}: {
  name: string;
  value?: string;
  counted?: Record<string, number>;
  groups?: boolean;
  set: (e: { currentTarget: HTMLSelectElement }) => void;
}) {
  const found = new Map(Object.entries(counted ?? {}));
  if (groups) {
    for (const [code, n] of Object.entries(counted ?? {})) {
      const group = code.split("/")[0];
      if (group !== code) found.set(group, (found.get(group) ?? 0) + n);
    }
  }
  if (value && !found.has(value)) found.set(value, 0);
  const sorted = [...found].sort(([a], [b]) => a.localeCompare(b));
  return (
    <select name={name} value={value ?? ""} onChange={set}>
      <option value="">any</option>
      {sorted.map(([code, n]) => (
        <option key={code} value={code}>
          {groups && code.includes("/") ? `  ${kind(code)}` : code} ({n.toLocaleString("en")})
        </option>
      ))}
    </select>
  );
}
