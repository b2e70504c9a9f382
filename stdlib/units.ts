import type { UnitSpec } from "../language/vocabulary/kind.ts";

const unit = (suffix: string, kind: UnitSpec["unit"], factor: number): [string, UnitSpec] => [
  suffix,
  { suffix, unit: kind, factor },
];

/** Units that may follow digits. Durations lower to seconds, sizes to bytes, shares to 0–1. */
export const units: Readonly<Record<string, UnitSpec>> = Object.fromEntries([
  unit("%", "ratio", 0.01),
  unit("ms", "duration", 0.001),
  unit("s", "duration", 1),
  unit("m", "duration", 60),
  unit("h", "duration", 3600),
  unit("d", "duration", 86_400),
  unit("w", "duration", 604_800),
  unit("B", "size", 1),
  unit("KB", "size", 1000),
  unit("MB", "size", 1_000_000),
  unit("GB", "size", 1_000_000_000),
  unit("TB", "size", 1_000_000_000_000),
  unit("KiB", "size", 1024),
  unit("MiB", "size", 1024 ** 2),
  unit("GiB", "size", 1024 ** 3),
  unit("TiB", "size", 1024 ** 4),
  unit("USD", "money", 1),
  unit("EUR", "money", 1),
]);
