// Map and time of all incidents under the filter: clusters on a base map, a line of time to brush, sums that count incidents.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { geoMercator, geoPath } from "d3-geo";
import Supercluster from "supercluster";
import { FilterButton, Filters, setDays } from "./filters.tsx";
import { base, loadBase } from "./geo.ts";
import { filtering } from "./keys.ts";
import { filter, go, loadPoints, points, to } from "./state.ts";
import { TimeLine } from "./timeline.tsx";
import type { Points } from "./types.ts";
import { day, kind, many } from "./words.ts";

/** The world is drawn once at this width; the view is a shift and a scale of it. */
const WORLD = 1024;
const projection = geoMercator()
  .scale(WORLD / (2 * Math.PI))
  .translate([WORLD / 2, WORLD / 2]);
/** So many points the desk gives at most. */
const MOST = 200_000;
interface View {
  x: number;
  y: number;
  k: number;
}
interface Held {
  i: number;
  killed: number;
}

export function MapAndTime() {
  const found = points.value;
  const { since, until } = filter.value;
  // The days of the filter, whoever set them: the brush, the filter's boxes, the queue.
  const range = useMemo<[string, string] | null>(
    () => (since || until ? [since ?? "", until ?? "9999-99-99"] : null),
    [since, until],
  );
  // Asked again when the filter changes meanwhile, too: an answer to the earlier one may be dropped.
  useEffect(() => {
    loadBase();
    if (!points.value) void loadPoints();
  }, [found, filter.value]);
  const inRange = useMemo(() => {
    if (!found) return [];
    const all = found.incident.map((_, i) => i);
    return range
      ? all.filter((i) => found.day[i] !== null && found.day[i]! >= range[0] && found.day[i]! <= range[1])
      : all;
  }, [found, range]);
  // Sums follow the brush at once; a hundred thousand points are clustered anew when it rests.
  const [drawn, setDrawn] = useState<number[] | null>(null);
  useEffect(() => {
    const rest = setTimeout(() => setDrawn(inRange), found && found.incident.length > 5000 ? 150 : 0);
    return () => clearTimeout(rest);
  }, [inRange]);
  return (
    <main class="mapview">
      <div class="bar">
        <h1>Map and time</h1>
        <FilterButton />
        <button onClick={() => go("#/")}>To the queue</button>
        <Sums found={found} chosen={inRange} />
      </div>
      {filtering.value && <Filters />}
      {found ? (
        <WorldMap found={found} chosen={drawn && drawn.every((i) => i < found.incident.length) ? drawn : inRange} />
      ) : (
        <p class="empty" role="status">
          Looking…
        </p>
      )}
      {found && (
        <TimeLine
          days={found.day}
          killed={found.killed}
          range={range}
          set={(days) => setDays(days?.[0] ?? "", days?.[1] ?? "")}
        />
      )}
    </main>
  );
}

function Sums({ found, chosen }: { found: Points | null; chosen: number[] }) {
  if (!found) return null;
  let [killed, told, placed] = [0, 0, 0];
  for (const i of chosen) {
    const n = found.killed[i];
    if (n !== null) [killed, told] = [killed + n, told + 1];
    if (found.lat[i] !== null) placed++;
  }
  return (
    <p class="sums" role="status">
      <b>{many(chosen.length, "incident")}</b> · at least <b>{killed.toLocaleString("en")}</b> killed in the{" "}
      {told.toLocaleString("en")} that tell a number
      {placed < chosen.length && ` · ${(chosen.length - placed).toLocaleString("en")} without a place`}
      {found.incident.length >= MOST && " · the latest filed"}
    </p>
  );
}

