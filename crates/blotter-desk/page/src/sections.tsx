// What stands below the values of an incident: its reports, what it is tied to, comments, why its reports are together, history.

import { useEffect, useState } from "preact/hooks";
import { get } from "./api.ts";
import { asking } from "./keys.ts";
import { decide } from "./outbox.ts";
import { changed, online, session, to } from "./state.ts";
import type { Change, Join, Record_ } from "./types.ts";
import { day, label, many, moment, prose } from "./words.ts";

const writes = (): boolean => !session.value?.read_only;

export function Reports({ record }: { record: Record_ }) {
  return (
    <section class="part" aria-label="Reports">
      <h2>
        Reports <span class="n">{record.reports.length}</span>
      </h2>
      <ul class="lines">
        {record.reports.map((r) => (
          <li key={r.id} class={r.retracted ? "past" : ""}>
            <a href={to.report(r.id, r.version)}>{r.headline ?? r.id}</a>
            <span>
              {r.origin} · {moment(r.published)}
              {r.relation !== "main" && ` · ${r.relation}`}
              {r.version > 1 && (
                <>
                  {" "}
                  · <a href={to.report(r.id, r.version)}>version {r.version}, what changed</a>
                </>
              )}
              {r.retracted && ` · withdrawn: ${r.retracted_why ?? ""}`}
              {!r.retracted && writes() && (
                <>
                  {" "}
                  ·{" "}
                  <button
                    class="link"
                    onClick={() => {
                      asking.value = { retract: r.id };
                    }}
                  >
                    withdraw
                  </button>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const RELATIONS: Record<string, string> = {
  "background-of": "is background of",
  follows: "follows",
  "part-of": "is part of",
};

export function Related({ record }: { record: Record_ }) {
  if (record.related.length === 0) return null;
  return (
    <section class="part" aria-label="Related incidents">
      <h2>Related</h2>
      <ul class="lines">
        {record.related.map((r) => (
          <li key={`${r.incident} ${r.relation}`}>
            <a href={to.incident(r.incident)}>{prose(r.summary)}</a>
            <span>
              this {RELATIONS[r.relation] ?? r.relation} {r.incident}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Comments({ record }: { record: Record_ }) {
  if (record.comments.length === 0) return null;
  return (
    <section class="part" aria-label="Comments">
      <h2>Comments</h2>
      <ul class="lines">
        {record.comments.map((c, i) => (
          <li key={c.decision || i} class={c.pending ? "pending" : ""}>
            {c.text}
            <span>
              {c.by}
              {c.at && `, ${moment(c.at)}`} {c.decision && <Undo decision={c.decision} words="a comment" />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Undo({ decision, words }: { decision: string; words: string }) {
  if (!writes()) return null;
  return (
    <button class="link" onClick={() => decide({ kind: "undo", decision }, `undid ${decision} (${words})`)}>
      undo
    </button>
  );
}

interface Rows<T> {
  rows: T[];
  undone?: string[];
}

/**
 * What a section asks the desk for when it is opened, and again when something was filed or the desk is back; and why there is
 * no answer, beside the earlier one where there was one.
 */
function useRows<T>(path: string, open: boolean): { found: Rows<T> | null; fault: string | null } {
  const [answer, setAnswer] = useState<{ path: string; found: Rows<T> | null; fault: string | null } | null>(null);
  const turn = changed.value;
  useEffect(() => {
    if (!open) return;
    const leaving = new AbortController();
    get<Rows<T>>(path, {}, leaving.signal).then(
      (found) => setAnswer({ path, found, fault: null }),
      (error) => {
        if (error.name === "AbortError") return;
        const fault = String(error.message);
        setAnswer((earlier) => ({ path, found: earlier?.path === path ? earlier.found : null, fault }));
      },
    );
    return () => leaving.abort();
  }, [path, open, turn, online.value]);
  return answer?.path === path ? answer : { found: null, fault: null };
}

/** While a section has no answer, or why it has none. */
function Waiting({ found, fault }: { found: unknown; fault: string | null }) {
  if (found && !fault) return null;
  return (
    <p class="empty" role="status">
      {fault ?? "Looking…"}
    </p>
  );
}

export function Joins({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const { found, fault } = useRows<Join>(`/api/incidents/${encodeURIComponent(id)}/joins`, open);
  return (
    <details class="part" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>Why these reports are together</summary>
      {open && <Waiting found={found} fault={fault} />}
      {found?.rows.length === 0 && <p class="empty">One report: there is nothing to join.</p>}
      <ul class="lines">
        {found?.rows.map((j) => (
          <li key={j.reports.join()}>
            {j.reports.join(" and ")}
            <span>
              {Math.round(j.p * 100)} % one incident: {j.reasons.join(", ")}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Changes({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const { found, fault } = useRows<Change>(`/api/incidents/${encodeURIComponent(id)}/history`, open);
  const groups: Change[][] = [];
  for (const change of found?.rows ?? []) {
    const last = groups[groups.length - 1];
    if (last && last[0].when === change.when && last[0].why === change.why) last.push(change);
    else groups.push([change]);
  }
  return (
    <details class="part" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>History{found && <span class="n"> {many(groups.length, "change")}</span>}</summary>
      {open && <Waiting found={found} fault={fault} />}
      <ol class="history">
        {groups.reverse().map((group) => (
          <li key={`${group[0].when} ${group[0].why}`}>
            <p>
              <b>{group[0].why}</b> <time>{moment(group[0].when) || day(group[0].when)}</time>{" "}
              {group[0].decision && !found?.undone?.includes(group[0].decision) && (
                <Undo decision={group[0].decision} words={group[0].why} />
              )}
            </p>
            <ul>
              {group.slice(0, 12).map((c, i) => (
                <li key={i}>
                  <span class="field">{label(c.field)}</span> {c.before && <del>{c.before}</del>}{" "}
                  {c.after && <ins>{c.after}</ins>}
                </li>
              ))}
              {group.length > 12 && <li>and {group.length - 12} more</li>}
            </ul>
          </li>
        ))}
      </ol>
    </details>
  );
}
