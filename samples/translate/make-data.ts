/** Writes data/dates.csv: dates as people write them, and as ISO 8601 does. */
import { mkdirSync, writeFileSync } from "node:fs";
import { Random } from "../random.ts";

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

function ordinal(day: number): string {
  if (day % 100 > 10 && day % 100 < 14) return `${day}th`;
  return `${day}${["th", "st", "nd", "rd"][day % 10] ?? "th"}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

export function dates(seed = 7, rows = 3_000): string {
  const random = new Random(seed);
  const lines = new Map<string, string>();
  while (lines.size < rows) {
    const [day, month, year] = [random.int(1, 28), random.int(1, 12), random.int(1950, 2049)];
    const name = MONTHS[month - 1]!;
    const short = name.slice(0, 3);
    const spoken = random.pick([
      `${day} ${name} ${year}`,
      `the ${ordinal(day)} of ${name} ${year}`,
      `${name} ${ordinal(day)} ${year}`,
      `${day} ${short} ${year}`,
    ]);
    lines.set(spoken, `${year}-${two(month)}-${two(day)}`);
  }
  return ["spoken,iso", ...[...lines].map(([spoken, iso]) => `${spoken},${iso}`), ""].join("\n");
}

if (import.meta.main) {
  mkdirSync(new URL("data/", import.meta.url), { recursive: true });
  writeFileSync(new URL("data/dates.csv", import.meta.url), dates());
}
