// node page.mjs ROWS PAGE: how many visits of each kiosk ended with a purchase.
import { readFileSync, writeFileSync } from "node:fs";

const [rows, page] = process.argv.slice(2);
const [header, ...lines] = readFileSync(rows, "utf8").trim().split("\n");
const columns = header.split(",");
const kiosks = new Map();
for (const line of lines) {
  const visit = Object.fromEntries(line.split(",").map((value, i) => [columns[i], value]));
  const [bought, all] = kiosks.get(visit.kiosk) ?? [0, 0];
  kiosks.set(visit.kiosk, [bought + (visit.bought === "true" ? 1 : 0), all + 1]);
}
const items = [...kiosks].sort().map(([kiosk, [bought, all]]) => `<li>${kiosk}: ${bought} of ${all}</li>`);
writeFileSync(page, `<!doctype html>\n<title>Visits</title>\n<ul>\n${items.join("\n")}\n</ul>\n`);
