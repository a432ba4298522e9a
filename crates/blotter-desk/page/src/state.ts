// What the page knows, and how it learns it. Views read these signals; only the functions here ask the desk.

import { batch, computed, effect, signal } from "@preact/signals";
import { Problem, address, get, listen } from "./api.ts";
import type { Counts, Doubt, Entry, Filter, Happened, Points, ReportText, Row, Session, Shown } from "./types.ts";
import { DONE } from "./words.ts";

export type Route =
  | { view: "queue"; incident: string | null }
  | { view: "pair"; a: string; b: string }
  | { view: "report"; id: string; version: number | null }
  | { view: "map" }
  | { view: "read" };

/** The view that an address asks for. */
export function parse(hash: string): Route {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  const asked = new URLSearchParams(query ?? "");
  if (parts[0] === "map" || parts[0] === "read") return { view: parts[0] };
  if (parts[0] === "pair" && parts[1] && parts[2]) return { view: "pair", a: parts[1], b: parts[2] };
  if (parts[0] === "report" && asked.get("id")) {
    return { view: "report", id: asked.get("id") ?? "", version: Number(asked.get("version")) || null };
  }
  return { view: "queue", incident: parts[0] === "incident" && parts[1] ? parts[1] : null };
}

export const to = {
  incident: (id: string) => `#/incident/${encodeURIComponent(id)}`,
  pair: (a: string, b: string) => `#/pair/${encodeURIComponent(a)}/${encodeURIComponent(b)}`,
  report: (id: string, version?: number | null) => `#${address("/report", { id, version })}`,
};
export const go = (hash: string): void => {
  location.hash = hash;
};

export const session = signal<Session | null>(null);
export const keyless = signal<string | null>(null);
export const route = signal<Route>(parse(location.hash));
export const online = signal(true);
export const seen = signal(0);

/** What happened to a request or elsewhere, told for a while; faults stay until they are put away. */
export interface Notice {
  id: number;
  words: string;
  fault: boolean;
  again?: () => void;
  about?: string;
}
export const notices = signal<Notice[]>([]);
let numbered = 0;
export function tell(words: string, fault = false, again?: () => void, about?: string): void {
  const id = ++numbered;
  // Faults stay; of the rest only the last two are worth the room, and of one matter the last.
  const others = notices.value.filter((n) => n.words !== words && (!about || n.about !== about));
  const faults = others.filter((n) => n.fault);
  notices.value = [...faults, ...others.filter((n) => !n.fault).slice(-1), { id, words, fault, again, about }];
  if (!fault) setTimeout(() => putAway(id), 5000);
}
export function putAway(id: number): void {
  notices.value = notices.value.filter((n) => n.id !== id);
}
const failed = (error: unknown): void => {
  if ((error as Error).name === "AbortError") return;
  if (error instanceof Problem && error.status === 401) keyless.value = error.detail;
  else if (error instanceof Problem && error.status === 0) online.value = false;
  else tell(error instanceof Problem ? error.detail : String(error), true);
};

// The queue.
export const filter = signal<Filter>({});
export const order = signal<"doubt" | "newest">("doubt");
export const tab = signal<"incidents" | "doubts">("incidents");
export const rows = signal<Row[] | null>(null);
export const next = signal<string | null>(null);
export const counts = signal<Counts | null>(null);
export const doubts = signal<{ rows: Doubt[]; more: boolean } | null>(null);
/** Why an incident is among the first: its weightiest doubt. */
export const reasons = computed(() => {
  const found = new Map<string, Doubt>();
  for (const doubt of doubts.value?.rows ?? []) {
    if (doubt.kind === "same?") continue;
    for (const incident of doubt.incidents ?? []) if (!found.has(incident)) found.set(incident, doubt);
  }
  return found;
});

const PAGE = 50;
let asking: AbortController | null = null;

