/** Our side of langium.ts: `node … SPEC REPEATS` reads and checks a spec as often, and prints the times as JSON. */
import { readFileSync } from "node:fs";
import { config } from "zod";
import { analyse } from "../language/compile.ts";
import { parse } from "../language/syntax/parse.ts";
import { vocabulary } from "../stdlib/vocabulary.ts";

config({ jitless: true }); // As the command line does.

const [spec = "", repeats = "1"] = process.argv.slice(2);
const text = readFileSync(spec, "utf8");
// The parser is built, as Langium's is, before the clock runs.
parse("mlops 1\n");

const times: { parse: number; all: number }[] = [];
for (let repeat = 0; repeat < Number(repeats); repeat += 1) {
  const start = performance.now();
  // What `mlops check` does: the IR is made only for who asks for it.
  const { diagnostics } = analyse({ files: { read: () => text }, entry: spec, vocabulary });
  const all = performance.now() - start;
  if (diagnostics.length > 0) throw new Error(`the spec is not valid: ${diagnostics[0]?.message}`);
  const again = performance.now();
  parse(text);
  times.push({ parse: performance.now() - again, all });
}
console.log(JSON.stringify({ times, rss: process.resourceUsage().maxRSS * 1024 }));
