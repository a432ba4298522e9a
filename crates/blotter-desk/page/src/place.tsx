// Where an incident was: the place, how exactly it is known as a circle, and the other places that were said.

import { useEffect } from "preact/hooks";
import { geoCircle, geoMercator, geoPath } from "d3-geo";
import { base, loadBase } from "./geo.ts";
import { select, selected } from "./state.ts";
import type { Record_ } from "./types.ts";
import { precision, words } from "./words.ts";

const [WIDTH, HEIGHT] = [520, 240];

export function Place({ record }: { record: Record_ }) {
  const places = (record.fields.where ?? []).flatMap((entry, i) => {
    const { lat, lon, radius_km } = entry.value as { lat?: number; lon?: number; radius_km?: number };
    return typeof lat === "number" && typeof lon === "number"
      ? [{ entry, lat, lon, km: radius_km ?? 0, best: i === 0 }]
      : [];
  });
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
              {precision(p.entry.value)} · {Math.abs(p.lat).toFixed(2)} {p.lat < 0 ? "S" : "N"}{" "}
              {Math.abs(p.lon).toFixed(2)} {p.lon < 0 ? "W" : "E"}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
