/** Runs each topic's checks on the scripts of the site; `GOLDEN` is the folder of the cases. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const folder = process.env.GOLDEN ?? "";
for (const file of readdirSync(folder)) {
  const topic = file.replace(".json", "");
  test(topic, async () => {
    const compute = await import(`../../src/explainer/site/theme/assets/compute/${topic}.js`);
    const { check } = await import(`./${topic}.js`);
    const { compared, wrong } = check(compute, JSON.parse(readFileSync(join(folder, file), "utf-8")));
    assert.deepEqual(wrong, []);
    assert.ok(compared > 0, "nothing was compared");
    console.log(`${topic}: ${compared} compared`);
  });
}
