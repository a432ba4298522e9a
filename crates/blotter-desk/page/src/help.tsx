// The keys, from the table that acts on them.

import { Frame } from "./frame.tsx";
import { KEYS, letters, setLetters } from "./keys.ts";
import { session } from "./state.ts";

const SHOWN: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };

export function Help() {
  const groups = ["anywhere", "an incident", "a pair"] as const;
  return (
    <Frame title="Keys">
      {groups.map((where) => (
        <section key={where} class="keys">
          <h3>{where === "anywhere" ? "Anywhere" : `In ${where}`}</h3>
          <dl>
            {KEYS.filter((k) => k.where === where && !(k.changes && session.value?.read_only)).map((k) => (
              <div key={k.keys[0] + k.does}>
                <dt>
                  {k.keys.map((key) => (
                    <kbd key={key}>{SHOWN[key] ?? key}</kbd>
                  ))}
                </dt>
                <dd>{k.does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <label class="tick">
        <input type="checkbox" checked={letters.value} onChange={(e) => setLetters(e.currentTarget.checked)} />
        Single letters act as keys
      </label>
    </Frame>
  );
}
