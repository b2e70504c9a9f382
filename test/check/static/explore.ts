/** `node test/check/static/explore.ts [seed] [count] [texts]`: carries out many random specs, of language models with `texts`, and groups what surprised, the shortest spec of each. */
import fc from "fast-check";
import { bench } from "./carry-out.ts";
import { checked, surprises, wholeText } from "./compared.ts";
import { specs } from "./generate.ts";
import { textSpecs } from "./texts.ts";

const [seed = "1", count = "100", which = "tables"] = process.argv.slice(2);
const place = bench();
const groups = new Map<string, { count: number; text: string; said: string }>();
const rejected = new Map<string, number>();
let accepted = 0;
for (const spec of fc.sample(which === "texts" ? textSpecs : specs, {
  seed: Number(seed),
  numRuns: Number(count),
})) {
  const found = await surprises(spec, place);
  if (found === null) {
    const { errors } = await checked(spec);
    for (const code of new Set(errors.map((error) => error.split(" ")[0]!)))
      rejected.set(code, (rejected.get(code) ?? 0) + 1);
    continue;
  }
  accepted += 1;
  for (const { code, declaration, said } of found) {
    const key = `${code} ${declaration.split(".")[0]} ${said.split("\n")[0]!.replace(/[0-9.]+|`[^`]*`|"[^"]*"/g, "…")}`;
    const known = groups.get(key);
    const shorter = known === undefined || wholeText(spec).length < known.text.length;
    groups.set(key, {
      count: (known?.count ?? 0) + 1,
      text: shorter ? wholeText(spec) : known.text,
      said: shorter ? `${declaration}: ${said}` : known.said,
    });
  }
}
place.close();
const byCount = [...rejected].sort((a, b) => b[1] - a[1]).map(([code, n]) => `${code}×${n}`);
console.log(`${count} specs, ${accepted} accepted and carried out; rejected: ${byCount.join(" ")}`);
for (const { count: times, text, said } of groups.values()) console.log(`\n=== ${times}× ${said}\n${text}`);
process.exit(groups.size === 0 ? 0 : 1);
