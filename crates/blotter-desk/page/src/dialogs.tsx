// What is asked before a decision is filed: what exactly, and why. Enter files it, Escape leaves it.

import { useEffect, useState } from "preact/hooks";
import { get } from "./api.ts";
import { Export } from "./export.tsx";
import { Frame, Why, useTyped } from "./frame.tsx";
import { Help } from "./help.tsx";
import { asking, type Ask } from "./keys.ts";
import { decide } from "./outbox.ts";
import { movedTo, type Alternative } from "./place.tsx";
import { chosen, compared, go, route, session, shown, to } from "./state.ts";
import type { Decision, Row } from "./types.ts";
import { TOLLS, chains, label, words } from "./words.ts";

/**
 * What was looked at as the dialog opened: the record, the ledger's row of that moment, the chosen value. Taken once, since
 * others may change the record behind an open dialog: the decision stays about what its maker saw, and is refused if it moved.
 */
function useOpened() {
  return useState(() => ({ record: shown.value?.record, seen: shown.value?.seen, at: chosen.value }))[0];
}

export function Dialogs({ what }: { what: Ask }) {
  if (typeof what === "object") return "place" in what ? <Elsewhere place={what.place} /> : <Retract report={what.retract} />;
  switch (what) {
    case "help":
      return <Help />;
    case "accept":
      return <Accept />;
    case "edit":
      return <Edit />;
    case "reject":
      return <Reject />;
    case "merge":
      return route.value.view === "pair" ? <Two kind="link" /> : <Merge />;
    case "apart":
      return <Two kind="apart" />;
    case "split":
      return <Split />;
    case "status":
      return <Status />;
    case "comment":
      return <Comment />;
    case "export":
      return <Export />;
  }
}

function Accept() {
  const { record, seen, at } = useOpened();
  const chain = at?.said ? chains(at.said)[0].join(" → ") : "";
  const [why, setWhy, again] = useTyped("accept", chain ? `as said: ${chain}` : "");
  if (!at || !record) return null;
  const said = words(at.field, at.entry.value);
  const send = () =>
    decide(
      { kind: "pin", incident: record.incident, field: at.field, value: at.entry.value, why, seen },
      `${label(at.field)}: ${said} accepted`,
      again,
    );
  return (
    <Frame title={`Accept ${label(at.field)}: ${said}`} verb="Accept" send={send} ready={why.trim() !== ""}>
      <p class="quote">{at.said?.evidence.map((e) => e.quote).join(" … ")}</p>
      <Why why={why} set={setWhy} first />
    </Frame>
  );
}

const TAKES: Record<string, string> = {
  when: "2024-03-12, or 2024-03-12/2024-03-14",
  type: "attack/bombing, clash, protest/peaceful, …",
  stage: "accomplished, attempted, foiled, threatened, planned",
  where: "a name, which has no point on the map, or JSON as in the record",
  damage: "JSON as in the record",
  reaction: "JSON as in the record",
};

function Edit() {
  const { record, seen, at } = useOpened();
  const plain =
    at && TOLLS.includes(at.field)
      ? String((at.entry.value.best ?? at.entry.value.min ?? "") as number)
      : String(at?.entry.value.code ?? at?.entry.value.start ?? at?.entry.value.name ?? "");
  const [typedIn, set, again] = useTyped("edit", {
    value: plain.slice(0, at?.field === "when" ? 10 : undefined),
    why: "",
  });
  if (!at || !record) return null;
  const send = () =>
    decide(
      { kind: "pin", incident: record.incident, field: at.field, value: typedIn.value, why: typedIn.why, seen },
      `${label(at.field)}: ${typedIn.value} fixed`,
      again,
    );
  return (
    <Frame
      title={`Fix ${label(at.field)}`}
      verb="Fix"
      send={send}
      ready={typedIn.value.trim() !== "" && typedIn.why.trim() !== ""}
    >
      <label>
        Value
        <input
          value={typedIn.value}
          onInput={(e) => set({ ...typedIn, value: e.currentTarget.value })}
          data-first
          required
        />
        <small>{TOLLS.includes(at.field) ? "12, 12-15, or 12+ for at least 12" : (TAKES[at.field] ?? "a name")}</small>
      </label>
      <Why why={typedIn.why} set={(why) => set({ ...typedIn, why })} />
    </Frame>
  );
}

