// A filed report by itself: its versions, what changed between them, and its Reading with all layers.

import { useEffect, useState } from "preact/hooks";
import { get } from "./api.ts";
import { Layers, type Reading } from "./layers.tsx";
import { online, to } from "./state.ts";
import { Compared, TextHead, useReport } from "./text.tsx";
import { moment } from "./words.ts";

export function ReportPage({ id, version }: { id: string; version: number | null }) {
  const { text: found, fault } = useReport(id, version);
  const { text: before } = useReport(found && found.version > 1 ? id : null, found ? found.version - 1 : null);
  const [comparing, setComparing] = useState(true);
  const [answer, setAnswer] = useState<{ of: string; reading: Reading | null; fault: string | null } | null>(null);
  const of = found ? `${found.version} ${found.report}` : "";
  const { reading, fault: unread } = answer?.of === of ? answer : { reading: null, fault: null };
  // Asked again when the desk is back, unless it is there already.
  useEffect(() => {
    if (!found || reading) return;
    const leaving = new AbortController();
    get<Reading>("/api/report/reading", { id, version: found.version }, leaving.signal).then(
      (reading) => setAnswer({ of, reading, fault: null }),
      (error) => {
        if (error.name !== "AbortError") setAnswer({ of, reading: null, fault: String(error.message) });
      },
    );
    return () => leaving.abort();
  }, [of, online.value]);
  if (!found)
    return (
      <main class="single">
        <p class="empty" role="status">
          {fault ?? "Looking…"}
        </p>
      </main>
    );
  const versions = Array.from({ length: found.versions }, (_, i) => i + 1);
  const changed = comparing && before !== null;
  return (
    <main class="single">
      <TextHead report={found} />
      <h1>{found.headline?.quote ?? found.report}</h1>
      <p class="meta">
        {found.byline.length > 0 && `${found.byline.join(", ")} · `}filed {moment(found.learned)} · read by{" "}
        {found.reader}
        {found.incidents.length > 0 && (
          <>
            {" "}
            · tells of{" "}
            {found.incidents.map((i, n) => (
              <>
                {n > 0 && ", "}
                <a href={to.incident(i)}>{i}</a>
              </>
            ))}
          </>
        )}
      </p>
      {found.warnings.length > 0 && <p class="warning">{found.warnings.join(" · ")}</p>}
      {versions.length > 1 && (
        <p class="bar">
          <label>
            Version{" "}
            <select
              value={found.version}
              onChange={(e) => {
                location.hash = to.report(id, Number(e.currentTarget.value));
              }}
            >
              {versions.map((v) => (
                <option key={v}>{v}</option>
              ))}
            </select>
          </label>
          {before && (
            <button aria-pressed={comparing} onClick={() => setComparing(!comparing)}>
              What changed since version {before.version}
            </button>
          )}
        </p>
      )}
      {changed && before ? (
        <Compared before={before.text} after={found.text} />
      ) : reading ? (
        <Layers reading={reading} />
      ) : (
        <p class="empty" role="status">
          {unread ?? "Looking…"}
        </p>
      )}
    </main>
  );
}
