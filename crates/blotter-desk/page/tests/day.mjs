// A desk day in a real browser, by keyboard alone: twenty actions, each checked, each with a screenshot.
//   node tests/day.mjs PROGRAM FOLDER   (screenshots and the case file go into the folder)

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { axe, caseFile, openBrowser, openDesk, openPage, root } from "./desk.mjs";

const [program, folder] = process.argv.slice(2);
if (!program || !folder) throw new Error("node tests/day.mjs PROGRAM FOLDER");
const began = Date.now();
const db = caseFile(program, folder);
let desk = await openDesk(program, db);
const browser = await openBrowser();
const faults = [];
const page = await openPage(browser, desk.origin, { faults });
const keys = async (...names) => {
  for (const name of names) await page.keyboard.press(name);
};
const type = (words) => page.keyboard.type(words);
const text = (selector) => page.locator(selector).first().innerText();
const sees = (selector, words) => page.locator(selector, { hasText: words }).first().waitFor();
let number = 0;
async function action(name, run) {
  const at = Date.now();
  try {
    await run();
  } catch (error) {
    await page.screenshot({ path: join(folder, "failed.png") });
    throw new Error(`${number + 1} ${name}: ${error.message.slice(0, 600)}`);
  }
  number++;
  await page.screenshot({ path: join(folder, `${String(number).padStart(2, "0")}.png`) });
  console.log(`${String(number).padStart(2)} ${name} (${Date.now() - at} ms)`);
}
/** The page shows a decision at once; this waits until the case file has it. */
const filed = (words) => sees(".notices", words);
const show = (id) => JSON.parse(execFileSync(program, ["show", id, "--db", db, "--json"], { encoding: "utf8" }));
const history = (id) => execFileSync(program, ["history", id, "--db", db, "--json"], { encoding: "utf8" });
const marked = () => page.locator(".text mark.now").allInnerTexts();
const values = ".values [data-item]";