/** The name means another place that the gazetteer has. */
function Elsewhere({ place }: { place: Alternative }) {
  const { record, seen } = useOpened();
  const what = asking.value ?? { place };
  const [why, setWhy, again] = useTyped(what, "");
  const best = record?.fields.where?.[0];
  if (!record || !best) return null;
  const value = movedTo(best.value, place);
  const send = () =>
    decide(
      { kind: "pin", incident: record.incident, field: "where", value, why, seen },
      `where: ${words("where", value)} fixed`,
      again,
    );
  return (
    <Frame title={`Place it in ${words("where", value)}`} verb="Place it there" send={send} ready={why.trim() !== ""}>
      <p>
        {place.name}, {[place.admin1, place.country].filter(Boolean).join(", ")}: {place.lat.toFixed(2)}, {place.lon.toFixed(2)}
      </p>
      <Why why={why} set={setWhy} first />
    </Frame>
  );
}

function Reject() {
  const { seen, at } = useOpened();
  const [why, setWhy, again] = useTyped("reject", "");
  if (!at) return null;
  const said = words(at.field, at.entry.value);
  const send = () =>
    decide({ kind: "reject", fact: at.entry.fact, why, seen }, `${label(at.field)}: ${said} rejected`, again);
  return (
    <Frame title={`Reject ${label(at.field)}: ${said}`} verb="Reject" send={send} ready={why.trim() !== ""}>
      <p class="quote">{at.said?.evidence.map((e) => e.quote).join(" … ")}</p>
      <Why why={why} set={setWhy} first />
    </Frame>
  );
}

function Retract({ report }: { report: string }) {
  const { seen } = useOpened();
  const what = asking.value ?? { retract: report };
  const [why, setWhy, again] = useTyped(what, "");
  const send = () => decide({ kind: "retract", report, why, seen }, `${report} withdrawn`, again);
  return (
    <Frame title="Withdraw a report" verb="Withdraw" send={send} ready={why.trim() !== ""}>
      <p>{report} will support nothing any more, in any incident. It stays filed.</p>
      <Why why={why} set={setWhy} first />
    </Frame>
  );
}

function Merge() {
  const { record, seen } = useOpened();
  const [typedIn, set, again] = useTyped("merge", { text: "", other: "", why: "" });
  const [found, setFound] = useState<Row[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    const day = (record?.best.when as { start?: string } | undefined)?.start?.slice(0, 10);
    const asked = typedIn.text.trim() ? { text: typedIn.text.trim() } : day ? { since: day, until: day } : {};
    get<{ rows: Row[] }>("/api/incidents", { ...asked, all: true, limit: 12, order: "newest" }, leaving.signal).then(
      (page) => setFound(page.rows.filter((r) => r.incident !== record?.incident)),
      () => {},
    );
    return () => leaving.abort();
  }, [typedIn.text]);
  if (!record) return null;
  const send = () =>
    decide(
      { kind: "link", incidents: [record.incident, typedIn.other], why: typedIn.why, seen },
      `${typedIn.other} merged into ${record.incident}`,
      again,
    );
  return (
    <Frame
      title={`Merge with ${record.incident}`}
      verb="Merge"
      send={send}
      ready={typedIn.other !== "" && typedIn.why.trim() !== ""}
    >
      <label>
        Search
        <input
          type="search"
          value={typedIn.text}
          data-first
          placeholder="words of the other incident; else those of the same day"
          onInput={(e) => set({ ...typedIn, text: e.currentTarget.value })}
          onKeyDown={(e) => {
            if (e.key === "Enter") e.preventDefault();
          }}
        />
      </label>
      <fieldset class="choices">
        <legend>The other incident</legend>
        {found.map((r) => (
          <label key={r.incident} class="check">
            <input
              type="radio"
              name="other"
              checked={typedIn.other === r.incident}
              onChange={() => set({ ...typedIn, other: r.incident })}
            />
            <span>
              {r.summary} <small>{r.incident}</small>
            </span>
          </label>
        ))}
        {found.length === 0 && <p class="empty">None.</p>}
      </fieldset>
      <Why why={typedIn.why} set={(why) => set({ ...typedIn, why })} />
    </Frame>
  );
}

