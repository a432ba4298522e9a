// Values, sources and times in words for people. No value is told more exactly than it is known.

import type { Said, Source, Value } from "./types.ts";

const text = (value: unknown): string => (typeof value === "string" ? value : "");
type Count = { min?: number | null; best?: number | null; max?: number | null };

/** The names of fields, where they differ from the record's. */
export const LABELS: Record<string, string> = { type: "what", casualties: "killed and wounded" };
export const label = (field: string): string => LABELS[field] ?? field;

/** "5", "at least 4", "3 to 5", "24 or more". */
export function count(c: Count): string {
  const { min = null, best = null, max = null } = c;
  if (min !== null && best !== null && max === null && min === best) return `at least ${min}`;
  if (best !== null && (min === max || (min === null && max === null))) return `${best}`;
  if (best === null && min !== null && max === null) return `${min} or more`;
  if (best === null && min !== null && max !== null) return min === max ? `${min}` : `${min} to ${max}`;
  if (best === null && max !== null) return `up to ${max}`;
  if (best !== null && min !== null && max !== null) return `${best} (${min} to ${max})`;
  if (best !== null && min !== null) return `${best} (at least ${min})`;
  return best !== null ? `${best}` : "unknown number";
}

/** The number that a count is drawn at. */
export const size = (value: Value): number | null => {
  const c = value as Count;
  return c.best ?? c.min ?? c.max ?? null;
};

export const TOLLS = ["killed", "wounded", "casualties", "missing", "abducted", "arrested", "displaced"];

