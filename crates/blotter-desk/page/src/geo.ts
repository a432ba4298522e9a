// The base map: Natural Earth's countries, fetched from the desk itself when a map is first shown.

import { signal } from "@preact/signals";
import { feature, mesh } from "topojson-client";
import type { FeatureCollection, MultiLineString } from "geojson";
import place from "world-atlas/countries-50m.json?url";

export interface Base {
  land: FeatureCollection;
  borders: MultiLineString;
}
export const base = signal<Base | null>(null);
let asked = false;

export function loadBase(): void {
  if (asked) return;
  asked = true;
  fetch(place)
    .then((r) => r.json())
    .then(
      (atlas) => {
        const countries = feature(atlas, atlas.objects.countries) as unknown as FeatureCollection;
        base.value = { land: countries, borders: mesh(atlas, atlas.objects.countries, (a, b) => a !== b) };
      },
      () => {
        asked = false;
      },
    );
}
