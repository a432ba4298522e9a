// What changed between two texts, by words.

export interface Part {
  kind: "same" | "gone" | "new";
  text: string;
}

/** So many steps are searched; texts further apart than this are told as two texts. */
const STEPS = 1200;

/** The shortest way from one text to another (Myers 1986), words with the space behind them being one step. */
export function diff(before: string, after: string): Part[] {
  const a = words(before);
  const b = words(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = path(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return joined([
    { kind: "same", text: a.slice(0, head).join("") },
    ...middle,
    { kind: "same", text: a.slice(a.length - tail).join("") },
  ]);
}

const words = (text: string): string[] => text.match(/\s*\S+[^\S\n]*|\s+$/g) ?? [];

/** How far each diagonal was reached, at its number plus `zero`. */
interface Reach {
  at: Int32Array;
  zero: number;
}
const reached = ({ at, zero }: Reach, k: number): number => at[k + zero] ?? -1;
const comesDown = (reach: Reach, d: number, k: number): boolean =>
  k === -d || (k !== d && reached(reach, k - 1) < reached(reach, k + 1));

function path(a: string[], b: string[]): Part[] {
  const most = Math.min(a.length + b.length, STEPS);
  const reach: Reach = { at: new Int32Array(2 * most + 3).fill(-1), zero: most + 1 };
  reach.at[reach.zero + 1] = 0;
  const trace: Reach[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push({ at: reach.at.slice(reach.zero - d - 1, reach.zero + d + 2), zero: d + 1 });
    for (let k = -d; k <= d; k += 2) {
      let x = comesDown(reach, d, k) ? reached(reach, k + 1) : reached(reach, k - 1) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) [x, y] = [x + 1, y + 1];
      reach.at[k + reach.zero] = x;
      if (x >= a.length && y >= b.length) return back(a, b, trace);
    }
  }
  return [
    { kind: "gone", text: a.join("") },
    { kind: "new", text: b.join("") },
  ];
}

function back(a: string[], b: string[], trace: Reach[]): Part[] {
  const found: Part[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const reach = trace[d];
    const k = x - y;
    const down = comesDown(reach, d, k);
    const from = down ? k + 1 : k - 1;
    // Before the first step both texts are at their beginning.
    const px = d === 0 ? 0 : reached(reach, from);
    const py = d === 0 ? 0 : px - from;
    while (x > px && y > py) {
      found.push({ kind: "same", text: a[--x] });
      y--;
    }
    if (d === 0) break;
    if (down) found.push({ kind: "new", text: b[--y] });
    else found.push({ kind: "gone", text: a[--x] });
  }
  return found.reverse();
}

/** Neighbours of one kind made one; what went stands before what came. */
function joined(parts: Part[]): Part[] {
  const found: Part[] = [];
  let [gone, fresh] = ["", ""];
  const flush = () => {
    if (gone) found.push({ kind: "gone", text: gone });
    if (fresh) found.push({ kind: "new", text: fresh });
    [gone, fresh] = ["", ""];
  };
  for (const part of parts.filter((p) => p.text)) {
    if (part.kind === "gone") gone += part.text;
    else if (part.kind === "new") fresh += part.text;
    else {
      flush();
      const last = found[found.length - 1];
      if (last?.kind === "same") last.text += part.text;
      else found.push({ ...part });
    }
  }
  flush();
  return found;
}
