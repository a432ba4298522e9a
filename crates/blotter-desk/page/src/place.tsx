// Where an incident was: the place, how exactly it is known as a circle, the other places that were said, and what else the
// gazetteer has under the name.

import { useEffect, useState } from "preact/hooks";
import { geoCircle, geoMercator, geoPath } from "d3-geo";
import { get } from "./api.ts";
import { base, loadBase } from "./geo.ts";
import { asking } from "./keys.ts";
import { select, selected, session } from "./state.ts";
import type { Entry, Record_, Span, Value } from "./types.ts";
import { precision, words } from "./words.ts";

const [WIDTH, HEIGHT] = [520, 240];

/** Another place of the name, as the Reading has it. */
export interface Alternative {
  name: string;
  geonames_id: number;
  lat: number;
  lon: number;
  country: string;
  admin1?: string | null;
  confidence: number;
}

/** What else the words of a place may mean: the alternatives that were weighed when its first report was read. */
function useAlternatives(entry: Entry | undefined): Alternative[] {
  const [found, setFound] = useState<Alternative[]>([]);
  const said = entry?.said.find((s) => s.evidence.length > 0);
  useEffect(() => {
    setFound([]);
    if (!entry || !said) return;
    const leaving = new AbortController();
    type Place = Span & { geonames_id: number | null; alternatives: Alternative[] };
    get<{ places: Place[] }>(
      "/api/report/reading",
      { id: said.report, version: said.version },
      leaving.signal,
    ).then(
      ({ places }) => {
        const cited = (p: Place) => said.evidence.some((e) => e.start < p.end && p.start < e.end);
        const mine = places.filter((p) => cited(p) && p.geonames_id === entry.value.geonames_id);
        const seen = new Set<number>();
        const others = mine.flatMap((p) => p.alternatives).filter((a) => a.geonames_id !== entry.value.geonames_id);
        setFound(others.filter((a) => !seen.has(a.geonames_id) && seen.add(a.geonames_id)).slice(0, 6));
      },
      () => {},
    );
    return () => leaving.abort();
  }, [entry?.fact, said?.report, said?.version]);
  return found;
}

/** The value that says the incident was at the other place of the name; larger places around the first one hold no more. */
export function movedTo(value: Value, to: Alternative): Value {
  const site = value.precision === "site" && value.name !== value.settlement;
  return {
    ...value,
    ...(site ? { within: [to.name] } : { name: to.name, within: [] }),
    geonames_id: to.geonames_id,
    lat: to.lat,
    lon: to.lon,
    country: to.country,
    admin1: to.admin1 ?? null,
    settlement: value.settlement ? to.name : null,
    inferred: false,
  };
}

const inDegrees = (lat: number, lon: number): string =>
  `${Math.abs(lat).toFixed(2)} ${lat < 0 ? "S" : "N"} ${Math.abs(lon).toFixed(2)} ${lon < 0 ? "W" : "E"}`;

const where = (a: Alternative): string => [a.name, a.admin1, a.country].filter(Boolean).join(", ");

export function Place({ record }: { record: Record_ }) {
  const places = (record.fields.where ?? []).flatMap((entry, i) => {
    const { lat, lon, radius_km } = entry.value as { lat?: number; lon?: number; radius_km?: number };
    return typeof lat === "number" && typeof lon === "number"
      ? [{ entry, lat, lon, km: radius_km ?? 0, best: i === 0 }]
      : [];
  });
  const alternatives = useAlternatives(places[0]?.entry);
  useEffect(() => {
    if (places.length > 0) loadBase();
  }, [places.length]);
  if (places.length === 0) return null;
  const middle = places[0];
  // Wide enough to show the circles and the alternatives, never closer than a region: the base map is no street map.
  const degrees = Math.max(
    3,
    ...places.map(
      (p) => Math.max(Math.abs(p.lat - middle.lat) * 2.4, Math.abs(p.lon - middle.lon) * 1.3) + (p.km / 111) * 2.6,
    ),
  );
  const projection = geoMercator()
    .center([middle.lon, Math.max(-80, Math.min(80, middle.lat))])
    .scale((HEIGHT / Math.min(170, degrees)) * (180 / Math.PI))
    .translate([WIDTH / 2, HEIGHT / 2])
    .clipExtent([
      [-20, -20],
      [WIDTH + 20, HEIGHT + 20],
    ]);
  const path = geoPath(projection);
  return (
    <section class="part place" aria-label="Place">
      <h2>Where</h2>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Map: ${words("where", middle.entry.value)}, ${precision(middle.entry.value)}`}
      >
        <rect class="sea" width={WIDTH} height={HEIGHT} />
        {base.value && <path class="land" d={path(base.value.land) ?? ""} />}
        {base.value && <path class="border" d={path(base.value.borders) ?? ""} />}
        {alternatives.map((a) => {
          const at = projection([a.lon, a.lat]);
          const inside = at && at[0] > 0 && at[0] < WIDTH && at[1] > 0 && at[1] < HEIGHT;
          return inside && <circle key={a.geonames_id} class="maybe" cx={at[0]} cy={at[1]} r={3.5} />;
        })}
        {[...places].reverse().map((p) => {
          const at = projection([p.lon, p.lat]);
          if (!at) return null;
          const circle =
            p.km > 0
              ? path(
                  geoCircle()
                    .center([p.lon, p.lat])
                    .radius(p.km / 111.2)(),
                )
              : null;
          return (
            <g
              key={p.entry.fact}
              class={`spot ${p.best ? "best" : ""} ${selected.value?.fact === p.entry.fact ? "on" : ""}`}
              onClick={() => select(p.entry.fact)}
            >
              {circle && <path class="circle" d={circle} />}
              <circle cx={at[0]} cy={at[1]} r={p.best ? 4.5 : 3.5} />
              <text x={at[0] + 8} y={at[1] + 4}>
                {String(p.entry.value.name)}
              </text>
            </g>
          );
        })}
      </svg>
      <ul class="lines">
        {places.map((p) => (
          <li key={p.entry.fact}>
            <button class="link" onClick={() => select(p.entry.fact)}>
              {words("where", p.entry.value)}
            </button>
            <span>
              {precision(p.entry.value)} · {inDegrees(p.lat, p.lon)}
            </span>
          </li>
        ))}
      </ul>
      {alternatives.length > 0 && (
        <details class="others">
          <summary>{alternatives.length === 1 ? "Another place" : `${alternatives.length} other places`} of this name</summary>
          <ul class="lines">
            {alternatives.map((a) => (
              <li key={a.geonames_id}>
                {session.value?.read_only ? (
                  <span>{where(a)}</span>
                ) : (
                  <button class="link" onClick={() => (asking.value = { place: a })}>
                    {where(a)}
                  </button>
                )}
                <span>{inDegrees(a.lat, a.lon)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