/** Asks for the list anew: as many rows as stand there, so that nothing jumps. */
export async function loadList(): Promise<void> {
  asking?.abort();
  const mine = (asking = new AbortController());
  const limit = Math.min(500, Math.max(PAGE, rows.value?.length ?? 0));
  try {
    const found = await get<{ seen: number; rows: Row[]; next: string | null }>(
      "/api/incidents",
      { ...filter.value, order: order.value, limit },
      mine.signal,
    );
    batch(() => {
      rows.value = found.rows;
      next.value = found.next;
      seen.value = Math.max(seen.value, found.seen);
    });
    const [counted, doubted] = await Promise.all([
      get<Counts>("/api/counts", filter.value, mine.signal),
      get<{ rows: Doubt[]; more: boolean }>("/api/doubts", { limit: 200 }, mine.signal),
    ]);
    batch(() => {
      counts.value = counted;
      doubts.value = doubted;
    });
  } catch (error) {
    failed(error);
  }
}

export async function loadMore(): Promise<void> {
  const cursor = next.value;
  if (!cursor || !rows.value) return;
  const [asked, ordered] = [filter.value, order.value];
  // Rows of another filter are not rows of this list.
  const overtaken = () => filter.value !== asked || order.value !== ordered || rows.value === null;
  next.value = null;
  try {
    const found = await get<{ rows: Row[]; next: string | null }>("/api/incidents", {
      ...filter.value,
      order: order.value,
      limit: PAGE,
      cursor,
    });
    if (overtaken()) return;
    const known = new Set(rows.value.map((r) => r.incident));
    batch(() => {
      rows.value = [...(rows.value ?? []), ...found.rows.filter((r) => !known.has(r.incident))];
      next.value = found.next;
    });
  } catch (error) {
    if (overtaken()) return;
    next.value = cursor;
    failed(error);
  }
}

export function setFilter(wanted: Filter): void {
  filter.value = Object.fromEntries(Object.entries(wanted).filter(([, v]) => v)) as Filter;
  rows.value = null;
  points.value = null;
  void loadList();
}

// The incident that is looked at.
export const shown = signal<Shown | null>(null);
/** The incident that was asked for and is shown; it may have another name since, where two became one. */
export const shownFor = signal<string | null>(null);
/** The ledger's row of the moment in which the two incidents of a pair were looked at. */
export const compared = signal<number | null>(null);
export const absent = signal<string | null>(null);
export const selected = signal<{ fact: string; said: number } | null>(null);

/** The values of a record in the order in which they are shown. */
export function entries(of: Shown | null): { field: string; entry: Entry }[] {
  return Object.entries(of?.record.fields ?? {})
    .sort(([a], [b]) => place(a) - place(b))
    .flatMap(([field, list]) => list.map((entry) => ({ field, entry })));
}
const place = (field: string): number => (session.value?.fields ?? []).indexOf(field);

export const chosen = computed(() => {
  const at = selected.value;
  const found = at && entries(shown.value).find((e) => e.entry.fact === at.fact);
  return found && at
    ? { ...found, said: found.entry.said[Math.min(at.said, found.entry.said.length - 1)], at: at.said }
    : null;
});

/** Looks at a value: the first of its statements that still stands. */
export function select(fact: string, said?: number): void {
  const entry = entries(shown.value).find((e) => e.entry.fact === fact)?.entry;
  if (!entry) return;
  const standing = entry.said.findIndex((s) => s.stands && s.stance === "supports");
  selected.value = { fact, said: said ?? Math.max(0, standing) };
}

let lookedAt = 0;
export async function loadIncident(id: string): Promise<void> {
  const turn = ++lookedAt;
  try {
    const found = await get<Shown>(`/api/incidents/${encodeURIComponent(id)}`);
    const now = route.value;
    // An answer that was overtaken by a later question is an older state.
    if (now.view !== "queue" || now.incident !== id || turn !== lookedAt) return;
    batch(() => {
      const same = shown.value?.record.incident === found.record.incident;
      shown.value = found;
      shownFor.value = id;
      absent.value = null;
      const known = entries(found).some((e) => e.entry.fact === selected.value?.fact);
      if (!same || !known) {
        selected.value = null;
        // What is in doubt is looked at first.
        const torn = found.record.disagreements[0];
        const sides = torn ? torn.entries.map((i) => found.record.fields[torn.field]?.[i]) : [];
        const first =
          sides.find((e) => e && e.said.length > 0) ?? entries(found).find((e) => e.entry.said.length > 0)?.entry;
        if (first) select(first.fact);
      }
    });
  } catch (error) {
    if (error instanceof Problem && error.status === 404) {
      batch(() => {
        absent.value = error.detail;
        shown.value = null;
        shownFor.value = null;
      });
    } else failed(error);
  }
}

