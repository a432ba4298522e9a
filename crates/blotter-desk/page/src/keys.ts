// The keyboard: one table that acts and explains itself (the help is made from it).

import { signal } from "@preact/signals";
import { decide, mine, outbox } from "./outbox.ts";
import type { Alternative } from "./place.tsx";
import { chosen, doubts, go, route, select, session, shownFor, tab, tell, to } from "./state.ts";

/** Which dialog is open. */
export type Ask =
  | "help"
  | "accept"
  | "edit"
  | "reject"
  | "merge"
  | "split"
  | "status"
  | "comment"
  | "apart"
  | "export"
  | { retract: string }
  | { place: Alternative };
export const asking = signal<Ask | null>(null);

/** Whether single letters act: somebody who dictates, or rests a hand on the keyboard, switches them off. Kept in the browser. */
export const letters = signal(localStorage.getItem("blotter-letters") !== "off");

export function setLetters(on: boolean): void {
  letters.value = on;
  localStorage.setItem("blotter-letters", on ? "on" : "off");
}

/** Where a key works. */
type Where = "anywhere" | "an incident" | "a pair";
interface Key {
  keys: string[];
  where: Where;
  does: string;
  run: () => void;
  changes?: boolean;
}

const inView = (): HTMLElement[] => {
  const lists = [...document.querySelectorAll<HTMLElement>("[data-list]")].filter((list) => list.offsetParent !== null);
  const inside = lists.find((list) => list.contains(document.activeElement));
  const record = lists.find((list) => list.dataset.list === "values");
  const list = inside ?? record ?? lists[0];
  return list ? [...list.querySelectorAll<HTMLElement>("[data-item]")] : [];
};

/** Moves the focus along the list that has it: values before the queue where an incident is open. */
function move(by: number): void {
  const items = inView();
  const at = items.findIndex((item) => item === document.activeElement || item.contains(document.activeElement));
  const current = at >= 0 ? at : items.findIndex((item) => item.getAttribute("aria-current") === "true");
  const item = items[current < 0 ? 0 : Math.max(0, Math.min(items.length - 1, current + by))];
  item?.focus();
  item?.scrollIntoView({ block: "nearest" });
}

/** Moves along the statements of a value. */
function statement(by: number): void {
  const at = chosen.value;
  if (!at) return;
  const count = at.entry.said.length;
  select(at.entry.fact, (Math.min(at.at, count - 1) + by + count) % count);
}

/** To the incident before or after this one in the queue. */
function neighbour(by: number): void {
  const items = [...document.querySelectorAll<HTMLAnchorElement>("[data-list=queue] [data-item]")];
  const at = items.findIndex((item) => item.getAttribute("aria-current") === "true");
  const item = items[at + by];
  if (item) go(item.getAttribute("href") ?? "#/");
}

const ask = (what: Ask) => () => {
  asking.value = what;
};
const askOfValue = (what: Ask) => () => {
  if (chosen.value) asking.value = what;
  else tell("Choose a value first (j, k).");
};

export function undo(): void {
  // What is meant is the last decision, and that has no number yet.
  if (outbox.value.length > 0) return tell("Your last decision is still on its way: undo it once it is filed.");
  const last = mine.value[mine.value.length - 1];
  if (!last)
    return tell("Nothing of this sitting is left to undo; a record's history has a button for every decision.");
  decide({ kind: "undo", decision: last.decision }, `undid ${last.decision} (${last.words})`);
}

/** Puts the cursor into a box: at once, so that no key is lost, or as soon as it appears. */
const focusOn =
  (name: string, again = 10) =>
  (): void => {
    const box = document.querySelector<HTMLElement>(name);
    if (box) box.focus();
    else if (again > 0) setTimeout(focusOn(name, again - 1), 20);
  };

/** Puts the focus on an incident of the queue, or its first, as soon as it stands there, unless somebody is typing by then. */
export function focusQueue(id: string | null, again = 10): void {
  setTimeout(
    () => {
      if (document.activeElement?.matches("input, select, textarea")) return;
      const item = id
        ? document.querySelector<HTMLElement>(`[data-list=queue] [data-item][data-id="${CSS.escape(id)}"]`)
        : null;
      const found = item ?? document.querySelector<HTMLElement>("[data-list=queue] [data-item]");
      found?.focus();
      if ((!found || document.activeElement !== found) && again > 0) focusQueue(id, again - 1);
    },
    again === 10 ? 0 : 40,
  );
}

function back(): void {
  const at = route.value;
  go("#/");
  focusQueue(at.view === "queue" ? at.incident : null);
}

