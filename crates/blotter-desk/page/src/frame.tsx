// What all dialogs are made of.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asking, type Ask } from "./keys.ts";
import { entries, go, route, select, selected, shown, tell } from "./state.ts";

const close = (): void => {
  asking.value = null;
};

/** A dialog: closed by Escape, sent by Enter (in a box of several lines with Ctrl). */
export function Frame({
  title,
  verb,
  send,
  ready = true,
  children,
}: {
  title: string;
  verb?: string;
  send?: () => void;
  ready?: boolean;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    const first = box.current?.querySelector<HTMLElement>("[data-first]");
    first?.focus();
    if (first instanceof HTMLInputElement && first.type !== "radio" && first.type !== "checkbox") first.select();
    return () => {
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const file = (event: Event) => {
    event.preventDefault();
    if (!ready || !send) return;
    send();
    close();
  };
  return (
    <dialog
      ref={box}
      aria-labelledby="dialog-title"
      onClose={close}
      onClick={(e) => {
        if (e.target === box.current) box.current?.close();
      }}
    >
      <form
        method="dialog"
        onSubmit={file}
        onKeyDown={(e) => {
          if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) file(e);
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        {children}
        <div class="ends">
          <button type="button" onClick={() => box.current?.close()}>
            {send ? "Leave it" : "Close"}
          </button>
          {send && (
            <button class="primary" disabled={!ready}>
              {verb}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

export function Why({ why, set, first = false }: { why: string; set: (words: string) => void; first?: boolean }) {
  return (
    <label>
      Why
      <input
        value={why}
        onInput={(e) => set(e.currentTarget.value)}
        data-first={first || undefined}
        required
        maxLength={500}
      />
    </label>
  );
}

/**
 * The state of a dialog; and how to open it again with what was typed, where the case file refused it: at the place and
 * the value that it was about, wherever somebody has gone meanwhile.
 */
export function useTyped<T>(what: Ask, first: T): [T, (next: T) => void, () => void] {
  const kept = typed as { what: Ask; value: T } | null;
  const [value, set] = useState<T>(kept && kept.what === what ? kept.value : first);
  const [at] = useState(() => ({
    place: location.hash,
    incident: route.value.view === "queue" ? (shown.value?.record.incident ?? null) : null,
    fact: OF_VALUES.includes(what) ? (selected.value?.fact ?? null) : null,
  }));
  useEffect(() => {
    typed = null;
  }, []);
  const again = () => {
    go(at.place);
    reopen(at, () => {
      typed = { what, value };
      asking.value = what;
    });
  };
  return [value, set, again];
}
let typed: { what: Ask; value: unknown } | null = null;

/** Dialogs that are about the value that is looked at. */
const OF_VALUES: Ask[] = ["accept", "edit", "reject"];

/** Waits until what a dialog was about is in view again, as long as that may take a desk that answers. */
function reopen(at: { incident: string | null; fact: string | null }, open: () => void, left = 60): void {
  const { incident, fact } = at;
  const there =
    (incident === null || shown.value?.record.incident === incident) &&
    (fact === null || entries(shown.value).some((e) => e.entry.fact === fact));
  if (there) {
    if (fact !== null) select(fact);
    open();
  } else if (left > 0) setTimeout(() => reopen(at, open, left - 1), 50);
  else tell("What that was about is no longer there.", true);
}
