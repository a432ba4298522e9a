// The parts of the page that can be wrong without looking wrong: offsets, pieces, differences, words, addresses.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createServer } from "vite";

const server = await createServer({
  server: { middlewareMode: true, hmr: false, ws: false },
  appType: "custom",
  logLevel: "error",
  optimizeDeps: { noDiscovery: true },
});
after(() => server.close());
const load = (name) => server.ssrLoadModule(`/src/${name}`);
const { offsets, pieces, stands } = await load("points.ts");
const { diff } = await load("diff.ts");
const words = await load("words.ts");

test("offsets count code points, slices count UTF-16 units", () => {
  // One unit, two units, a combining mark (a point of its own), a flag (two points of two units).
  const text = "a𝔅e\u0301🇸🇩z";
  assert.deepEqual([...offsets(text)], [0, 1, 3, 4, 5, 7, 9, 10]);
  const points = [...text];
  const at = offsets(text);
  for (let start = 0; start <= points.length; start++) {
    for (let end = start; end <= points.length; end++) {
      assert.equal(text.slice(at[start], at[end]), points.slice(start, end).join(""));
    }
  }
  assert.deepEqual([...offsets("")], [0]);
  assert.ok(stands("💥 Seven dead", { start: 2, end: 7, quote: "Seven" }));
  assert.ok(!stands("💥 Seven dead", { start: 3, end: 8, quote: "Seven" }));
  assert.ok(!stands("Seven", { start: 0, end: 9, quote: "Seven" }));
});

test("pieces lose no character, and know every mark that covers them", () => {
  const text = "💥 Seven people were killed, police said 🇸🇩.";
  const length = [...text].length;
  // The same thousand sets of marks each time.
  let seed = 7;
  const below = (n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % n;
  };
  for (let i = 0; i < 1000; i++) {
    const marks = Array.from({ length: below(8) }, (_, layer) => {
      const start = below(length + 3);
      return { start, end: start + below(12), layer: String(layer) };
    });
    const cut = pieces(text, marks);
    assert.equal(cut.map((p) => p.text).join(""), text);
    for (const piece of cut) {
      const inside = marks.filter((m) => m.start <= piece.start && m.end > piece.start).map((m) => m.layer);
      assert.deepEqual(piece.marks.map((m) => m.layer).sort(), inside.sort());
    }
  }
});

test("a difference gives back both texts", () => {
  const [before, after_] = [
    "Fourteen people were killed, the governor said.\n\nMore soon.",
    "Seven people were killed, the health office said.\n\nCorrection: not 14.",
  ];
  const parts = diff(before, after_);
  const side = (gone) =>
    parts
      .filter((p) => p.kind === "same" || p.kind === gone)
      .map((p) => p.text)
      .join("");
  assert.equal(side("gone"), before);
  assert.equal(side("new"), after_);
  assert.ok(parts.some((p) => p.kind === "gone" && p.text.trim() === "Fourteen"));
  assert.deepEqual(diff("a b", "a b"), [{ kind: "same", text: "a b" }]);
  assert.deepEqual(diff("", "x"), [{ kind: "new", text: "x" }]);
  let seed = 3;
  const below = (n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return (seed >> 8) % n;
  };
  for (let i = 0; i < 300; i++) {
    const [x, y] = [0, 1].map(() => Array.from({ length: below(30) }, () => "abc"[below(3)]).join(" "));
    const found = diff(x, y);
    assert.equal(
      found
        .filter((p) => p.kind !== "new")
        .map((p) => p.text)
        .join(""),
      x,
    );
    assert.equal(
      found
        .filter((p) => p.kind !== "gone")
        .map((p) => p.text)
        .join(""),
      y,
    );
  }
  const [long, other] = [
    Array.from({ length: 3000 }, (_, i) => `a${i}`).join(" "),
    Array.from({ length: 3000 }, (_, i) => `b${i}`).join(" "),
  ];
  const far = diff(long, other);
  assert.equal(
    far
      .filter((p) => p.kind !== "new")
      .map((p) => p.text)
      .join(""),
    long,
  );
});

test("no value is told more exactly than it is known", () => {
  const cases = [
    ["killed", { min: 5, best: 5, max: 5, who: "Five people", scope: "total" }, "5 people"],
    ["killed", { min: 5, best: 5, max: null, who: null, scope: "total" }, "at least 5"],
    ["wounded", { min: 24, best: null, max: null, who: "dozens", scope: "total" }, "24 or more"],
    ["killed", { min: 3, best: 3, max: 3, who: "soldiers", scope: "part" }, "3 soldiers (a part)"],
    [
      "when",
      { start: "2024-04-12", end: "2024-04-12", precision: "part-of-day", timex: "2024-04-12TMO" },
      "Fri 12 Apr 2024, morning",
    ],
    ["when", { start: "2024-04-01", end: "2024-04-30", precision: "month", timex: "2024-04" }, "Apr 2024"],
    ["when", { start: null, end: null, precision: "day", timex: "XXXX-WXX-3TNI" }, "a Wednesday, night"],
    ["when", { start: null, end: null, precision: "day", timex: "XXXX-08-04" }, "undated (XXXX-08-04)"],
    [
      "where",
      { name: "the central bus station", within: ["Port Kesh"], settlement: "Port Kesh", country: "SD" },
      "the central bus station, Port Kesh (SD)",
    ],
    ["type", { code: "attack/suicide-bombing" }, "suicide bombing"],
    ["responsibility", { party: { name: "Northern Front" }, stance: "claimed" }, "claimed by Northern Front"],
    ["responsibility", { party: null, stance: "unknown" }, "unknown"],
    ["victim", { name: "Samira Nour", age: 31, harm: "killed", number: null }, "Samira Nour, 31, killed"],
  ];
  for (const [field, value, said] of cases) assert.equal(words.words(field, value), said);
  assert.deepEqual(words.chains({ origin: "Gazette", sources: [{ name: "two officials", via: ["the agency"] }] }), [
    ["two officials", "the agency", "Gazette"],
  ]);
  assert.deepEqual(words.chains({ origin: "Gazette", sources: [] }), [["Gazette"]]);
});
