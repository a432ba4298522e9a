// What was said when: every number of every toll at the time at which it was said, so that a rising toll is a picture.

import { scaleLinear, scaleUtc } from "d3-scale";
import { select, selected } from "./state.ts";
import type { Record_ } from "./types.ts";
import { TOLLS, chains, day, label, moment, size, words } from "./words.ts";

const [WIDTH, LEFT, RIGHT, TOP, BOTTOM] = [520, 34, 14, 14, 26];
/** Shapes tell outlets apart where colours cannot. */
const SHAPES = [
  "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0",
  "M-4.2,-4.2h8.4v8.4h-8.4z",
  "M0,-5.4L5,3.8H-5z",
  "M0,-5.6L5.6,0L0,5.6L-5.6,0z",
  "M-5,-3.8H5L0,5.4z",
  "M-4.6,-1.6h3v-3h3.2v3h3v3.2h-3v3h-3.2v-3h-3z",
];

interface Dot {
  fact: string;
  said: number;
  at: Date;
  n: number;
  origin: string;
  stands: boolean;
  title: string;
}

export function SaidWhen({ record }: { record: Record_ }) {
  const charts = TOLLS.map((field) => ({ field, dots: dotsOf(record, field) })).filter(
    (c) => new Set(c.dots.map((d) => +d.at)).size > 1,
  );
  if (charts.length === 0) return null;
  const origins = [...new Set(charts.flatMap((c) => c.dots.map((d) => d.origin)))];
  return (
    <section class="part saidwhen" aria-label="What was said when">
      <h2>What was said when</h2>
      {charts.map(({ field, dots }) => (
        <Chart key={field} field={field} dots={dots} origins={origins} />
      ))}
      <p class="legend">
        {origins.slice(0, 12).map((origin, i) => (
          <span key={origin}>
            <svg viewBox="-7 -7 14 14" width="12" height="12" aria-hidden="true">
              <path d={SHAPES[i % SHAPES.length]} />
            </svg>
            {origin}
          </span>
        ))}
        <span>hollow: no longer stands</span>
      </p>
    </section>
  );
}

function dotsOf(record: Record_, field: string): Dot[] {
  return (record.fields[field] ?? [])
    .flatMap((entry) => {
      const n = size(entry.value);
      if (n === null || entry.value.scope === "part" || entry.value.attackers) return [];
      return entry.said.flatMap((said, i) => {
        const at = new Date(
          /T/.test(said.when) ? `${said.when.replace(/Z$/, "")}Z` : `${said.when.slice(0, 10)}T00:00Z`,
        );
        if (Number.isNaN(+at) || said.stance !== "supports") return [];
        const title = `${words(field, entry.value)}: ${chains(said)[0].join(" → ")}, ${moment(said.when)}`;
        return [
          {
            fact: entry.fact,
            said: i,
            at,
            n,
            origin: said.origin,
            stands: said.stands && !entry.superseded_by && !entry.rejected,
            title,
          },
        ];
      });
    })
    .sort((a, b) => +a.at - +b.at);
}

/** An hour within a day, else the day. */
function tick(at: Date): string {
  const iso = at.toISOString();
  return iso.slice(11, 16) === "00:00" ? day(iso.slice(0, 10)).replace(/ \d{4}$/, "") : iso.slice(11, 16);
}

function Chart({ field, dots, origins }: { field: string; dots: Dot[]; origins: string[] }) {
  const most = Math.max(...dots.map((d) => d.n), 1);
  const height = 120;
  const [from, until] = [+dots[0].at, +dots[dots.length - 1].at];
  const pad = Math.max((until - from) * 0.04, 60_000);
  const x = scaleUtc()
    .domain([new Date(from - pad), new Date(until + pad)])
    .range([LEFT, WIDTH - RIGHT]);
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([height - BOTTOM, TOP]);
  const lines = origins.map((origin) => dots.filter((d) => d.origin === origin)).filter((l) => l.length > 1);
  const steps = (line: Dot[]) => line.map((d, i) => (i ? `H${x(d.at)}V${y(d.n)}` : `M${x(d.at)},${y(d.n)}`)).join("");
  const ticks = x.ticks(4);
  return (
    <figure>
      <figcaption>{label(field)}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="group" aria-label={`${label(field)}, as it was said over time`}>
        {y
          .ticks(3)
          .filter(Number.isInteger)
          .map((n) => (
            <g key={n}>
              <line class="rule" x1={LEFT} x2={WIDTH - RIGHT} y1={y(n)} y2={y(n)} />
              <text x={LEFT - 6} y={y(n) + 4} text-anchor="end">
                {n}
              </text>
            </g>
          ))}
        {ticks.map((t) => (
          <text key={+t} x={x(t)} y={height - 8} text-anchor="middle">
            {tick(t)}
          </text>
        ))}
        {lines.map((line) => (
          <path key={line[0].origin} class="step" d={steps(line)} />
        ))}
        {dots.map((d) => (
          <path
            key={`${d.fact} ${d.said}`}
            role="button"
            tabIndex={0}
            aria-label={d.title}
            aria-pressed={selected.value?.fact === d.fact && selected.value?.said === d.said}
            class={`dot ${d.stands ? "" : "past"}`}
            d={SHAPES[origins.indexOf(d.origin) % SHAPES.length]}
            transform={`translate(${x(d.at)},${y(d.n)})`}
            onClick={() => select(d.fact, d.said)}
            onKeyDown={(e) => {
              if (e.key === "Enter" || e.key === " ") {
                e.preventDefault();
                select(d.fact, d.said);
              }
            }}
          >
            <title>{d.title}</title>
          </path>
        ))}
      </svg>
    </figure>
  );
}