export const KEYS: Key[] = [
  { keys: ["j", "ArrowDown"], where: "anywhere", does: "next in the list", run: () => move(1) },
  { keys: ["k", "ArrowUp"], where: "anywhere", does: "the one before", run: () => move(-1) },
  { keys: ["Home"], where: "anywhere", does: "the first of the list", run: () => move(-Infinity) },
  { keys: ["End"], where: "anywhere", does: "the last of the list", run: () => move(Infinity) },
  { keys: ["Enter"], where: "anywhere", does: "open", run: () => {} },
  { keys: ["Escape", "q"], where: "anywhere", does: "back to the queue", run: back },
  { keys: ["J"], where: "an incident", does: "next incident of the queue", run: () => neighbour(1) },
  { keys: ["K"], where: "an incident", does: "the incident before", run: () => neighbour(-1) },
  { keys: ["l", "ArrowRight"], where: "an incident", does: "next report that says the value", run: () => statement(1) },
  { keys: ["h", "ArrowLeft"], where: "an incident", does: "the report before", run: () => statement(-1) },
  {
    keys: ["a"],
    where: "an incident",
    does: "accept the value: it stays, whatever is read later",
    run: askOfValue("accept"),
    changes: true,
  },
  { keys: ["e"], where: "an incident", does: "edit: fix another value", run: askOfValue("edit"), changes: true },
  { keys: ["x"], where: "an incident", does: "reject the value", run: askOfValue("reject"), changes: true },
  { keys: ["m"], where: "an incident", does: "merge with another incident", run: ask("merge"), changes: true },
  { keys: ["s"], where: "an incident", does: "split reports off", run: ask("split"), changes: true },
  {
    keys: ["r"],
    where: "an incident",
    does: "set the status (reviewed, closed, ...)",
    run: ask("status"),
    changes: true,
  },
  { keys: ["c"], where: "an incident", does: "comment", run: ask("comment"), changes: true },
  { keys: ["m"], where: "a pair", does: "merge the two", run: ask("merge"), changes: true },
  { keys: ["x"], where: "a pair", does: "keep them apart", run: ask("apart"), changes: true },
  { keys: ["u"], where: "anywhere", does: "undo your last decision", run: undo, changes: true },
  {
    keys: ["/"],
    where: "anywhere",
    does: "search",
    run: () => {
      if (!["queue", "map"].includes(route.value.view)) go("#/");
      focusOn("#search")();
    },
  },
  {
    keys: ["f"],
    where: "anywhere",
    does: "filter",
    run: () => {
      filtering.value = true;
      if (!["queue", "map"].includes(route.value.view)) go("#/");
      focusOn("#filter select, #filter input")();
    },
  },
  {
    keys: ["i"],
    where: "anywhere",
    does: "the incidents of the queue",
    run: () => {
      tab.value = "incidents";
      back();
    },
  },
  {
    keys: ["d"],
    where: "anywhere",
    does: "the doubts of the queue",
    run: () => {
      tab.value = "doubts";
      back();
    },
  },
  { keys: ["E"], where: "anywhere", does: "export what the filter shows", run: ask("export") },
  { keys: ["1"], where: "anywhere", does: "queue", run: () => go("#/") },
  { keys: ["2"], where: "anywhere", does: "map and time", run: () => go("#/map") },
  {
    keys: ["3"],
    where: "anywhere",
    does: "read a report",
    run: () => {
      go("#/read");
      focusOn("#paste")();
    },
  },
  { keys: ["?"], where: "anywhere", does: "these keys", run: ask("help") },
];
export const filtering = signal(false);

const here = (where: Where): boolean =>
  where === "anywhere" ||
  (where === "a pair" ? route.value.view === "pair" : route.value.view === "queue" && route.value.incident !== null && route.value.incident === shownFor.value);

/** Where letters are letters. Boxes to tick and files to choose take none. */
const TYPING = "input:not([type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]";

export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || asking.value) return;
  const target = event.target as HTMLElement;
  const typing = target.closest(TYPING);
  if (typing) {
    if (event.key === "Escape") {
      (typing as HTMLElement).blur();
      filtering.value = false;
      move(0);
    }
    return;
  }
  // Sliders, and the map, have arrows of their own.
  if (event.key.startsWith("Arrow") && target.closest("[role=slider], [data-arrows]")) return;
  if (event.key.length === 1 && !letters.value) return;
  const found = KEYS.find((k) => k.keys.includes(event.key) && here(k.where) && k.keys[0] !== "Enter");
  if (!found) return;
  event.preventDefault();
  if (found.changes && session.value?.read_only) return tell("This desk is read-only.");
  found.run();
}

/** Opens what a doubt is about. */
export function openDoubt(index: number): string {
  const doubt = doubts.value?.rows[index];
  if (!doubt) return "#/";
  if (doubt.report) return to.report(doubt.report);
  const [a, b] = doubt.incidents ?? [];
  return b ? to.pair(a, b) : to.incident(a);
}