function WorldMap({ found, chosen }: { found: Points; chosen: number[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<[number, number]>([800, 420]);
  const [view, setView] = useState<View | null>(null);
  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => setSize([entry.contentRect.width, entry.contentRect.height]));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const index = useMemo(() => {
    const made = new Supercluster<Held, { killed: number; n: number }>({
      radius: 46,
      maxZoom: 15,
      map: (p) => ({ killed: p.killed, n: 1 }),
      reduce: (sum, p) => {
        sum.killed += p.killed;
        sum.n += p.n;
      },
    });
    return made.load(
      chosen
        .filter((i) => found.lat[i] !== null)
        .map((i) => ({
          type: "Feature",
          geometry: { type: "Point", coordinates: [found.lon[i]!, found.lat[i]!] },
          properties: { i, killed: found.killed[i] ?? 0 },
        })),
    );
  }, [found, chosen]);
  const land = useMemo(() => (base.value ? (geoPath(projection)(base.value.land) ?? "") : ""), [base.value]);
  const borders = useMemo(() => (base.value ? (geoPath(projection)(base.value.borders) ?? "") : ""), [base.value]);
  // At first all incidents are in view.
  const now = view ?? fitted(found, chosen, size);
  const [width, height] = size;
  const zoom = (by: number, at: [number, number] = [width / 2, height / 2]) => {
    const k = Math.max(0.5, Math.min(400, now.k * by));
    setView({ k, x: at[0] - ((at[0] - now.x) * k) / now.k, y: at[1] - ((at[1] - now.y) * k) / now.k });
  };
  const pan = (dx: number, dy: number) => setView({ ...now, x: now.x + dx, y: now.y + dy });
  const corner = (x: number, y: number) => projection.invert!([(x - now.x) / now.k, (y - now.y) / now.k])!;
  const [west, north] = corner(0, 0);
  const [east, south] = corner(width, height);
  const full = width / now.k >= WORLD;
  const level = Math.max(0, Math.min(16, Math.round(Math.log2((WORLD * now.k) / 512))));
  const clusters = index.getClusters(
    [full ? -180 : Math.max(-180, west), Math.max(-85, south), full ? 180 : Math.min(180, east), Math.min(85, north)],
    level,
  );
  const keys: Record<string, () => void> = {
    ArrowLeft: () => pan(80, 0),
    ArrowRight: () => pan(-80, 0),
    ArrowUp: () => pan(0, 80),
    ArrowDown: () => pan(0, -80),
    "+": () => zoom(1.6),
    "=": () => zoom(1.6),
    "-": () => zoom(1 / 1.6),
    "0": () => setView(null),
  };
  const drag = useRef<[number, number] | null>(null);
  const open = (cluster: (typeof clusters)[number], at: [number, number]) => {
    const of = cluster.properties as { cluster?: boolean; cluster_id?: number; i?: number };
    if (!of.cluster) return go(to.incident(found.incident[of.i ?? 0]));
    const deeper = index.getClusterExpansionZoom(of.cluster_id ?? 0);
    if (deeper > 15) return setPicked(index.getLeaves(of.cluster_id ?? 0, 50).map((l) => l.properties.i));
    const k = Math.min(400, (512 * 2 ** deeper) / WORLD);
    setView({ k, x: width / 2 - ((at[0] - now.x) / now.k) * k, y: height / 2 - ((at[1] - now.y) / now.k) * k });
  };
  const [picked, setPicked] = useState<number[] | null>(null);
  useEffect(() => setPicked(null), [found, chosen]);
  const listed = picked ?? inView(found, chosen, [west, south, east, north], full);
  return (
    <div class="worldmap">
      <div
        class="canvas"
        ref={box}
        data-arrows
        tabIndex={0}
        role="application"
        aria-label="Map of incidents. Arrows move it, plus and minus zoom, 0 shows all. The incidents in view are listed beside it."
        onKeyDown={(e) => {
          const act = keys[e.key];
          if (act && !e.ctrlKey && !e.metaKey) {
            e.preventDefault();
            act();
          }
        }}
        onWheel={(e) => {
          e.preventDefault();
          const r = e.currentTarget.getBoundingClientRect();
          zoom(2 ** (-e.deltaY / 240), [e.clientX - r.left, e.clientY - r.top]);
        }}
        onPointerDown={(e) => {
          if (!(e.target as Element).closest(".cluster")) {
            drag.current = [e.clientX, e.clientY];
            e.currentTarget.setPointerCapture(e.pointerId);
          }
        }}
        onPointerMove={(e) => {
          if (drag.current) {
            pan(e.clientX - drag.current[0], e.clientY - drag.current[1]);
            drag.current = [e.clientX, e.clientY];
          }
        }}
        onPointerUp={() => {
          drag.current = null;
        }}
      >
        <svg width={width} height={height}>
          <g transform={`translate(${now.x},${now.y}) scale(${now.k})`}>
            <path class="land" d={land} />
            <path class="border" d={borders} />
          </g>
          {clusters.map((c) => {
            const p = projection(c.geometry.coordinates as [number, number])!;
            const at: [number, number] = [p[0] * now.k + now.x, p[1] * now.k + now.y];
            const of = c.properties as {
              cluster?: boolean;
              point_count?: number;
              killed: number;
              i?: number;
              cluster_id?: number;
            };
            const n = of.cluster ? (of.point_count ?? 0) : 1;
            const r = of.cluster ? 8 + 4 * Math.log10(n) : 5;
            const name = of.cluster
              ? `${many(n, "incident")}, at least ${of.killed} killed`
              : `${kind(found.type[of.i ?? 0] ?? "incident")}, ${day(found.day[of.i ?? 0])}, ${of.killed} killed: ${found.incident[of.i ?? 0]}`;
            return (
              <g
                key={of.cluster ? `c${of.cluster_id}` : `p${of.i}`}
                class={`cluster ${of.cluster ? "" : "one"}`}
                role="button"
                tabIndex={0}
                aria-label={name}
                transform={`translate(${at[0]},${at[1]})`}
                onClick={() => open(c, at)}
                onKeyDown={(e) => {
                  if (e.key === "Enter" || e.key === " ") {
                    e.preventDefault();
                    e.stopPropagation();
                    open(c, at);
                  }
                }}
              >
                <title>{name}</title>
                <circle r={r} />
                {of.cluster && (
                  <text dy="0.35em" text-anchor="middle">
                    {n >= 10000 ? `${Math.round(n / 1000)}k` : n}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
        <div class="zoom">
          <button aria-label="Closer" onClick={() => zoom(1.6)}>
            +
          </button>
          <button aria-label="Further" onClick={() => zoom(1 / 1.6)}>
            −
          </button>
          <button aria-label="Show all" onClick={() => setView(null)}>
            ○
          </button>
        </div>
        <p class="credit">Made with Natural Earth</p>
      </div>
      <section class="beside" aria-label="Incidents in view">
        <h2>
          {picked ? "At this place" : "In view"}{" "}
          <span class="n">{listed.length === LISTED ? `first ${LISTED}` : listed.length}</span>
        </h2>
        {listed.length === 0 && <p class="empty">None. Press 0 on the map to show all.</p>}
        <ol data-list="map">
          {listed.map((i) => (
            <li key={found.incident[i]}>
              <a data-item href={to.incident(found.incident[i])}>
                <span class="what">{kind(found.type[i] ?? "incident")}</span>
                <span class="meta">
                  {day(found.day[i])} · {found.incident[i]}
                  {found.killed[i] ? ` · ${found.killed[i]} killed` : ""}
                </span>
              </a>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

const LISTED = 100;

function inView(found: Points, chosen: number[], [west, south, east, north]: number[], full: boolean): number[] {
  const here: number[] = [];
  for (const i of chosen) {
    const [lat, lon] = [found.lat[i], found.lon[i]];
    if (lat === null || lon === null) continue;
    if (full || (lat >= south && lat <= north && lon >= west && lon <= east)) here.push(i);
  }
  const of = (i: number) => found.day[i] ?? "";
  here.sort((a, b) => (of(a) < of(b) ? 1 : of(a) > of(b) ? -1 : 0));
  return here.slice(0, LISTED);
}

/** The view in which all points lie, with a margin; the world where there are none. */
function fitted(found: Points, chosen: number[], [width, height]: [number, number]): View {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const i of chosen) {
    const [lat, lon] = [found.lat[i], found.lon[i]];
    if (lat === null || lon === null) continue;
    const [x, y] = projection([lon, Math.max(-80, Math.min(80, lat))])!;
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
  }
  if (x0 > x1) [x0, y0, x1, y1] = [0, 200, WORLD, 760];
  const k = Math.max(0.5, Math.min(10, Math.min(width / (x1 - x0 + 60), height / (y1 - y0 + 60))));
  return { k, x: width / 2 - ((x0 + x1) / 2) * k, y: height / 2 - ((y0 + y1) / 2) * k };
}
