// An incident: what is best known, every value with who says it, and what disagrees, side by side.

import { useEffect, useState } from "preact/hooks";
import { get } from "./api.ts";
import { asking, type Ask } from "./keys.ts";
import { absent, changed, chosen, counts, entries, route, select, selected, session, shown, to } from "./state.ts";
import { Changes, Comments, Joins, Related, Reports } from "./sections.tsx";
import { SaidWhen } from "./saidwhen.tsx";
import { Place } from "./place.tsx";
import type { Disagreement, Entry, Happened, Record_ } from "./types.ts";
import { DONE, chains, day, kind, label, many, moment, prose, words } from "./words.ts";

export function Incident() {
  const at = route.value;
  if (absent.value)
    return (
      <section class="record" aria-label="Incident">
        <p class="empty">{absent.value}</p>
      </section>
    );
  if (!shown.value) {
    const waits = at.view === "queue" && at.incident;
    return (
      <section class="record" aria-label="Incident">
        {waits ? (
          <p class="empty" role="status">
            Looking…
          </p>
        ) : (
          <Welcome />
        )}
      </section>
    );
  }
  const { record, asked } = shown.value;
  const origins = new Set(record.reports.map((r) => r.origin)).size;
  const type = (record.best.type as { code?: string } | undefined)?.code;
  return (
    <section class="record" aria-label="Incident" key={record.incident}>
      <div class="scroll">
        <a class="backlink" href="#/">
          ‹ Queue
        </a>
        <header>
          <p class="kicker">
            {type ? kind(type) : "incident"} <span class="id">{record.incident}</span>
          </p>
          <h1>{prose(record.summary)}</h1>
          <p class="meta">
            <span class={`status ${record.status}`}>{record.status}</span>
            {many(record.reports.length, "report")} of {many(origins, "origin")} · revision {record.revision}
            {asked && ` · ${asked} is part of it`}
          </p>
          <Actions />
        </header>
        {record.disagreements.length > 0 && <Disagree record={record} />}
        <Values record={record} />
        <SaidWhen record={record} />
        <Place record={record} />
        <Reports record={record} />
        <Related record={record} />
        <Comments record={record} />
        <Joins id={record.incident} />
        <Changes id={record.incident} />
      </div>
    </section>
  );
}

