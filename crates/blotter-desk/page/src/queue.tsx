// The queue: incidents by doubt times stakes, and the doubts themselves.

import { ExportButton } from "./export.tsx";
import { FilterButton, Filters } from "./filters.tsx";
import { filtering, focusQueue, openDoubt } from "./keys.ts";
import {
  counts,
  doubts,
  filter,
  loadList,
  loadMore,
  next,
  order,
  reasons,
  route,
  rows,
  setFilter,
  tab,
  to,
} from "./state.ts";
import type { Doubt, Row } from "./types.ts";
import { count, day, label, many } from "./words.ts";

export function Queue() {
  return (
    <section class="queue" aria-label="Queue">
      <h1 class="unseen">Queue</h1>
      <div class="bar">
        <Search />
        <FilterButton without={["text"]} />
        <ExportButton />
      </div>
      {filtering.value && <Filters />}
      <div class="tabs">
        <div role="tablist" aria-label="What is listed">
          <button
            role="tab"
            aria-selected={tab.value === "incidents"}
            onClick={() => {
              tab.value = "incidents";
            }}
          >
            Incidents <span class="n">{counts.value ? counts.value.incidents.toLocaleString("en") : "…"}</span>
          </button>
          <button
            role="tab"
            aria-selected={tab.value === "doubts"}
            onClick={() => {
              tab.value = "doubts";
            }}
          >
            Doubts{" "}
            <span class="n">{doubts.value ? `${doubts.value.rows.length}${doubts.value.more ? "+" : ""}` : "…"}</span>
          </button>
        </div>
        {tab.value === "incidents" && (
          <select
            aria-label="Order"
            value={order.value}
            onChange={(e) => {
              order.value = e.currentTarget.value as "doubt";
              rows.value = null;
              void loadList();
            }}
          >
            <option value="doubt">doubt × stakes</option>
            <option value="newest">newest</option>
          </select>
        )}
      </div>
      {tab.value === "incidents" ? <Incidents /> : <Doubts />}
      {counts.value && tab.value === "incidents" && (
        <p class="foot">
          {many(counts.value.incidents, "incident")} · at least {counts.value.killed.toLocaleString("en")} killed in{" "}
          {counts.value.killed_told.toLocaleString("en")} of them
        </p>
      )}
    </section>
  );
}

/** What is typed stays, whatever comes in meanwhile: the box is the browser's until Enter. */
function Search() {
  const text = filter.value.text ?? "";
  return (
    <input
      id="search"
      key={text}
      type="search"
      placeholder="Search  /"
      aria-label="Search summaries, headlines and names"
      defaultValue={text}
      onKeyDown={(e) => {
        if (e.key !== "Enter") return;
        const wanted = e.currentTarget.value.trim();
        e.currentTarget.blur();
        setFilter({ ...filter.value, text: wanted });
        focusQueue(null);
      }}
      onSearch={(e) => {
        if (!e.currentTarget.value && filter.value.text) setFilter({ ...filter.value, text: "" });
      }}
    />
  );
}

function Incidents() {
  const at = route.value;
  const open = at.view === "queue" ? at.incident : null;
  if (!rows.value)
    return (
      <p class="empty" role="status">
        Looking…
      </p>
    );
  if (rows.value.length === 0) {
    const filtered = Object.keys(filter.value).length > 0;
    return (
      <div class="empty">
        <p>
          {filtered
            ? "Nothing is like that."
            : "Nothing is filed yet. `blotter add` files reports; they appear here as they come."}
        </p>
        {filtered && <button onClick={() => setFilter({})}>Show all</button>}
      </div>
    );
  }
  return (
    <div
      class="scroll"
      tabIndex={-1}
      onScroll={(e) => {
        const el = e.currentTarget;
        if (el.scrollTop + el.clientHeight > el.scrollHeight - 600) void loadMore();
      }}
    >
      <ol data-list="queue">
        {rows.value.map((row) => (
          <Line row={row} key={row.incident} open={open === row.incident} />
        ))}
      </ol>
      {next.value && (
        <button class="more" onClick={() => void loadMore()}>
          More
        </button>
      )}
    </div>
  );
}

function Line({ row, open }: { row: Row; open: boolean }) {
  const killed = row.best.killed as Parameters<typeof count>[0] | undefined;
  const doubt = reasons.value.get(row.incident);
  const [what, toll] = split(row.summary);
  return (
    <li>
      <a data-item data-id={row.incident} href={to.incident(row.incident)} aria-current={open ? "true" : undefined}>
        <span class={`weight w${Math.min(4, Math.ceil(row.weight * 1.5))}`} title={`doubt × stakes: ${row.weight}`} />
        <span class="what">{what}</span>
        <span class="toll">
          {killed ? (
            <>
              <b>{count(killed)}</b> killed
            </>
          ) : (
            toll.replace(/^, /, "").split(", ")[0]
          )}
        </span>
        <span class="meta">
          {day(row.day)} · {many(row.reports, "report")}
          {row.disagreements > 0 && ` · ${many(row.disagreements, "disagreement")}`}
          {row.status !== "open" && (
            <>
              {" "}
              · <em>{row.status}</em>
            </>
          )}
        </span>
        {doubt && (
          <span class="doubt">
            {label(doubt.field ?? "")}: {doubt.why}
          </span>
        )}
      </a>
    </li>
  );
}

/** A summary without its day and toll, which stand beside it. */
function split(summary: string): [string, string] {
  const found = /^(.*?)(?: on \d{4}-\d\d-\d\d)?((?:, [^,]*\b(?:killed|wounded|missing|abducted))*)\.$/.exec(summary);
  return found ? [found[1], found[2]] : [summary, ""];
}

const NAMES: Record<string, string> = {
  "same?": "one incident?",
  conflict: "conflict",
  unsure: "unsure",
  "kill notice": "kill notice",
};

function Doubts() {
  const found = doubts.value;
  if (!found)
    return (
      <p class="empty" role="status">
        Looking…
      </p>
    );
  if (found.rows.length === 0) return <p class="empty">No doubts. The record says one thing of everything.</p>;
  return (
    <div class="scroll" tabIndex={-1}>
      <ol data-list="queue">
        {found.rows.map((doubt, i) => (
          <li key={`${doubt.kind} ${doubt.incidents?.join() ?? doubt.report} ${doubt.field ?? ""}`}>
            <a data-item data-id={doubt.incidents?.[0]} href={openDoubt(i)}>
              <span class={`weight w${Math.min(4, Math.ceil(doubt.weight * 1.5))}`} />
              <span class="what">
                {NAMES[doubt.kind] ?? doubt.kind}
                {doubt.kind === "unsure" && ` ${doubt.field}`}
              </span>
              <span class="toll">{about(doubt)}</span>
              <span class="doubt">{doubt.why}</span>
            </a>
          </li>
        ))}
      </ol>
      {found.more && <p class="foot">The weightiest {found.rows.length}; more come up as these are settled.</p>}
    </div>
  );
}

const about = (doubt: Doubt): string => doubt.incidents?.join(", ") || doubt.report || "";
