// What the filter shows, for other tools: the desk makes the file, the browser keeps it.

import { useState } from "preact/hooks";
import { Problem, getFile } from "./api.ts";
import { Frame } from "./frame.tsx";
import { asking } from "./keys.ts";
import { counts, filter, session, tell } from "./state.ts";
import { many } from "./words.ts";

const LEVELS = ["clear", "green", "amber", "amber+strict", "red"];

/** Opens the dialog. */
export function ExportButton() {
  return (
    <button
      id="export"
      onClick={() => {
        asking.value = "export";
      }}
    >
      Export
    </button>
  );
}

let begun = 0;

/** Has the file made and kept. */
async function make(asked: Record<string, string>): Promise<void> {
  // One notice an export: that it is done, or why not, stands in the place of that it began.
  const about = `export ${++begun}`;
  tell(`Exporting ${asked.format} …`, false, undefined, about);
  try {
    const [name, bytes] = await getFile("/api/export", { ...filter.value, ...asked });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(bytes);
    link.download = name;
    link.click();
    // The browser has its own hold of it by then.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    tell(`Exported ${name}`, false, undefined, about);
  } catch (error) {
    const why = error instanceof Problem ? error.detail : String(error);
    tell(`Not exported: ${why}`, true, undefined, about);
  }
}

/** What is asked before an export: the format, the level, what is hidden. */
export function Export() {
  const formats = session.value?.formats ?? [];
  const [asked, set] = useState({ format: formats[0]?.name ?? "", tlp: "", victims: false, addresses: false });
  const redact = [asked.victims && "victims", asked.addresses && "addresses"].filter(Boolean).join(",");
  const send = () => void make({ format: asked.format, tlp: asked.tlp, redact });
  const shown = counts.value ? many(counts.value.incidents, "incident") : "what the filter shows";
  return (
    <Frame title={`Export ${shown}`} verb="Export" send={send} ready={asked.format !== ""}>
      <label>
        Format
        <select
          data-first
          name="format"
          value={asked.format}
          onChange={(e) => set({ ...asked, format: e.currentTarget.value })}
        >
          {formats.map((f) => (
            <option key={f.name}>{f.name}</option>
          ))}
        </select>
        <small>{formats.find((f) => f.name === asked.format)?.help}</small>
      </label>
      <label>
        May be shared (TLP)
        <select name="tlp" value={asked.tlp} onChange={(e) => set({ ...asked, tlp: e.currentTarget.value })}>
          <option value="">all, each as it is marked</option>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {`up to ${level}`}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="choices inline">
        <legend>Make unrecognisable</legend>
        <label class="check">
          <input
            type="checkbox"
            checked={asked.victims}
            onChange={(e) => set({ ...asked, victims: e.currentTarget.checked })}
          />
          victims
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={asked.addresses}
            onChange={(e) => set({ ...asked, addresses: e.currentTarget.checked })}
          />
          addresses
        </label>
      </fieldset>
    </Frame>
  );
}