/** The two incidents of a pair become one, or are kept apart. */
function Two({ kind }: { kind: "link" | "apart" }) {
  const at = route.value;
  const [seen] = useState(() => compared.value ?? undefined);
  const [why, setWhy, again] = useTyped<string>(kind === "link" ? "merge" : "apart", "");
  if (at.view !== "pair") return null;
  const { a, b } = at;
  const send = () => {
    decide(
      { kind, incidents: [a, b], why, seen },
      kind === "link" ? `${b} merged into ${a}` : `${a} and ${b} kept apart`,
      again,
    );
    go(kind === "link" ? to.incident(a) : "#/");
  };
  return (
    <Frame
      title={kind === "link" ? `${a} and ${b} are one incident` : `${a} and ${b} are two incidents`}
      verb={kind === "link" ? "Merge" : "Keep apart"}
      send={send}
      ready={why.trim() !== ""}
    >
      <Why why={why} set={setWhy} first />
    </Frame>
  );
}

function Split() {
  const { record, seen } = useOpened();
  const [typedIn, set, again] = useTyped("split", { reports: [] as string[], why: "" });
  if (!record) return null;
  const pick = (id: string, on: boolean) =>
    set({ ...typedIn, reports: on ? [...typedIn.reports, id] : typedIn.reports.filter((r) => r !== id) });
  const all = typedIn.reports.length === record.reports.length;
  const send = () =>
    decide(
      { kind: "split", incident: record.incident, reports: typedIn.reports, why: typedIn.why, seen },
      `${typedIn.reports.length} split off ${record.incident}`,
      again,
    );
  return (
    <Frame
      title={`Split ${record.incident}`}
      verb="Split"
      send={send}
      ready={typedIn.reports.length > 0 && !all && typedIn.why.trim() !== ""}
    >
      <fieldset class="choices">
        <legend>Reports that leave it, together</legend>
        {record.reports.map((r, i) => (
          <label key={r.id} class="check">
            <input
              type="checkbox"
              data-first={i === 0 || undefined}
              checked={typedIn.reports.includes(r.id)}
              onChange={(e) => pick(r.id, e.currentTarget.checked)}
            />
            <span>
              {r.headline ?? r.id} <small>{r.origin}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {all && (
        <p class="warning" role="alert">
          One report must stay.
        </p>
      )}
      <Why why={typedIn.why} set={(why) => set({ ...typedIn, why })} />
    </Frame>
  );
}

function Status() {
  const { record, seen } = useOpened();
  const [typedIn, set, again] = useTyped("status", {
    status: record?.status === "open" ? "reviewed" : (record?.status ?? "open"),
    why: "",
  });
  if (!record) return null;
  const decision: Decision = { kind: "status", incident: record.incident, status: typedIn.status, seen };
  const send = () =>
    decide(
      typedIn.why.trim() ? { ...decision, why: typedIn.why } : decision,
      `${record.incident} ${typedIn.status}`,
      again,
    );
  return (
    <Frame title={`Status of ${record.incident}`} verb="Set" send={send}>
      <fieldset class="choices inline">
        <legend>Status</legend>
        {session.value?.statuses.map((s) => (
          <label key={s} class="check">
            <input
              type="radio"
              name="status"
              data-first={s === typedIn.status || undefined}
              checked={s === typedIn.status}
              onChange={() => set({ ...typedIn, status: s })}
            />
            {s}
          </label>
        ))}
      </fieldset>
      <label>
        Why (if you like)
        <input value={typedIn.why} onInput={(e) => set({ ...typedIn, why: e.currentTarget.value })} />
      </label>
    </Frame>
  );
}

function Comment() {
  const { record } = useOpened();
  const [text, set, again] = useTyped("comment", "");
  if (!record) return null;
  const send = () =>
    decide({ kind: "comment", incident: record.incident, text }, `comment on ${record.incident}`, again);
  return (
    <Frame title={`Comment on ${record.incident}`} verb="File" send={send} ready={text.trim() !== ""}>
      <label>
        Comment
        <textarea rows={4} value={text} onInput={(e) => set(e.currentTarget.value)} data-first required />
        <small>Ctrl Enter files it.</small>
      </label>
    </Frame>
  );
}
