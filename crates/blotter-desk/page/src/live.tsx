// Reading a report live: text that is pasted, or a file that is dropped. Nothing of it is filed.

import { useRef, useState } from "preact/hooks";
import { Problem, post, postFile } from "./api.ts";
import { Layers, type Reading } from "./layers.tsx";
import { moment } from "./words.ts";

interface Answer {
  readings: Reading[];
  faults: string[];
}

export function Live() {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [at, setAt] = useState(0);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const ask = async (asked: Promise<Answer>) => {
    setBusy(true);
    setFault(null);
    try {
      setAnswer(await asked);
      setAt(0);
    } catch (error) {
      setAnswer(null);
      setFault(error instanceof Problem ? error.detail : String(error));
    } finally {
      setBusy(false);
    }
  };
  const read = (event?: Event) => {
    event?.preventDefault();
    const given = Object.fromEntries(new FormData(form.current ?? undefined)) as Record<string, string>;
    if (given.text?.trim()) void ask(post<Answer>("/api/read", given));
  };
  const take = async (file: File | undefined) => {
    if (file) await ask(file.arrayBuffer().then((bytes) => postFile<Answer>("/api/read", file.name, bytes)));
  };
  const reading = answer?.readings[at];
  return (
    <main
      class={`single live ${over ? "over" : ""}`}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        void take(e.dataTransfer?.files[0]);
      }}
    >
      <h1>Read a report</h1>
      <form ref={form} onSubmit={read}>
        <label>
          Text
          <textarea
            id="paste"
            name="text"
            rows={reading ? 3 : 9}
            placeholder="Paste a report, or drop a file anywhere on this page"
            onKeyDown={(e) => {
              if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) read(e);
            }}
          />
        </label>
        <div class="bar">
          <label>
            Published
            <input name="published" placeholder="2024-03-12" size={12} />
          </label>
          <label>
            Outlet
            <input name="publisher" size={16} />
          </label>
          <button class="primary" disabled={busy}>
            {busy ? "Reading…" : "Read"} <kbd>Ctrl Enter</kbd>
          </button>
          <label class="file">
            or a file
            <input type="file" onChange={(e) => void take(e.currentTarget.files?.[0])} />
          </label>
        </div>
      </form>
      <div role="status">
        {fault && <p class="warning">{fault}</p>}
        {answer?.faults.map((f) => (
          <p class="warning" key={f}>
            {f}
          </p>
        ))}
      </div>
      {answer && answer.readings.length > 1 && (
        <label class="bar">
          Report{" "}
          <select value={at} onChange={(e) => setAt(Number(e.currentTarget.value))}>
            {answer.readings.map((r, i) => (
              <option key={i} value={i}>
                {i + 1}: {r.report.headline?.quote ?? r.report.text.slice(0, 60)}
              </option>
            ))}
          </select>
        </label>
      )}
      {reading && (
        <>
          <p class="meta">
            {reading.report.publisher ?? "no outlet"} · published{" "}
            {reading.report.published
              ? `${moment(reading.report.published)} (${reading.report.published_by})`
              : "at an unknown time"}
            {reading.report.warnings.length > 0 && ` · ${reading.report.warnings.join(" · ")}`}
          </p>
          <Layers reading={reading} key={at} />
        </>
      )}
    </main>
  );
}
