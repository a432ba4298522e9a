// A Reading: the text with the layers that are switched on, and the incidents that it tells of.

import { useState } from "preact/hooks";
import { offsets, type Mark } from "./points.ts";
import { Marked } from "./text.tsx";
import type { Source, Span, Value } from "./types.ts";
import { kind, label, words } from "./words.ts";

interface Fact {
  field: string;
  value: Value;
  status: string;
  sources: Source[];
  evidence: Span[];
  confidence: number;
  why: string;
}
interface Mention extends Span {
  form: string;
}
export interface Reading {
  report: {
    text: string;
    headline: Span | null;
    publisher: string | null;
    published: string | null;
    published_by: string | null;
    warnings: string[];
  };
  entities: { id: string; kind: string; name: string; mentions: Mention[] }[];
  times: (Span & { type: string; value: string })[];
  places: (Span & {
    name: string;
    country: string | null;
    kind: string | null;
    alternatives: { name: string; country: string | null }[];
  })[];
  attributions: { id: string; source: Span[]; cue: Span[]; content: Span[]; stance: string; form: string }[];
  events: (Span & { type: string; factuality: number | null; args: (Span & { role: string })[] })[];
  incidents: { id: string; relation: string; summary: string; facts: Fact[] }[];
}

const LAYERS = ["evidence", "attributions", "times", "places", "events", "mentions"] as const;
type Layer = (typeof LAYERS)[number];

function marksOf(reading: Reading, layer: Layer): Mark[] {
  const mark = (span: Span, name: string, title: string): Mark => ({
    start: span.start,
    end: span.end,
    layer: name,
    title,
  });
  switch (layer) {
    case "evidence":
      return reading.incidents.flatMap((i) =>
        i.facts.flatMap((f) =>
          f.evidence.map((e) => mark(e, "evidence", `${label(f.field)}: ${words(f.field, f.value)}`)),
        ),
      );
    case "attributions":
      return reading.attributions.flatMap((a) => [
        ...a.source.map((s) => mark(s, "source", `source (${a.stance})`)),
        ...a.cue.map((s) => mark(s, "cue", `cue: ${a.stance}`)),
        ...a.content.map((s) => mark(s, "content", `${a.form} content`)),
      ]);
    case "times":
      return reading.times.map((t) => mark(t, "times", `${t.type.toLowerCase()} ${t.value}`));
    case "places":
      return reading.places.map((p) =>
        mark(
          p,
          "places",
          `${p.name}${p.country ? ` (${p.country})` : ""}${p.alternatives.length ? `; or ${p.alternatives.map((a) => `${a.name} (${a.country ?? "?"})`).join(", ")}` : ""}`,
        ),
      );
    case "events":
      return reading.events.flatMap((v) => [
        mark(v, "events", `${v.type}${v.factuality === null ? "" : `, factuality ${v.factuality}`}`),
      ]);
    case "mentions":
      return reading.entities.flatMap((e) =>
        e.mentions.map((m) => mark(m, "mentions", `${e.id} ${e.name} (${e.kind})`)),
      );
  }
}

export function Layers({ reading }: { reading: Reading }) {
  const [on, setOn] = useState<Record<Layer, boolean>>({
    evidence: true,
    attributions: false,
    times: false,
    places: false,
    events: false,
    mentions: false,
  });
  const [fact, setFact] = useState<Fact | null>(null);
  const all = LAYERS.map((layer) => ({ layer, marks: marksOf(reading, layer) }));
  const marks = all.filter((l) => on[l.layer]).flatMap((l) => l.marks);
  if (fact)
    marks.push(...fact.evidence.map((e) => ({ start: e.start, end: e.end, layer: "now", title: label(fact.field) })));
  const look = (f: Fact) => {
    setFact(f);
    requestAnimationFrame(() => document.querySelector(".layers mark.now")?.scrollIntoView({ block: "center" }));
  };
  const headline = reading.report.headline;
  return (
    <div class="layers">
      <div class="read">
        <fieldset class="switches">
          <legend>Layers</legend>
          {all.map(({ layer, marks: found }) => (
            <label key={layer} class={`check ${layer}`}>
              <input
                type="checkbox"
                checked={on[layer]}
                onChange={(e) => setOn({ ...on, [layer]: e.currentTarget.checked })}
              />
              {layer} <span class="n">{found.length}</span>
            </label>
          ))}
        </fieldset>
        <Marked
          text={reading.report.text}
          headline={
            headline && headline.start === 0 ? Math.min(headline.end, offsets(reading.report.text).length - 1) : 0
          }
          marks={marks}
        />
      </div>
      <div class="told" data-list="facts">
        {reading.incidents.length === 0 && <p class="empty">It tells of no incident.</p>}
        {reading.incidents.map((incident) => (
          <section key={incident.id} aria-label={incident.summary}>
            <p class="kicker">{incident.relation}</p>
            <h2>{incident.summary}</h2>
            <ul class="facts">
              {incident.facts.map((f, i) => (
                <li key={i}>
                  <button data-item aria-pressed={fact === f} onClick={() => look(f)} onFocus={() => look(f)}>
                    <span class="field">{label(f.field)}</span>
                    <span class="words">
                      {f.field === "type" ? kind(String(f.value.code)) : words(f.field, f.value)}
                    </span>
                    <span class="chain">
                      {f.sources.map((s) => [s.name, ...s.via].join(" → ")).join("; ") || "in its own voice"} ·{" "}
                      {Math.round(f.confidence * 100)} %{f.status !== "reported" && ` · ${f.status}`}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}
