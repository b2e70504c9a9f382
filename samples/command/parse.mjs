// node parse.mjs VISITS ROWS: one CSV line for each visit; lines that are none are counted and left out.
import { readFileSync, writeFileSync } from "node:fs";

const [visits, rows] = process.argv.slice(2);
const lines = ["visitor,at,kiosk,seconds,bought"];
let left = 0;
for (const line of readFileSync(visits, "utf8").split("\n")) {
  if (line === "") continue;
  const [at, ...pairs] = line.split(" ");
  const visit = Object.fromEntries(pairs.map((pair) => pair.split("=")));
  if (visit.visitor === undefined) left += 1;
  else lines.push([visit.visitor, at, visit.kiosk, visit.seconds ?? "", visit.bought].join(","));
}
writeFileSync(rows, `${lines.join("\n")}\n`);
console.log(`visits: ${lines.length - 1}, other lines: ${left}`);