/** "attack/suicide-bombing" → "suicide bombing". */
export function kind(code: string): string {
  if (code === "attack/other") return "attack";
  return (code.split("/").pop() ?? code).replaceAll("-", " ");
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "Fri 12 Apr 2024", "Apr 2024", "2024", as far as the date is known. */
export function day(iso: string | null | undefined, weekday = false): string {
  const found = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(iso ?? "");
  if (!found) return iso ?? "undated";
  const [, y, m, d] = found;
  if (!m) return y;
  const month = MONTHS[Number(m) - 1] ?? m;
  if (!d) return `${month} ${y}`;
  const name = weekday ? `${DAYS[new Date(Date.UTC(Number(y), Number(m) - 1, Number(d))).getUTCDay()]} ` : "";
  return `${name}${Number(d)} ${month} ${y}`;
}

/** "12 Apr 2024, 09:10"; midnight tells no hour. */
export function moment(iso: string | null | undefined): string {
  const time = /T(\d\d:\d\d)/.exec(iso ?? "")?.[1];
  return time && time !== "00:00" ? `${day(iso)}, ${time}` : day(iso);
}

const PARTS: Record<string, string> = {
  MO: "morning",
  MI: "midday",
  AF: "afternoon",
  EV: "evening",
  NI: "night",
  DT: "daytime",
};

/** A time that no date fixes: "a Wednesday, night". */
function undated(timex: string): string {
  const found = /^XXXX-WXX-(\d)(?:T([A-Z]{2}))?/.exec(timex.replace(/^(XXXX-WXX-\d)([A-Z]{2})$/, "$1T$2"));
  if (!found) return timex ? `undated (${timex})` : "undated";
  const part = PARTS[found[2] ?? ""];
  return `a ${LONG[Number(found[1]) % 7]}${part ? `, ${part}` : ""}`;
}
const LONG = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function when(value: Value): string {
  const start = text(value.start);
  if (!start) return undated(text(value.timex));
  const end = text(value.end);
  const precision = text(value.precision);
  const first = day(start, true);
  if (precision === "minute") return `${first}, ${start.slice(11, 16)}`;
  if (precision === "hour") return `${first}, about ${start.slice(11, 16)}`;
  const part = PARTS[/T([A-Z]{2})$/.exec(text(value.timex))?.[1] ?? ""];
  if (precision === "part-of-day" && part) return `${first}, ${part}`;
  if (precision === "month") return day(start.slice(0, 7));
  if (precision === "year") return start.slice(0, 4);
  if (end && end.slice(0, 10) !== start.slice(0, 10)) return `${day(start)} to ${day(end)}`;
  return first;
}

function where(value: Value): string {
  const names = [text(value.name)];
  const larger = [text(value.settlement), ...((value.within as string[] | undefined) ?? [])];
  for (const name of larger) {
    if (name && names.length < 3 && !names.some((known) => known.includes(name))) names.push(name);
  }
  const country = text(value.country);
  return `${names.join(", ")}${country ? ` (${country})` : ""}`;
}

/** The words for those counted, without the number that is given anyway: "at least 12 guards" → "guards". */
export function uncounted(who: string): string {
  const number =
    /^(at|least|most|more|than|or|about|some|nearly|around|up|to|both|several|dozens?|scores|hundreds?|thousands?|of|the|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|[\d.,]+)\b(-\w+)?/i;
  let rest = who.trim();
  for (let found = number.exec(rest); found && rest; found = number.exec(rest))
    rest = rest.slice(found[0].length).trim();
  return rest;
}

/** Summaries tell days as the record has them: in words here. */
export const prose = (summary: string): string => summary.replace(/\b\d{4}-\d\d-\d\d\b/g, (iso) => day(iso));

const named = (value: unknown): string => text((value as Value | null)?.name);

/** A value of a field in a few words. */
export function words(field: string, value: Value): string {
  if (field === "type" || field === "stage") return kind(text(value.code)) || "unknown";
  if (field === "when") return when(value);
  if (field === "where") return where(value);
  if (TOLLS.includes(field)) {
    const who = uncounted(text(value.who));
    const part = value.attackers
      ? " (attackers)"
      : value.scope === "part"
        ? " (a part)"
        : value.scope === "series"
          ? " (several incidents together)"
          : "";
    return `${count(value as Count)}${who ? ` ${who}` : ""}${part}`;
  }
  if (field === "damage")
    return value.extent === "none" ? `${text(value.name)}: no damage` : `${text(value.name)} ${text(value.extent)}`;
  if (field === "responsibility") {
    const party = named(value.party);
    const stance = text(value.stance);
    if (!party) return stance;
    return stance === "claimed" || stance === "denied" ? `${stance} by ${party}` : `${party} ${stance}`;
  }
  if (field === "reaction") return `${text(value.name)} ${text(value.stance).replace("-", " ")}`;
  const age = typeof value.age === "number" ? `, ${value.age}` : "";
  const harm = text(value.harm) ? `, ${text(value.harm)}` : "";
  const number = value.number ? count(value.number as Count) : "";
  const name = text(value.name);
  const counted =
    number &&
    !/\d|^(a|an|one|two|three|four|five|six|seven|eight|nine|ten|dozens|several|scores|hundreds)\b/i.test(name)
      ? ` (${number})`
      : "";
  return `${name}${counted}${age}${harm}`;
}

/** How exactly a place is known. */
export function precision(value: Value): string {
  const radius =
    typeof value.radius_km === "number"
      ? ` ± ${value.radius_km < 10 ? value.radius_km.toFixed(1).replace(/\.0$/, "") : Math.round(value.radius_km)} km`
      : "";
  return `${text(value.precision)}${radius}${value.inferred ? ", partly inferred" : ""}`;
}

/** "two officials → Coast News Agency → this outlet", one for each source. */
export function chains(said: Pick<Said, "sources" | "origin">): string[][] {
  if (said.sources.length === 0) return [[said.origin]];
  return said.sources.map((source: Source) => {
    const links = [source.name, ...(source.via ?? []), said.origin];
    return links.filter((name, i) => name && name !== links[i - 1]);
  });
}

/** "1 report", "5 reports". */
export const many = (n: number, word: string): string => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;

/** Words of the ledger for what was done. */
export const DONE: Record<string, string> = {
  version: "filed a report",
  reread: "read a report again",
  link: "merged",
  apart: "kept apart",
  split: "split",
  pin: "fixed a value",
  reject: "rejected a value",
  status: "set the status",
  comment: "commented",
  retract: "withdrew a report",
  undo: "undid",
  thresholds: "set the thresholds",
};
