// What the browser tests share: a case file of our own sentences, the desk over it, Chromium, and checks of every page.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const root = new URL("../../../../", import.meta.url).pathname;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Reports that try the page: markup in every place, letters beyond sixteen bits before the evidence. */
const OWN = [
  {
    id: 'hostile"><script>window.hurt=1</script>',
    publisher: "<img src=x onerror=window.hurt=2>",
    published: "2024-05-02T08:00:00",
    title: "💥 Two shot dead in Karsova <script>window.hurt=3</script>",
    text: 'KARSOVA, Germany — 🇩🇪 Two people were shot dead on Thursday morning at the <b onclick="window.hurt=4">market hall</b> in Leipzig, Germany, police said. <script>window.hurt=5</script>\n\nThe victims were Milena Novak, 51, and Jonas Brandt, 38. <svg onload=window.hurt=6> "It was over in seconds," said a neighbour.',
  },
];
const ALIKE = [
  {
    id: "diner-1",
    publisher: "Ledger",
    published: "2023-09-07",
    text: "Two men were shot dead outside a diner in Toledo, Ohio, on Wednesday night, police said. The victims were Marcus Hale, 34, and Ray Alvarado, 41.",
  },
  {
    id: "diner-2",
    publisher: "Courier",
    published: "2023-09-07",
    text: "Police in Toledo, Ohio, identified the men killed in Wednesday's shooting outside a diner as Marcus Hale, 34, and Ray Alvarado, 41.",
  },
];

/** Makes the case file of the desk day. */
export function caseFile(program, folder) {
  mkdirSync(folder, { recursive: true });
  const db = join(folder, "day.db");
  for (const end of ["", "-wal", "-shm"]) rmSync(db + end, { force: true });
  const lines = (name, reports) => {
    const path = join(folder, name);
    writeFileSync(path, reports.map((r) => `${JSON.stringify(r)}\n`).join(""));
    return path;
  };
  const add = (at, ...rest) =>
    execFileSync(program, ["add", "--quiet", "--db", db, "--by", "Wire", "--at", at, ...rest], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
  add("2024-04-12T18:00", "samples/case/friday.jsonl");
  add("2024-04-13T10:00", "samples/case/saturday.jsonl");
  add(
    "2024-05-02T10:00",
    "samples/harbour.txt",
    "samples/shooting.txt",
    "samples/checkpoint.txt",
    lines("own.jsonl", OWN),
  );
  // Nothing is joined for a moment, so that two reports of one shooting are a doubt; then as it was.
  const alike = lines("alike.jsonl", ALIKE);
  add("2024-05-03T10:00", "--join", "1", "--doubt", "0.1", alike);
  add("2024-05-03T10:00", "--join", "0.30", "--doubt", "0.1", alike);
  return db;
}

/** Opens the desk; its address, and how to close it. */
export async function openDesk(program, db, { port = 0, more = ["--by", "Ann"] } = {}) {
  const child = spawn(program, ["desk", "--db", db, "--port", String(port), "--no-open", ...more], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise((found, failed) => {
    child.stdout.on("data", (words) => {
      const at = /http:\S+/.exec(String(words));
      if (at) found(at[0]);
    });
    child.on("exit", (code) => failed(new Error(`the desk ended with ${code}`)));
  });
  const close = () =>
    new Promise((done) => {
      child.removeAllListeners("exit");
      child.on("exit", done);
      child.kill("SIGINT");
    });
  return { url, origin: new URL(url).origin, close };
}

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page that notes every fault: requests elsewhere, errors, alerts. */
export async function openPage(browser, origin, { width = 1280, height = 800, dark = false, faults }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`a request to ${request.url()}`);
  });
  page.on("pageerror", (error) => faults.push(`an error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`an alert: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    const words = message.text();
    // What is refused, closed or opened with another key on purpose is no fault of the page.
    if (
      message.type() === "error" &&
      !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|status of (401|422)/.test(
        words,
      )
    )
      faults.push(`on the console: ${words}`);
  });
  return page;
}

/** What axe finds serious or critical in the page as it stands. It is run as the page's own debugger, past its policy. */
export async function axe(page, where, faults) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axeSource });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: "axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations))",
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(`axe: ${exceptionDetails.text}`);
  const violations = JSON.parse(result.value);
  const grave = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  for (const v of grave)
    faults.push(
      `axe, ${where}: ${v.id} (${v.impact}): ${v.nodes
        .slice(0, 3)
        .map((n) => `${n.target.join(" ")} ${n.any[0]?.message ?? ""}`)
        .join("; ")}`,
    );
  await session.detach();
  return violations.length;
}
