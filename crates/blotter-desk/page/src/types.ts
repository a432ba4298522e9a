// What the API gives, as far as the page looks into it. The document of the API (/api/openapi.json) is the reference.

export interface Span {
  start: number;
  end: number;
  quote: string;
}
export interface Source {
  attribution?: string | null;
  name: string;
  via: string[];
}
export interface Said {
  report: string;
  version: number;
  published: string | null;
  when: string;
  origin: string;
  sources: Source[];
  evidence: Span[];
  stance: "supports" | "denies";
  stands: boolean;
  retracted: boolean;
}
export interface Decided {
  decision: string;
  by: string;
  at: string;
  why: string;
  pending?: boolean;
}
export type Value = Record<string, unknown>;
export interface Entry {
  fact: string;
  value: Value;
  status: string;
  said: Said[];
  independent: number;
  confidence: number;
  first_said: string | null;
  last_said: string | null;
  superseded_by: { report: string; version: number; kind: string } | null;
  pinned: Decided | null;
  rejected: Decided | null;
}
export interface ReportLine {
  id: string;
  version: number;
  published: string | null;
  origin: string;
  relation: string;
  headline: string | null;
  retracted: boolean;
  retracted_why: string | null;
}
export interface Disagreement {
  field: string;
  entries: [number, number];
  kind: string;
  note: string;
}
export interface Comment {
  decision: string;
  by: string;
  at: string;
  text: string;
  pending?: boolean;
}
export interface Record_ {
  incident: string;
  revision: number;
  as_of: string;
  status: string;
  summary: string;
  best: Record<string, unknown>;
  fields: Record<string, Entry[]>;
  disagreements: Disagreement[];
  reports: ReportLine[];
  related: { incident: string; relation: string; summary: string }[];
  comments: Comment[];
}
export interface Shown {
  seen: number;
  asked: string | null;
  record: Record_;
}
export interface Row {
  incident: string;
  status: string;
  day: string | null;
  summary: string;
  reports: number;
  disagreements: number;
  best: Record<string, unknown>;
  weight: number;
  point: [number, number] | null;
}
export interface Doubt {
  kind: string;
  incidents?: string[];
  report?: string;
  field?: string | null;
  why: string;
  weight: number;
}
export interface Counts {
  incidents: number;
  statuses: Record<string, number>;
  types: Record<string, number>;
  countries: Record<string, number>;
  killed: number;
  killed_told: number;
}
export interface Points {
  incident: string[];
  lat: (number | null)[];
  lon: (number | null)[];
  day: (string | null)[];
  type: (string | null)[];
  killed: (number | null)[];
}
export interface ReportText {
  report: string;
  version: number;
  versions: number;
  learned: string;
  reader: string;
  incidents: string[];
  text: string;
  headline: Span | null;
  publisher: string | null;
  published: string | null;
  updated: string | null;
  byline: string[];
  url: string | null;
  language: string | null;
  warnings: string[];
}
export interface Change {
  when: string;
  why: string;
  field: string;
  before: string | null;
  after: string | null;
  report: string | null;
  decision: string | null;
}
export interface Happened {
  seq: number;
  at: string;
  by: string | null;
  kind: string;
  incidents: string[];
  report: string | null;
  field: string | null;
  why: string | null;
  undone: boolean;
  decision: string | null;
}
export interface Join {
  reports: [string, string];
  p: number;
  reasons: string[];
}
export interface Session {
  by: string;
  read_only: boolean;
  file: string;
  /** What tells the file from others of the same name. */
  case: string;
  program: string;
  seen: number;
  fields: string[];
  statuses: string[];
  /** The formats of exports, each with a line of what it is. */
  formats: { name: string; help: string }[];
}
/** A decision as the API takes it. */
export type Decision = (
  | { kind: "link" | "apart"; incidents: [string, string] }
  | { kind: "split"; incident: string; reports: string[] }
  | { kind: "pin"; incident: string; field: string; value: Value | string }
  | { kind: "reject"; fact: string }
  | { kind: "status"; incident: string; status: string }
  | { kind: "comment"; incident: string; text: string }
  | { kind: "retract"; report: string }
  | { kind: "undo"; decision: string }
) & { why?: string; seen?: number };

/** What a list is asked for, as its address has it. */
export type Filter = Partial<
  Record<"since" | "until" | "type" | "country" | "near" | "min_killed" | "text" | "status" | "all", string>
>;