// Reports: what was looked at is kept, since a version never changes.
const texts = new Map<string, Promise<ReportText>>();
export function report(id: string, version?: number | null): Promise<ReportText> {
  const key = `${version ?? ""} ${id}`;
  let found = texts.get(key);
  if (!found) {
    found = get<ReportText>("/api/report", { id, version });
    texts.set(key, found);
    found.catch(() => texts.delete(key));
    if (texts.size > 200) texts.delete(texts.keys().next().value ?? "");
  }
  return found;
}

// The map.
export const points = signal<Points | null>(null);
/** The filter without its days: those the map cuts out itself. */
function undated(): Filter {
  const { since: _, until: __, ...rest } = filter.value;
  return rest;
}
export async function loadPoints(): Promise<void> {
  try {
    const asked = undated();
    const found = await get<Points>("/api/points", asked);
    if (JSON.stringify(undated()) === JSON.stringify(asked)) points.value = found;
  } catch (error) {
    failed(error);
  }
}

// What happens meanwhile.
let waiting: ReturnType<typeof setTimeout> | null = null;
let due = Infinity;
let last = 0;
/** Incidents that changed since they were asked for; `null`: any may have. */
let touched: Set<string> | null = new Set();

/** Between two looks at lists and counts while reports keep coming in. */
const PAUSE = 1500;

/** Asks again for what may have changed: soon after a decision of one's own, else no more often than lists bear. */
export function refresh(incidents: string[] | null = null, soon = true): void {
  if (incidents === null || touched === null) touched = null;
  else for (const incident of incidents) touched.add(incident);
  const at = Math.max(Date.now() + 80, soon ? 0 : last + PAUSE);
  if (at >= due) return;
  if (waiting) clearTimeout(waiting);
  due = at;
  waiting = setTimeout(look, at - Date.now());
}

function look(): void {
  [waiting, due, last] = [null, Infinity, Date.now()];
  const changedOnes = touched;
  touched = new Set();
  // The last version of a report may be another one now.
  for (const key of texts.keys()) if (key.startsWith(" ")) texts.delete(key);
  void loadList();
  const at = route.value;
  const open = at.view === "queue" ? at.incident : null;
  const known = [open, shown.value?.record.incident];
  const concerned = changedOnes === null || open === null || known.some((id) => id && changedOnes.has(id));
  if (open && concerned) void loadIncident(open);
  if (at.view === "map") void loadPoints();
  else points.value = null;
  if (concerned) changed.value++;
}
/** Grows whenever something was filed that concerns the view: views that ask for themselves ask again. */
export const changed = signal(0);

function happened(name: string, data: string, id: number): void {
  if (name === "anew") return refresh();
  if (name === "locked")
    keyless.value = "the desk was opened anew, and has another key: open the address that it printed";
  if (name !== "change") return;
  const event = JSON.parse(data) as Happened;
  seen.value = Math.max(seen.value, id);
  if (event.kind !== "version" && event.by !== session.value?.by) {
    const about = [event.field, event.incidents.join(", ") || event.report].filter(Boolean).join(", ");
    tell(`${event.by ?? "Somebody"} ${DONE[event.kind] ?? event.kind}: ${about}${event.why ? ` (${event.why})` : ""}`);
  }
  refresh(event.incidents, event.kind !== "version");
}

export async function start(): Promise<void> {
  addEventListener("hashchange", () => {
    route.value = parse(location.hash);
  });
  try {
    const found = await get<Session>("/api/session");
    seen.value = found.seen;
    session.value = found;
  } catch (error) {
    return failed(error);
  }
  effect(() => {
    const at = route.value;
    if (at.view !== "queue") return;
    if (at.incident === null)
      batch(() => {
        shown.value = null;
        shownFor.value = null;
        absent.value = null;
        selected.value = null;
      });
    else void loadIncident(at.incident);
  });
  void loadList();
  void listen(
    () => seen.value,
    happened,
    (yes) => {
      online.value = yes;
    },
  );
}
