// Spans of the contract count Unicode code points; strings of this language count UTF-16 units. Converted here and nowhere else.

import type { Span } from "./types.ts";

/** The UTF-16 offset of every code point of a text, and of its end. */
export function offsets(text: string): Uint32Array {
  const found = new Uint32Array(text.length + 1);
  let points = 0;
  for (let units = 0; units < text.length; points++) {
    found[points] = units;
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  found[points] = text.length;
  return found.subarray(0, points + 1);
}

/** A stretch of a text to be marked, by code points. */
export interface Mark {
  start: number;
  end: number;
  layer: string;
  title?: string;
}

/** A piece of a text with all the marks that cover it. */
export interface Piece {
  text: string;
  start: number;
  marks: Mark[];
}

/** A text cut wherever a mark begins or ends. */
export function pieces(text: string, marks: Mark[]): Piece[] {
  const at = offsets(text);
  const last = at.length - 1;
  const inside = (n: number) => Math.max(0, Math.min(last, n));
  const cuts = new Set([0, last]);
  for (const mark of marks) cuts.add(inside(mark.start)).add(inside(mark.end));
  const sorted = [...cuts].sort((a, b) => a - b);
  const byStart = [...marks].sort((a, b) => a.start - b.start);
  const found: Piece[] = [];
  let open: Mark[] = [];
  let next = 0;
  for (let i = 0; i + 1 < sorted.length; i++) {
    const [start, end] = [sorted[i], sorted[i + 1]];
    open = open.filter((m) => m.end > start);
    while (next < byStart.length && byStart[next].start <= start) {
      if (byStart[next].end > start) open.push(byStart[next]);
      next++;
    }
    found.push({ text: text.slice(at[start], at[end]), start, marks: [...open] });
  }
  return found;
}

/** Whether the words of a span stand where it says. */
export function stands(text: string, span: Span): boolean {
  const at = offsets(text);
  return span.end < at.length && text.slice(at[span.start], at[span.end]) === span.quote;
}
