// The line of time: incidents by day, month or year, and a stretch of it that is looked at, set by pointer or by keys.

import { useMemo, useRef } from "preact/hooks";
import { scaleLinear } from "d3-scale";
import { day, many } from "./words.ts";

const [WIDTH, HEIGHT, TOP, BOTTOM] = [1000, 92, 8, 20];
type Range = [string, string] | null;

/** The bars: by the shortest unit that leaves fewer than a hundred and fifty of them. */
function bars(
  days: (string | null)[],
  killed: (number | null)[],
): { unit: 10 | 7 | 4; keys: string[]; n: number[]; dead: number[] } {
  const known = days.filter((d): d is string => d !== null).sort();
  if (known.length === 0) return { unit: 4, keys: [], n: [], dead: [] };
  const [first, last] = [known[0], known[known.length - 1]];
  const span = (Date.parse(last) - Date.parse(first)) / 864e5;
  const unit = span < 120 ? 10 : span < 150 * 30 ? 7 : 4;
  const keys: string[] = [];
  const end = last.slice(0, unit);
  for (let key = first.slice(0, unit); key <= end && keys.length < 5000; key = after(key)) keys.push(key);
  const at = new Map(keys.map((key, i) => [key, i]));
  const n = keys.map(() => 0);
  const dead = keys.map(() => 0);
  days.forEach((d, i) => {
    const bar = at.get(d?.slice(0, unit) ?? "");
    if (bar === undefined) return;
    n[bar]++;
    dead[bar] += killed[i] ?? 0;
  });
  return { unit, keys, n, dead };
}

/** The day, month or year after one. */
function after(key: string): string {
  if (key.length === 4) return String(Number(key) + 1).padStart(4, "0");
  const date = new Date(`${key.padEnd(10, "-01")}T00:00Z`);
  if (key.length === 7) date.setUTCMonth(date.getUTCMonth() + 1);
  else date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, key.length);
}

/** The last day of a day, month or year. */
function lastOf(key: string): string {
  if (key.length === 10) return key;
  if (key.length === 4) return `${key}-12-31`;
  const [year, month] = key.split("-").map(Number);
  return `${key}-${new Date(Date.UTC(year, month, 0)).getUTCDate()}`;
}
const firstOf = (key: string): string => (key.length === 10 ? key : `${key}${key.length === 4 ? "-01-01" : "-01"}`);

export function TimeLine({
  days,
  killed,
  range,
  set,
}: {
  days: (string | null)[];
  killed: (number | null)[];
  range: Range;
  set: (range: Range) => void;
}) {
  const { unit, keys, n, dead } = useMemo(() => bars(days, killed), [days, killed]);
  const box = useRef<SVGSVGElement>(null);
  const from = useRef<number | null>(null);
  if (keys.length === 0) return <p class="empty">No incident has a date.</p>;
  const x = scaleLinear().domain([0, keys.length]).range([0, WIDTH]);
  const y = scaleLinear()
    .domain([0, Math.max(...n)])
    .range([HEIGHT - BOTTOM, TOP]);
  // Days that were typed may lie beyond all bars: then nothing is in the window, left of it is right of its right.
  const leftAt = range ? keys.findIndex((k) => lastOf(k) >= range[0]) : 0;
  const left = leftAt < 0 ? keys.length : leftAt;
  const rightAt = range ? keys.findIndex((k) => firstOf(k) > range[1]) : -1;
  const right = (rightAt < 0 ? keys.length : rightAt) - 1;
  const bar = (i: number) => Math.max(0, Math.min(keys.length - 1, i));
  const choose = (a: number, b: number) => {
    const [low, high] = [Math.max(0, Math.min(a, b)), Math.min(keys.length - 1, Math.max(a, b))];
    set(low === 0 && high === keys.length - 1 ? null : [firstOf(keys[low]), lastOf(keys[high])]);
  };
  const under = (e: PointerEvent) => {
    const r = box.current!.getBoundingClientRect();
    return bar(Math.floor(x.invert(((e.clientX - r.left) / r.width) * WIDTH)));
  };
  const words = (i: number) => (keys[i]?.length === 4 ? keys[i] : day(keys[i]));
  const handle = (end: "from" | "until") => {
    const [first, last] = [bar(left), bar(right)];
    const at = end === "from" ? first : last;
    const step = (by: number) =>
      end === "from" ? choose(Math.min(at + by, last), last) : choose(first, Math.max(at + by, first));
    const keysOf: Record<string, () => void> = {
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      PageDown: () => step(-10),
      PageUp: () => step(10),
      Home: () => step(-keys.length),
      End: () => step(keys.length),
    };
    return (
      <button
        type="button"
        class="handle"
        role="slider"
        aria-label={end}
        aria-valuemin={0}
        aria-valuemax={keys.length - 1}
        aria-valuenow={at}
        aria-valuetext={words(at)}
        onKeyDown={(e) => {
          const act = keysOf[e.key];
          if (act) {
            e.preventDefault();
            act();
          }
        }}
      >
        {end} <b>{words(at)}</b>
      </button>
    );
  };
  const shown = n.slice(left, right + 1).reduce((a, b) => a + b, 0);
  const every = Math.ceil(keys.length / 8);
  return (
    <section class="timeline" aria-label="Time">
      <div class="bar">
        {handle("from")}
        {handle("until")}
        <span class="meta">
          {many(shown, "dated incident")}, by {unit === 10 ? "day" : unit === 7 ? "month" : "year"}
        </span>
        {range && <button onClick={() => set(null)}>All time</button>}
      </div>
      <svg
        ref={box}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerDown={(e) => {
          from.current = under(e);
          e.currentTarget.setPointerCapture(e.pointerId);
          choose(from.current, from.current);
        }}
        onPointerMove={(e) => {
          if (from.current !== null) choose(from.current, under(e));
        }}
        onPointerUp={() => {
          from.current = null;
        }}
      >
        <rect class="ground" width={WIDTH} height={HEIGHT - BOTTOM} />
        {range && left <= right && (
          <rect class="window" x={x(left)} width={x(right + 1) - x(left)} height={HEIGHT - BOTTOM} />
        )}
        {keys.map(
          (k, i) =>
            n[i] > 0 && (
              <rect
                key={k}
                class={i >= left && i <= right ? "on" : ""}
                x={x(i) + 0.5}
                width={Math.max(1, x(i + 1) - x(i) - 1)}
                y={y(n[i])}
                height={HEIGHT - BOTTOM - y(n[i])}
              >
                <title>{`${words(i)}: ${many(n[i], "incident")}, at least ${dead[i]} killed`}</title>
              </rect>
            ),
        )}
      </svg>
      <div class="scale" aria-hidden="true">
        {keys.map(
          (k, i) =>
            i % every === 0 &&
            i + every / 2 < keys.length && (
              <span key={k} style={{ left: `${(i / keys.length) * 100}%` }}>
                {k.length === 4 ? k : day(k)}
              </span>
            ),
        )}
      </div>
    </section>
  );
}