try {
  const toValue = async (words) => {
    const count = await page.locator(values).count();
    await keys("Home");
    for (let i = 0; i < count; i++) {
      if (
        (await page.evaluate(() => document.activeElement?.querySelector(".words")?.textContent ?? "")).startsWith(
          words,
        )
      )
        return;
      await keys("j");
    }
    throw new Error(`no value ${words}`);
  };
  /** Goes there by Tab, as somebody without a mouse does. */
  const tabTo = async (selector) => {
    for (let i = 0; i < 90; i++) {
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
      await keys("Tab");
    }
    throw new Error(`Tab does not lead to ${selector}`);
  };
  await action("the desk opens with the weightiest doubt first", async () => {
    await page.goto(desk.url);
    await page.locator("[data-list=queue] [data-item]").first().waitFor();
    assert.ok(!page.url().includes("key="), "the key stays in the address");
    assert.match(await text("[data-list=queue] [data-item]"), /Bombing at the central bus station/);
    await sees("[data-list=queue] .doubt", "killed");
    await axe(page, "queue", faults);
  });
  await action("what the filter shows is exported", async () => {
    await tabTo("#export");
    await keys("Enter");
    await sees("dialog", "Export");
    await axe(page, "export", faults);
    await page.locator("dialog select[name=format]").selectOption("geojson");
    const [download] = await Promise.all([page.waitForEvent("download"), keys("Control+Enter")]);
    assert.equal(download.suggestedFilename(), "blotter-geojson.geojson");
    const made = JSON.parse(readFileSync(await download.path(), "utf8"));
    const listed = execFileSync(program, ["list", "--db", db, "--json"], { encoding: "utf8" });
    assert.equal(made.features.length, listed.trim().split("\n").length);
    await sees(".notices", "Exported blotter-geojson.geojson");
    await page.locator("[data-list=queue] [data-item]").first().focus();
  });
  await action("j and k move along the queue", async () => {
    await keys("Home", "j", "j", "k", "k");
    const at = await page.evaluate(() =>
      [...document.querySelectorAll("[data-list=queue] [data-item]")].indexOf(document.activeElement),
    );
    assert.equal(at, 0);
  });
  await action("Enter opens the incident at the value in doubt, beside its words", async () => {
    await keys("Enter");
    await page.locator(".text mark.now").first().waitFor();
    assert.match((await marked()).join(), /Seven/);
    await sees(".disagree", "killed");
    await axe(page, "incident", faults);
  });
  await action("k and j walk through all values: each shows the words that carry it", async () => {
    const count = await page.locator(values).count();
    await keys("Home");
    for (let i = 0; i < count; i++) {
      const fact = await page.evaluate(
        () => document.querySelector(".statements")?.parentElement?.querySelector(".words")?.textContent,
      );
      await page
        .waitForFunction(() => {
          const quote = document.querySelector(".statements [aria-pressed=true] q")?.textContent?.replace(/ …$/, "");
          const squeezed = (words) => words.replace(/\s+/g, " ").trim();
          const shown = squeezed([...document.querySelectorAll(".text mark.now")].map((m) => m.textContent).join(""));
          return quote && shown.includes(squeezed(quote).slice(0, 40));
        })
        .catch(() => {
          throw new Error(`the words of ${fact} are not marked`);
        });
      await keys("j");
    }
    assert.ok(count > 12, `${count} values`);
  });
  await action("l goes to the next report that says the same", async () => {
    await toValue("7");
    const before = await text(".text > header");
    await keys("l");
    await page.waitForFunction((was) => document.querySelector(".text > header")?.innerText !== was, before);
  });
  await action("a accepts a value", async () => {
    await toValue("5 ");
    await keys("a");
    await page.locator("dialog").waitFor();
    await axe(page, "dialog", faults);
    await keys("Enter");
    await sees(".value .pin", "fixed by Ann");
    await filed("accepted");
    assert.equal(show("9MRH").best.killed.best, 5);
  });
  await action("u takes it back", async () => {
    await keys("u");
    await page.locator(".value .pin").waitFor({ state: "detached" });
    await filed("undid");
    assert.notEqual(show("9MRH").best.killed.best, 5);
  });
  await action("e fixes another value; what is refused is opened again as it was typed", async () => {
    await toValue("7");
    await keys("e");
    await page.locator("dialog").waitFor();
    await type("many");
    await keys("Tab");
    await type("list of names from the health office");
    await keys("Enter");
    await filed("Not filed");
    assert.notEqual(show("9MRH").best.killed.best, 8);
    await tabTo(".notices .fault button");
    await keys("Enter");
    await page.locator("dialog").waitFor();
    const typed = await page.locator("dialog input").evaluateAll((boxes) => boxes.map((b) => b.value));
    assert.deepEqual(typed, ["many", "list of names from the health office"]);
    await type("8");
    await keys("Enter");
    await sees(".value .pin", "fixed by Ann");
    await filed("8 fixed");
    assert.equal(show("9MRH").best.killed.best, 8);
  });
  await action("x rejects a value", async () => {
    await toValue("5 ");
    await keys("x");
    await page.locator("dialog").waitFor();
    await type("an early count");
    await keys("Enter");
    await sees(".value .why", "rejected by Ann");
    await filed("rejected");
    assert.ok(history("9MRH").includes("an early count"));
  });
  await action("c leaves a comment", async () => {
    await keys("c");
    await page.locator("dialog textarea").waitFor();
    await type("Call the health office again on Monday.");
    await keys("Control+Enter");
    await sees("[aria-label=Comments]", "Call the health office");
  });
  await action("r sets the status", async () => {
    await keys("r");
    await page.locator("dialog").waitFor();
    await keys("Enter");
    await sees(".status", "reviewed");
    await filed("reviewed");
    assert.equal(show("9MRH").status, "reviewed");
  });
  await action("s splits a report off", async () => {
    await keys("s");
    await page.locator("dialog").waitFor();
    const reports = show("9MRH").reports.length;
    await keys("Tab", "Tab", "Space");
    for (let i = 0; i < reports - 3; i++) await keys("Tab");
    await keys("Tab");
    await type("another station");
    await keys("Enter");
    await page.waitForFunction(
      (n) => document.querySelector(".record .meta")?.textContent?.includes(`${n} reports`),
      reports - 1,
    );
    assert.equal(show("9MRH").reports.length, reports - 1);
  });
  await action("m merges it again", async () => {
    await keys("m");
    await page.locator("dialog .choices input").first().waitFor();
    await keys("Tab", "Space", "Tab");
    await type("the same station after all");
    await keys("Enter");
    await page.waitForFunction(() => document.querySelector(".record .meta")?.textContent?.includes("6 reports"));
  });
  await action("what changes behind an open dialog is not decided upon unseen", async () => {
    await keys("r");
    await page.locator("dialog").waitFor();
    execFileSync(program, ["status", "9MRH", "open", "--why", "two more calls", "--db", db, "--by", "Ben"]);
    await page.waitForFunction(() => document.querySelector(".record .status")?.textContent?.includes("open"));
    await keys("Enter");
    await sees(".notices", "Not filed");
    assert.equal(show("9MRH").status, "open");
    // The browser tells of the refusal on its console, too: it was asked for here.
    const refusal = faults.findIndex((fault) => fault.includes("412"));
    assert.ok(refusal >= 0, "refused by the desk");
    faults.splice(refusal, 1);
  });
  await action("somebody else decides, and it is told and shown", async () => {
    execFileSync(program, ["comment", "9MRH", "The station master confirms seven.", "--db", db, "--by", "Ben"]);
    await sees(".notices", "Ben commented");
    await sees("[aria-label=Comments]", "station master");
  });
  await action("q goes back to the queue, where one was", async () => {
    await keys("q");
    await page.waitForFunction(() => document.activeElement?.dataset?.id === "B-9MRH");
  });
  await action("d shows the doubts; a pair opens side by side, x keeps it apart", async () => {
    await keys("d");
    await sees("[data-list=queue] .what", "one incident?");
    const count = await page.locator("[data-list=queue] [data-item]").count();
    for (let i = 0; i < count; i++) {
      if (/one incident\?/.test(await page.evaluate(() => document.activeElement?.textContent ?? ""))) break;
      await keys("j");
    }
    await keys("Enter");
    await page.locator(".pair table").waitFor();
    await axe(page, "pair", faults);
    await page.screenshot({ path: join(folder, "pair.png") });
    await keys("x");
    await page.locator("dialog").waitFor();
    await type("two diners");
    await keys("Enter");
    await page.locator(".pair").waitFor({ state: "detached" });
    await page.waitForFunction(
      () =>
        ![...document.querySelectorAll("[data-list=queue] .what")].some((w) =>
          w.textContent?.includes("one incident?"),
        ),
    );
  });
  await action("/ searches", async () => {
    await keys("i", "/");
    await type("Leipzig");
    await keys("Enter");
    await page.waitForFunction(() => document.querySelectorAll("[data-list=queue] [data-item]").length === 1);
  });
  await action("a report full of markup is text, its words marked behind letters beyond sixteen bits", async () => {
    await page.waitForFunction(() => document.activeElement?.matches("[data-list=queue] [data-item]"));
    await keys("Enter");
    await page.locator(".text .prose", { hasText: "<script>window.hurt=5</script>" }).waitFor();
    const count = await page.locator(values).count();
    for (let i = 0; i < count; i++) await keys("j");
    assert.equal(await page.evaluate(() => window.hurt), undefined);
    const inside = await page.evaluate(
      () => document.querySelectorAll("#desk script, #desk b[onclick], #desk svg[onload], #desk img").length,
    );
    assert.equal(inside, 0);
    await keys("q", "/", "Control+a", "Delete", "Enter");
    await page.waitForFunction(() => document.querySelectorAll("[data-list=queue] [data-item]").length > 3);
  });
  await action("f filters, by keys", async () => {
    await keys("f");
    await page.waitForFunction(() => document.activeElement?.closest("#filter"));
    await type("attack");
    await page.waitForFunction(() => document.querySelector("#filter select")?.value !== "");
    const asked = await page.locator("#filter select").first().inputValue();
    await axe(page, "filter", faults);
    await page.waitForFunction(() => document.querySelector(".queue .bar button")?.textContent?.includes("1"));
    assert.match(asked, /^attack/);
    await keys("Escape");
  });
  await action("2 shows map and time; arrows brush it", async () => {
    await keys("2");
    await page.locator(".cluster").first().waitFor();
    await page.locator(".land").first().waitFor();
    const before = await text(".sums");
    await tabTo("[role=slider]");
    await keys("ArrowRight", "ArrowRight");
    await page.waitForFunction((was) => document.querySelector(".sums")?.innerText !== was, before);
    await axe(page, "map", faults);
    await tabTo(".canvas");
    await keys("+", "+", "ArrowLeft");
  });
  await action("3 reads a report live, layer by layer", async () => {
    await keys("3");
    await page.waitForFunction(() => document.activeElement?.id === "paste");
    await page.keyboard.insertText(
      'Two men were shot dead outside a diner in Toledo, Ohio, on Wednesday night, police said. The victims were Marcus Hale, 34, and Ray Alvarado, 41.\n\n"It was over in seconds," said a neighbour, Dana Whitlock.',
    );
    await keys("Control+Enter");
    await page.locator(".layers mark").first().waitFor({ timeout: 30000 });
    for (const layer of ["attributions", "times", "places", "events", "mentions"]) {
      await tabTo(`.switches .${layer} input`);
      await keys("Space");
    }
    assert.ok((await page.locator(".layers mark.source").count()) > 0);
    await axe(page, "read", faults);
    // A file goes the same way; it is dropped or chosen, which no key can do for a test.
    await page.setInputFiles("input[type=file]", join(root, "samples/harbour.txt"));
    await sees(".told h2", "Port Kesh");
  });
  await action("? shows the keys", async () => {
    await keys("?");
    await page.locator("dialog .keys").first().waitFor();
    await axe(page, "help", faults);
    await page.screenshot({ path: join(folder, "help.png") });
    await keys("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
  });
  await action("a decision made while the desk is closed is filed when it opens again", async () => {
    await keys("1");
    await page.locator("[data-list=queue] [data-item]").first().waitFor();
    await keys("j", "Enter");
    await page.locator(".text mark.now").first().waitFor();
    const of = /B-\w+/.exec(page.url())[0];
    const { port } = new URL(desk.origin);
    await desk.close();
    await sees(".standing", "does not answer");
    await keys("c");
    await page.locator("dialog textarea").waitFor();
    await type("Written while the desk was closed.");
    await keys("Control+Enter");
    await sees(".standing", "on the way");
    await sees("[aria-label=Comments]", "Written while");
    // The key of a desk belongs to it: with the old one nobody comes in, and nothing of what waits is dropped.
    desk = await openDesk(program, db, { port });
    await page.locator(".locked input").waitFor({ timeout: 20000 });
    await page.goto("about:blank");
    await page.goto(desk.url);
    await page.waitForFunction(() => !document.querySelector(".standing")?.textContent?.includes("on the way"));
    const end = Date.now() + 8000;
    while (!history(of).includes("Written while") && Date.now() < end)
      await new Promise((done) => setTimeout(done, 200));
    assert.equal(history(of).split("Written while").length, 2, "filed once");
  });

  // Narrow, dark, and what has not been seen yet.
  for (const [name, options] of [
    ["narrow", { width: 400, height: 800 }],
    ["dark", { dark: true }],
  ]) {
    const other = await openPage(browser, desk.origin, { ...options, faults });
    await other.goto(desk.url);
    await other.locator("[data-list=queue] [data-item]").first().waitFor();
    await other.screenshot({ path: join(folder, `${name}-queue.png`) });
    await axe(other, `${name} queue`, faults);
    for (const [view, hash, waits] of [
      ["incident", "#/incident/B-9MRH", ".text mark.now"],
      ["report", "#/report?id=gazette-2291&version=2", ".compared ins"],
      ["map", "#/map", ".cluster"],
      ["read", "#/read", "#paste"],
    ]) {
      await other.goto(`${desk.origin}/${hash}`);
      await other.locator(waits).first().waitFor();
      await other.waitForTimeout(250);
      await other.screenshot({ path: join(folder, `${name}-${view}.png`) });
      await axe(other, `${name} ${view}`, faults);
      const wide = await other.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) faults.push(`${name} ${view} is ${wide} pixels too wide`);
    }
    await other.context().close();
  }
  const [rows, ...rest] = execFileSync(program, ["verify", "--db", db], { encoding: "utf8" })
    .trim()
    .split("\n")
    .reverse();
  assert.match(rows, /all as written/);
  assert.equal(rest.length, 0);
} finally {
  await browser.close();
  await desk.close();
}
assert.deepEqual(faults, []);
assert.ok(number >= 20);
console.log(`${number} actions, no fault, ${((Date.now() - began) / 1000).toFixed(0)} s; screenshots in ${folder}`);
