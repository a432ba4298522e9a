// The frame: head, the view that the address asks for, notices, dialogs.

import { useEffect, useState } from "preact/hooks";
import { setKey } from "./api.ts";
import { Dialogs } from "./dialogs.tsx";
import { asking } from "./keys.ts";
import { Live } from "./live.tsx";
import { MapAndTime } from "./map.tsx";
import { outbox } from "./outbox.ts";
import { Pair } from "./pair.tsx";
import { Queue } from "./queue.tsx";
import { Incident } from "./record.tsx";
import { ReportPage } from "./reportpage.tsx";
import { keyless, notices, online, putAway, route, session, shown } from "./state.ts";
import { Text } from "./text.tsx";
import { setTheme, theme } from "./theme.ts";

export function App() {
  const at = route.value;
  const incident = at.view === "queue" ? at.incident : null;
  useEffect(() => {
    const name =
      at.view === "map"
        ? "Map and time"
        : at.view === "read"
          ? "Read a report"
          : (shown.value?.record.summary ?? "Queue");
    document.title = `${name} · Blotter`;
  }, [at, shown.value]);
  if (keyless.value !== null) return <Locked why={keyless.value} />;
  return (
    <>
      <Head />
      {at.view === "queue" && (
        <main class={`work ${incident ? "open" : ""}`}>
          <Queue />
          <Incident />
          <Text />
        </main>
      )}
      {at.view === "pair" && <Pair a={at.a} b={at.b} key={`${at.a} ${at.b}`} />}
      {at.view === "report" && <ReportPage id={at.id} version={at.version} />}
      {at.view === "map" && <MapAndTime />}
      {at.view === "read" && <Live />}
      <Notices />
      {asking.value && <Dialogs what={asking.value} />}
    </>
  );
}

const VIEWS = [
  ["queue", "#/", "Queue", "1"],
  ["map", "#/map", "Map and time", "2"],
  ["read", "#/read", "Read", "3"],
] as const;

function Head() {
  const at = route.value.view;
  const here = at === "pair" || at === "report" ? "queue" : at;
  const order = { system: "light", light: "dark", dark: "system" } as const;
  const who = session.value;
  return (
    <header class="head">
      <a class="brand" href="#/" aria-label="Blotter, to the queue">
        Blotter
      </a>
      {who && (
        <span class="file" title="The case file">
          {who.file}
        </span>
      )}
      <nav aria-label="Views">
        {VIEWS.map(([view, href, name, key]) => (
          <a href={href} key={view} aria-current={here === view ? "page" : undefined} title={`${name} (${key})`}>
            {name}
          </a>
        ))}
      </nav>
      <span class="grow" />
      <Standing />
      {who && (
        <span class="who">
          {who.by}
          {who.read_only ? " · read-only" : ""}
        </span>
      )}
      <button
        class="quiet"
        onClick={() => setTheme(order[theme.value])}
        aria-label={`Colours: ${theme.value}. Change`}
        title={`Colours: ${theme.value}`}
      >
        {theme.value === "dark" ? "☾" : theme.value === "light" ? "☀" : "◐"}
      </button>
      <button
        class="quiet"
        onClick={() => {
          asking.value = "help";
        }}
        aria-label="Keys (?)"
        title="Keys (?)"
      >
        ?
      </button>
    </header>
  );
}

/** Whether the desk answers, and what it has not filed yet. */
function Standing() {
  const waiting = outbox.value.length;
  const words = !online.value ? "desk does not answer" : waiting ? "" : "live";
  return (
    <span class={`standing ${online.value ? "" : "off"}`} role="status">
      {words}
      {waiting > 0 && ` ${waiting} decision${waiting === 1 ? "" : "s"} on the way`}
    </span>
  );
}

function Notices() {
  return (
    <div class="notices" role="region" aria-label="Messages" aria-live="polite">
      {notices.value.map((notice) => (
        <p key={notice.id} class={notice.fault ? "fault" : ""}>
          <span>{notice.words}</span>
          {notice.again && (
            <button
              onClick={() => {
                putAway(notice.id);
                notice.again?.();
              }}
            >
              Open again
            </button>
          )}
          <button class="quiet" aria-label="Put away" onClick={() => putAway(notice.id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}

function Locked({ why }: { why: string }) {
  const [given, setGiven] = useState("");
  const enter = (event: Event) => {
    event.preventDefault();
    setKey(given.replace(/^.*#key=/, "").trim());
    location.reload();
  };
  return (
    <main class="locked">
      <h1>Blotter</h1>
      <p>{why[0].toUpperCase() + why.slice(1)}.</p>
      <form onSubmit={enter}>
        <label>
          Address or key
          <input value={given} onInput={(e) => setGiven(e.currentTarget.value)} autoFocus />
        </label>
        <button class="primary">Come in</button>
      </form>
    </main>
  );
}
