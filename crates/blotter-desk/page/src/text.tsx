// The text beside the record: the words that carry the value that is looked at, marked where they stand.

import { useEffect, useRef, useState } from "preact/hooks";
import { diff } from "./diff.ts";
import { pieces, type Mark } from "./points.ts";
import { changed, chosen, entries, online, report, shown, to } from "./state.ts";
import type { ReportText } from "./types.ts";
import { label, moment, words } from "./words.ts";

/** A version of a report, asked for when it is first looked at, or why it cannot be had; asked again when the desk is back. */
export function useReport(
  id: string | null,
  version: number | null,
): { text: ReportText | null; fault: string | null } {
  const [answer, setAnswer] = useState<{ of: string; text: ReportText | null; fault: string | null } | null>(null);
  const turn = version === null ? changed.value : 0;
  const of = `${version ?? ""} ${id}`;
  useEffect(() => {
    let here = true;
    if (id)
      report(id, version).then(
        (text) => {
          if (here) setAnswer({ of, text, fault: null });
        },
        (error) => {
          // A text that is there stays.
          const fault = { of, text: null, fault: String(error.message) };
          if (here) setAnswer((earlier) => (earlier?.of === of && earlier.text ? earlier : fault));
        },
      );
    return () => {
      here = false;
    };
  }, [id, version, turn, online.value]);
  return id && answer?.of === of ? answer : { text: null, fault: null };
}

export function Text() {
  const at = chosen.value;
  const said = at?.said ?? null;
  const { text: found, fault } = useReport(said?.report ?? null, said?.version ?? null);
  const box = useRef<HTMLDivElement>(null);
  const key = said && at ? `${at.entry.fact} ${at.at} ${found?.report} ${found?.version}` : "";
  useEffect(() => {
    const mark = box.current?.querySelector("mark.now");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    mark?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }, [key]);
  if (!shown.value) return <aside class="text" aria-label="Text" />;
  if (!at || !said)
    return (
      <aside class="text" aria-label="Text">
        <p class="empty">
          {at?.entry.pinned
            ? "A person fixed this value; no report says it."
            : "Choose a value to see the words that carry it."}
        </p>
      </aside>
    );
  if (!found)
    return (
      <aside class="text" aria-label="Text">
        <p class="empty" role="status">
          {fault ?? "Looking…"}
        </p>
      </aside>
    );
  const others: Mark[] = entries(shown.value).flatMap(({ field, entry }) =>
    entry.said
      .filter((s) => s.report === said.report && s.version === said.version && entry.fact !== at.entry.fact)
      .flatMap((s) =>
        s.evidence.map((e) => ({
          start: e.start,
          end: e.end,
          layer: "other",
          title: `${label(field)}: ${words(field, entry.value)}`,
        })),
      ),
  );
  const now: Mark[] = said.evidence.map((e) => ({
    start: e.start,
    end: e.end,
    layer: "now",
    title: `${label(at.field)}: ${words(at.field, at.entry.value)}`,
  }));
  return (
    <aside class="text" aria-label="Text">
      <TextHead report={found} />
      <p class="unseen" aria-live="polite">
        {label(at.field)} {words(at.field, at.entry.value)}: “{said.evidence.map((e) => e.quote).join(" … ")}”,{" "}
        {said.origin}
      </p>
      <div class="scroll" ref={box} tabIndex={0} aria-label="Text of the report" role="region">
        <Marked text={found.text} headline={found.headline?.end ?? 0} marks={[...others, ...now]} />
      </div>
    </aside>
  );
}

export function TextHead({ report: r }: { report: ReportText }) {
  return (
    <header>
      <p class="meta">
        <b>{r.publisher ?? r.report}</b> {moment(r.published)}
        {r.updated && ` · updated ${moment(r.updated)}`}
        {r.versions > 1 && (
          <>
            {" "}
            ·{" "}
            <a href={to.report(r.report, r.version)}>
              version {r.version} of {r.versions}
            </a>
          </>
        )}
        {r.versions === 1 && (
          <>
            {" "}
            · <a href={to.report(r.report)}>whole report</a>
          </>
        )}
      </p>
    </header>
  );
}

/** A text with marks, a paragraph each; the headline, if it begins the text, stands out. Text of reports is only ever text. */
export function Marked({ text, headline, marks }: { text: string; headline: number; marks: Mark[] }) {
  const cut = pieces(text, marks);
  const paragraphs: { head: boolean; parts: preact.ComponentChild[] }[] = [{ head: headline > 0, parts: [] }];
  cut.forEach((piece, i) => {
    const rows = piece.text.split(/\n\s*\n/);
    rows.forEach((row, j) => {
      if (j > 0) paragraphs.push({ head: false, parts: [] });
      if (!row) return;
      const parts = paragraphs[paragraphs.length - 1].parts;
      if (piece.marks.length === 0) parts.push(row);
      else {
        const classes = [...new Set(piece.marks.map((m) => m.layer))].join(" ");
        const title = [...new Set(piece.marks.map((m) => m.title).filter(Boolean))].join(" · ");
        parts.push(
          <mark key={`${i} ${j}`} class={classes} title={title}>
            {row}
          </mark>,
        );
      }
    });
  });
  return (
    <div class="prose">
      {paragraphs
        .filter((p) => p.parts.length > 0)
        .map((p, i) => (p.head ? <h2 key={i}>{p.parts}</h2> : <p key={i}>{p.parts}</p>))}
    </div>
  );
}

/** What changed between two versions of a report. */
export function Compared({ before, after }: { before: string; after: string }) {
  return (
    <div class="prose compared">
      {diff(before, after).map((part, i) =>
        part.kind === "same" ? (
          <span key={i}>{part.text}</span>
        ) : part.kind === "gone" ? (
          <del key={i}>{part.text}</del>
        ) : (
          <ins key={i}>{part.text}</ins>
        ),
      )}
    </div>
  );
}