/** Before an incident is open: how much there is, and what happened lately. */
function Welcome() {
  const [log, setLog] = useState<Happened[]>([]);
  const turn = changed.value;
  useEffect(() => {
    const leaving = new AbortController();
    get<{ rows: Happened[] }>("/api/log", { limit: 25 }, leaving.signal).then(
      (found) => setLog(found.rows),
      () => {},
    );
    return () => leaving.abort();
  }, [turn]);
  const now = counts.value;
  const most = (of: Record<string, number>) =>
    Object.entries(of)
      .sort((a, b) => b[1] - a[1])
      .slice(0, 5)
      .map(([name, n]) => `${name} ${n.toLocaleString("en")}`)
      .join(" · ");
  return (
    <div class="scroll welcome">
      <p class="hintline">
        <kbd>j</kbd> <kbd>k</kbd> move, <kbd>Enter</kbd> opens, <kbd>?</kbd> shows all keys.
      </p>
      {now && (
        <dl class="overview">
          <div>
            <dt>incidents</dt>
            <dd>
              <b>{now.incidents.toLocaleString("en")}</b> {most(now.statuses)}
            </dd>
          </div>
          <div>
            <dt>killed</dt>
            <dd>
              <b>at least {now.killed.toLocaleString("en")}</b> {now.killed_told.toLocaleString("en")} tell a number;
              each counts once
            </dd>
          </div>
          <div>
            <dt>types</dt>
            <dd>{most(now.types) || "–"}</dd>
          </div>
          <div>
            <dt>countries</dt>
            <dd>{most(now.countries) || "–"}</dd>
          </div>
        </dl>
      )}
      <h2>Lately</h2>
      <ul class="lines">
        {log.map((e) => (
          <li key={e.seq} class={e.undone ? "past" : ""}>
            {e.by ?? "Somebody"} {DONE[e.kind] ?? e.kind}
            {e.field && ` (${label(e.field)})`}
            {e.report && (
              <>
                : <a href={to.report(e.report)}>{e.report}</a>
              </>
            )}
            {e.undone && " (undone)"}
            <span>
              {moment(e.at)}
              {e.incidents.slice(0, 4).map((i) => (
                <>
                  {" "}
                  · <a href={to.incident(i)}>{i}</a>
                </>
              ))}
              {e.why && ` · ${e.why}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Actions() {
  if (session.value?.read_only) return null;
  const ask = (what: Ask) => () => {
    asking.value = what;
  };
  const acts: [string, string, Ask][] = [
    ["Status", "r", "status"],
    ["Merge", "m", "merge"],
    ["Split", "s", "split"],
    ["Comment", "c", "comment"],
  ];
  return (
    <div class="actions">
      {acts.map(([name, key, what]) => (
        <button key={key} onClick={ask(what)}>
          {name} <kbd>{key}</kbd>
        </button>
      ))}
    </div>
  );
}

/** The two sides of every disagreement. */
function Disagree({ record }: { record: Record_ }) {
  return (
    <section class="disagree" aria-label="Disagreements">
      <h2>They disagree</h2>
      {record.disagreements.map((d: Disagreement) => {
        const [a, b] = d.entries.map((i) => record.fields[d.field]?.[i]);
        return a && b ? (
          <div class="sides" key={`${d.field} ${d.entries.join()}`}>
            <span class="field">{label(d.field)}</span>
            <Side field={d.field} entry={a} />
            <span class="versus">or</span>
            <Side field={d.field} entry={b} />
          </div>
        ) : null;
      })}
    </section>
  );
}

function Side({ field, entry }: { field: string; entry: Entry }) {
  const said = entry.said.find((s) => s.stands) ?? entry.said[0];
  return (
    <button
      class="side"
      aria-pressed={selected.value?.fact === entry.fact}
      onFocus={() => {
        if (selected.value?.fact !== entry.fact) select(entry.fact);
      }}
      onClick={() => select(entry.fact)}
    >
      <b>{words(field, entry.value)}</b>
      {entry.pinned ? (
        <span>fixed by {entry.pinned.by}</span>
      ) : (
        said && (
          <span>
            {chains(said)[0].join(" → ")}, {day(said.when)}
          </span>
        )
      )}
    </button>
  );
}

function Values({ record }: { record: Record_ }) {
  const fields = [...new Set(entries(shown.value).map((e) => e.field))];
  // What is looked at first when a record opens: the keyboard begins there.
  useEffect(() => {
    if (document.activeElement?.closest("[data-list=queue]") || document.activeElement === document.body) {
      const of = (what: string) => document.querySelector<HTMLElement>(`.record ${what}`);
      (of(".side[aria-pressed=true]") ?? of("[data-item][aria-current]") ?? of("[data-item]"))?.focus();
    }
  }, [record.incident]);
  return (
    <dl class="values" data-list="values" aria-label="Values">
      {fields.map((field) => (
        <div class="row" key={field}>
          <dt>{label(field)}</dt>
          <dd>
            {record.fields[field].map((entry, i) => (
              <One key={entry.fact} field={field} entry={entry} best={i === 0} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Whether a value no longer counts, and why. */
function fallen(entry: Entry): string | null {
  if (entry.rejected) return `rejected by ${entry.rejected.by}: ${entry.rejected.why}`;
  if (entry.superseded_by) return `replaced by ${entry.superseded_by.report} (${entry.superseded_by.kind})`;
  if (entry.status === "denied") return "denied";
  if (!entry.pinned && !entry.said.some((s) => s.stands)) return "no report supports it any more";
  return null;
}

function One({ field, entry, best }: { field: string; entry: Entry; best: boolean }) {
  const why = fallen(entry);
  const chosenNow = selected.value?.fact === entry.fact;
  const pending = entry.pinned?.pending || entry.rejected?.pending;
  const seen = new Set<string>();
  const lines = entry.said
    .flatMap((s) => chains(s))
    .filter((c) => {
      const k = c.join();
      return seen.has(k) ? false : (seen.add(k), true);
    });
  return (
    <div class={`value ${why ? "fallen" : ""} ${pending ? "pending" : ""}`}>
      <button
        data-item
        aria-current={chosenNow ? "true" : undefined}
        onFocus={() => {
          if (!chosenNow) select(entry.fact);
        }}
        onClick={() => select(entry.fact)}
      >
        <span class="words">
          {words(field, entry.value)}
          {!why && entry.confidence < 0.5 && !entry.pinned && (
            <span class="unsure" title="less likely right than not">
              {" "}
              ?
            </span>
          )}
        </span>
        <span class="marks">
          {entry.pinned && <em class="pin">fixed by {entry.pinned.by}</em>}
          {!why && best && !entry.pinned && <em>best</em>}
          {!why && !entry.pinned && entry.status !== "reported" && entry.status !== words(field, entry.value) && (
            <em>{entry.status}</em>
          )}
          {why && <em class="why">{why}</em>}
          {!why && entry.said.length > 0 && (
            <span class="sure" title={`${Math.round(entry.confidence * 100)} % sure`}>
              {entry.independent} independent · {Math.round(entry.confidence * 100)} %
            </span>
          )}
        </span>
        <span class="chain">
          {lines
            .slice(0, 3)
            .map((c) => c.join(" → "))
            .join("; ")}
          {lines.length > 3 && `; and ${lines.length - 3} more`}
        </span>
      </button>
      {chosenNow && <Statements entry={entry} />}
    </div>
  );
}

/** Every statement of the value that is looked at: where, when, and with which words. */
function Statements({ entry }: { entry: Entry }) {
  const at = chosen.value?.at ?? 0;
  if (entry.said.length === 0)
    return (
      <p class="statements none">
        No report says it; {entry.pinned?.by} fixed it: {entry.pinned?.why}
      </p>
    );
  return (
    <div class="statements">
      {!session.value?.read_only && (
        <p class="acts">
          <button
            onClick={() => {
              asking.value = "accept";
            }}
          >
            Accept <kbd>a</kbd>
          </button>
          <button
            onClick={() => {
              asking.value = "edit";
            }}
          >
            Edit <kbd>e</kbd>
          </button>
          <button
            onClick={() => {
              asking.value = "reject";
            }}
          >
            Reject <kbd>x</kbd>
          </button>
          {entry.said.length > 1 && (
            <span class="hint">
              <kbd>h</kbd> <kbd>l</kbd> {Math.min(at, entry.said.length - 1) + 1} of {entry.said.length}
            </span>
          )}
        </p>
      )}
      {entry.said.map((said, i) => (
        <button
          key={i}
          tabIndex={-1}
          aria-pressed={i === Math.min(at, entry.said.length - 1)}
          onClick={() => select(entry.fact, i)}
          class={said.stands ? "" : "past"}
        >
          <q>
            {said.evidence[0]?.quote}
            {said.evidence.length > 1 && " …"}
          </q>
          <span>
            {chains(said)
              .map((c) => c.join(" → "))
              .join("; ")}{" "}
            · {moment(said.when)}
            {said.version > 1 && ` · version ${said.version}`}
            {said.stance === "denies" && " · denies it"}
            {said.retracted ? " · withdrawn" : !said.stands && " · replaced"}
          </span>
        </button>
      ))}
    </div>
  );
}
