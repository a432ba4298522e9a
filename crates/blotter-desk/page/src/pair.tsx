// Two incidents that may be one, side by side.

import { useEffect, useState } from "preact/hooks";
import { get } from "./api.ts";
import { asking } from "./keys.ts";
import { changed, compared, doubts, session, to } from "./state.ts";
import type { Entry, Shown } from "./types.ts";
import { day, label, many, prose, words } from "./words.ts";

export function Pair({ a, b }: { a: string; b: string }) {
  const [two, setTwo] = useState<Shown[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const turn = changed.value;
  useEffect(() => {
    const leaving = new AbortController();
    const one = (id: string) => get<Shown>(`/api/incidents/${encodeURIComponent(id)}`, {}, leaving.signal);
    Promise.all([one(a), one(b)]).then(
      (found) => {
        setTwo(found);
        setFault(null);
        // Whatever changed in either since the earlier look is news to whoever decides.
        compared.value = Math.min(...found.map((one) => one.seen));
      },
      (e) => {
        if (e.name !== "AbortError") setFault(String(e.message));
      },
    );
    return () => leaving.abort();
  }, [a, b, turn]);
  if (fault)
    return (
      <main class="single">
        <p class="empty">{fault}</p>
      </main>
    );
  if (!two)
    return (
      <main class="single">
        <p class="empty" role="status">
          Looking…
        </p>
      </main>
    );
  const [x, y] = two.map((s) => s.record);
  const doubt = doubts.value?.rows.find(
    (d) => d.kind === "same?" && d.incidents?.includes(a) && d.incidents.includes(b),
  );
  const fields = (session.value?.fields ?? []).filter((f) => x.fields[f] || y.fields[f]);
  const told = (field: string, entries: Entry[] | undefined) =>
    entries?.map((e, i) => (
      <p key={e.fact} class={i > 0 ? "lesser" : ""}>
        {words(field, e.value)}
        <span class="chain"> {e.said[0]?.origin}</span>
      </p>
    )) ?? <span class="none">–</span>;
  return (
    <main class="single pair">
      <h1>One incident, or two?</h1>
      {doubt && <p class="doubt">{doubt.why}</p>}
      {!session.value?.read_only && (
        <div class="actions">
          <button
            onClick={() => {
              asking.value = "merge";
            }}
          >
            Merge <kbd>m</kbd>
          </button>
          <button
            onClick={() => {
              asking.value = "apart";
            }}
          >
            Keep apart <kbd>x</kbd>
          </button>
        </div>
      )}
      <div class="wideone">
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">
                <a href={to.incident(x.incident)}>{x.incident}</a>
              </th>
              <th scope="col">
                <a href={to.incident(y.incident)}>{y.incident}</a>
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">summary</th>
              <td>{prose(x.summary)}</td>
              <td>{prose(y.summary)}</td>
            </tr>
            {fields.map((f) => (
              <tr key={f}>
                <th scope="row">{label(f)}</th>
                <td>{told(f, x.fields[f])}</td>
                <td>{told(f, y.fields[f])}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">reports</th>
              {[x, y].map((r) => (
                <td key={r.incident}>
                  {many(r.reports.length, "report")}
                  {r.reports.map((l) => (
                    <p key={l.id}>
                      <a href={to.report(l.id, l.version)}>{l.headline ?? l.id}</a>{" "}
                      <span class="chain">
                        {l.origin}, {day(l.published)}
                      </span>
                    </p>
                  ))}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </main>
  );
}
