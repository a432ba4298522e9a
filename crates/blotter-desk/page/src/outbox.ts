// Decisions on their way. What a person decided is shown at once and kept in the browser until the case file has it: a desk that
// is closed, or a line that is cut, loses none.

import { effect, signal } from "@preact/signals";
import { Problem, post, random } from "./api.ts";
import { keyless, online, refresh, session, shown, tell } from "./state.ts";
import type { Decision, Shown } from "./types.ts";

interface Letter {
  key: string;
  /** When it was decided, in milliseconds: letters are sent in this order. */
  at: number;
  decision: Decision;
  words: string;
}

/** Each letter lies under a key of its own, so that tabs do not overwrite one another's. */
const place = (): string => `blotter-outbox:${session.value?.case ?? ""}:${session.value?.by ?? ""}:`;

export const outbox = signal<Letter[]>([]);
/** The last decisions of this sitting that can be taken back, the last at the end. */
export const mine = signal<{ decision: string; words: string }[]>([]);

const keep = (letter: Letter): void => {
  localStorage.setItem(place() + letter.key, JSON.stringify(letter));
  outbox.value = [...outbox.value, letter];
};
const done = (letter: Letter): void => {
  localStorage.removeItem(place() + letter.key);
  outbox.value = outbox.value.filter((other) => other.key !== letter.key);
};

/** What was kept by this or another sitting, the oldest first; what cannot be read is no letter. */
function kept(): Letter[] {
  const letters: Letter[] = [];
  for (const name of Object.keys(localStorage).filter((name) => name.startsWith(place()))) {
    try {
      letters.push(JSON.parse(localStorage.getItem(name) ?? ""));
    } catch {
      localStorage.removeItem(name);
    }
  }
  return letters.sort((a, b) => a.at - b.at);
}

/** Takes up what an earlier sitting could not send; sends again whenever the desk answers. */
export function openOutbox(): void {
  outbox.value = kept();
  effect(() => {
    if (online.value && outbox.value.length > 0) void send();
  });
}

/** Decides: shown at once, sent in order. `again`: opens what was typed once more, where the case file refuses it. */
export function decide(decision: Decision, words: string, again?: () => void): void {
  if (again) retries.set(decision, again);
  shown.value = foreseen(shown.value, decision);
  keep({ key: random(), at: Date.now(), decision, words });
  void send();
}
const retries = new WeakMap<Decision, () => void>();

/** What the desk answers where a decision can never be filed as it is. */
const REFUSED = [400, 404, 409, 412, 413, 422];

let sending = false;
async function send(): Promise<void> {
  if (sending) return;
  sending = true;
  try {
    while (outbox.value.length > 0) {
      const letter = outbox.value[0];
      try {
        const filed = await post<{ decision: string; incidents: string[]; seen: number }>(
          "/api/decisions",
          letter.decision,
          letter.key,
        );
        const { decision } = letter;
        if (decision.kind === "undo") mine.value = mine.value.filter((m) => m.decision !== decision.decision);
        else mine.value = [...mine.value, { decision: filed.decision, words: letter.words }];
        tell(`${filed.decision} ${letter.words}`);
      } catch (error) {
        const status = error instanceof Problem ? error.status : 0;
        if (status === 401) {
          // Another key is wanted: kept until somebody comes in with it.
          keyless.value = (error as Problem).detail;
          return;
        }
        if (!REFUSED.includes(status) && status !== 0 && status < 500) {
          // This desk may not file it now (read-only, another name of the host): another time it may.
          tell(`Kept, not filed: ${letter.words}. ${(error as Problem).detail}`, true);
          return;
        }
        if (status === 0 || status >= 500) {
          // Kept, and sent again.
          online.value = false;
          setTimeout(() => void send(), 3000);
          return;
        }
        const again = retries.get(letter.decision);
        const typed = again ? "" : ` It said: ${JSON.stringify(letter.decision)}`;
        tell(`Not filed: ${letter.words}. ${(error as Problem).detail}${typed}`, true, again);
      }
      done(letter);
      refresh();
    }
  } finally {
    sending = false;
  }
}

/** The record as it will be once a decision is filed. */
export function foreseen(of: Shown | null, decision: Decision): Shown | null {
  if (!of) return of;
  const next: Shown = structuredClone(of);
  const by = session.value?.by ?? "";
  const decided = { decision: "", by, at: "", why: decision.why ?? "", pending: true };
  const { record } = next;
  // A value that was typed is words as yet: the case file says what it is.
  if (decision.kind === "pin" && decision.incident === record.incident && typeof decision.value !== "string") {
    for (const entry of record.fields[decision.field] ?? []) {
      const same = JSON.stringify(entry.value) === JSON.stringify(decision.value);
      entry.pinned = same ? decided : null;
    }
  } else if (decision.kind === "reject") {
    for (const entry of Object.values(record.fields).flat()) if (entry.fact === decision.fact) entry.rejected = decided;
  } else if (decision.kind === "status" && decision.incident === record.incident) {
    record.status = decision.status;
  } else if (decision.kind === "comment" && decision.incident === record.incident) {
    record.comments.push({ decision: "", by, at: "", text: decision.text, pending: true });
  }
  return next;
}
