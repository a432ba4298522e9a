// Requests to the desk's API. The key travels in a header, and is kept where other origins and ports cannot see it.

const KEPT = "blotter-key";

/** Takes the key out of the address that the program printed, so that it stays in no history. */
export function takeKey(): void {
  const given = /^#key=([0-9a-f]+)$/.exec(location.hash);
  if (given) {
    localStorage.setItem(KEPT, given[1]);
    history.replaceState(null, "", location.pathname);
  }
}

export function setKey(key: string): void {
  localStorage.setItem(KEPT, key);
}

export const hasKey = (): boolean => localStorage.getItem(KEPT) !== null;

const headers = (more: Record<string, string> = {}): Record<string, string> => ({
  Authorization: `Bearer ${localStorage.getItem(KEPT) ?? ""}`,
  ...more,
});

/** Why a request was not carried out; status 0: the desk did not answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}

async function answered(response: Response): Promise<any> {
  if (response.ok) return response.json();
  const body = await response.json().catch(() => ({}));
  throw new Problem(response.status, body.detail ?? response.statusText);
}

async function sent(path: string, options: RequestInit): Promise<any> {
  let response: Response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Problem(0, "the desk does not answer");
  }
  return answered(response);
}

/** The address of a question; what is not asked for is left out. */
export function address(
  path: string,
  asked: Record<string, string | number | boolean | null | undefined> = {},
): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value !== undefined && value !== null && value !== "" && value !== false) words.set(name, String(value));
  }
  const query = words.toString();
  return query ? `${path}?${query}` : path;
}

export function get<T>(path: string, asked: Parameters<typeof address>[1] = {}, signal?: AbortSignal): Promise<T> {
  return sent(address(path, asked), { headers: headers(), signal });
}

export function post<T>(path: string, body: unknown, key?: string): Promise<T> {
  const more: Record<string, string> = { "Content-Type": "application/json" };
  if (key) more["Idempotency-Key"] = key;
  return sent(path, { method: "POST", headers: headers(more), body: JSON.stringify(body) });
}

export function postFile<T>(path: string, name: string, bytes: ArrayBuffer): Promise<T> {
  const kind = { "Content-Type": "application/octet-stream" };
  return sent(address(path, { name }), { method: "POST", headers: headers(kind), body: bytes });
}

/** A file that the desk makes: its name and its bytes. */
export async function getFile(path: string, asked: Parameters<typeof address>[1]): Promise<[string, Blob]> {
  let response: Response;
  try {
    response = await fetch(address(path, asked), { headers: headers(), cache: "no-store" });
  } catch {
    throw new Problem(0, "the desk does not answer");
  }
  if (!response.ok) return answered(response);
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  try {
    return [named?.[1] ?? "export", await response.blob()];
  } catch {
    throw new Problem(0, "the export broke off");
  }
}

/** Random letters, to name a request by. */
export function random(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** Waits until the page is seen. */
async function inSight(): Promise<void> {
  while (document.hidden)
    await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
}

/** Listens to what happens, from a row of the ledger on, again and again; `EventSource` could not send the key. */
export async function listen(
  since: () => number,
  told: (name: string, data: string, id: number) => void,
  online: (yes: boolean) => void,
): Promise<never> {
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    // A page that nobody sees leaves its connection to others: browsers allow six to one host. It catches up when it is seen.
    await inSight();
    const leaving = new AbortController();
    const hidden = () => {
      if (document.hidden) leaving.abort();
    };
    document.addEventListener("visibilitychange", hidden);
    try {
      const response = await fetch(address("/api/events", { since: since() }), {
        headers: headers(),
        cache: "no-store",
        signal: leaving.signal,
      });
      if (response.status === 401) told("locked", "", 0);
      if (response.ok && response.body) {
        online(true);
        pause = 500;
        await read(response.body.pipeThrough(new TextDecoderStream()).getReader(), told);
      }
    } catch {
      // The desk is closed, the line is cut, or the page hidden: asked again below.
    } finally {
      document.removeEventListener("visibilitychange", hidden);
    }
    online(false);
    await new Promise((done) => setTimeout(done, pause));
  }
}

async function read(
  lines: ReadableStreamDefaultReader<string>,
  told: (name: string, data: string, id: number) => void,
): Promise<void> {
  let rest = "";
  for (;;) {
    const { value, done } = await lines.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const of = (name: string) =>
        event
          .split("\n")
          .find((l) => l.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      const data = of("data");
      if (data !== undefined) told(of("event") ?? "message", data, Number(of("id") ?? 0));
    }
  }
}
