/** `node test/check/static/explore.ts [seed] [count]`: carries out many random specs and groups what was refused. */
import fc from "fast-check";
import { compileText } from "../spec.ts";
import { bench } from "./carry-out.ts";
import { specs } from "./generate.ts";

const [seed = "1", count = "100"] = process.argv.slice(2);
const place = bench();
const groups = new Map<string, { count: number; text: string; said: string }>();
const rejected = new Map<string, number>();
let accepted = 0;
const note = (key: string, text: string, said: string) => {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, { count: 1, text, said });
  else {
    known.count += 1;
    if (text.length < known.text.length) Object.assign(known, { text, said });
  }
};
const started = Date.now();
for (const { text, files } of fc.sample(specs, { seed: Number(seed), numRuns: Number(count) })) {
  const { program, diagnostics } = compileText(text);
  if (program === null) {
    const codes = new Set(diagnostics.filter((one) => one.severity === "error").map((one) => one.code));
    if (!text.includes("odd") && process.env["PLAIN"] === "1")
      console.log(
        diagnostics
          .filter((one) => one.severity === "error")
          .slice(0, 2)
          .map((one) => `${one.code} ${one.message}\n    ${text.split("\n")[one.range.line - 1]}`)
          .join("\n"),
      );
    for (const code of codes) rejected.set(code, (rejected.get(code) ?? 0) + 1);
    continue;
  }
  accepted += 1;
  for (const { code, declaration, said } of await place.carryOut(program, files))
    if (code !== "ML4107")
      note(
        `${code} ${declaration.split(".")[0]} ${said
          .split("\n")[0]!
          .replace(/[0-9.]+|`[^`]*`|"[^"]*"/g, "…")
          .slice(0, 90)}`,
        text,
        `${declaration}: ${said}`,
      );
}
place.close();
const { writeFileSync, mkdirSync } = await import("node:fs");
const folder = process.env["EXPLORE_OUT"] ?? "/tmp/explore";
mkdirSync(folder, { recursive: true });
console.log(`${count} specs, ${accepted} accepted and run, ${((Date.now() - started) / 1000).toFixed(0)} s`);
console.log(
  "rejected:",
  [...rejected]
    .sort((a, b) => b[1] - a[1])
    .map(([code, n]) => `${code}×${n}`)
    .join(" "),
);
let i = 0;
for (const [key, { count: n, text, said }] of [...groups].sort((a, b) => b[1].count - a[1].count)) {
  i += 1;
  writeFileSync(`${folder}/${i}.mlops`, `// ${said.replaceAll("\n", "\n// ")}\n${text}`);
  console.log(`${i}. ${n}× ${key}\n     ${said.slice(0, 300).replaceAll("\n", "\n     ")}`);
}
process.exit(0);
