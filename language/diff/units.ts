/** Numbers with the unit in which people say them. */
import type { UnitSpec, Vocabulary } from "../vocabulary/kind.ts";
import type { Unit } from "../vocabulary/types.ts";

/** `80%`, `5m`, `64KB`: in the largest unit that leaves a whole number, else in the smallest that leaves one short. */
export function unitText(value: number, unit: Unit, units: Vocabulary["units"]): string {
  if (unit === "none" || unit === "money") return numberText(value);
  if (unit === "ratio") return `${numberText(rounded(value * 100))}%`;
  const known = Object.values(units)
    .filter((spec) => spec.unit === unit)
    .sort((a, b) => b.factor - a.factor);
  const base = known.find((spec) => spec.factor === 1);
  if (base === undefined) return numberText(value);
  if (value === 0) return `0${base.suffix}`;
  const whole = known.filter((spec) => isWhole(value / spec.factor));
  const best = shortest(whole, value) ?? base;
  return `${numberText(rounded(value / best.factor))}${best.suffix}`;
}

/** Of several units that fit, the one with the fewest digits; of equals the larger. 604,800 s are 1w, 65,536 B 64KiB. */
function shortest(specs: readonly UnitSpec[], value: number): UnitSpec | undefined {
  const length = (spec: UnitSpec) => numberText(rounded(value / spec.factor)).length;
  return specs.reduce<UnitSpec | undefined>(
    (best, spec) => (best === undefined || length(spec) < length(best) ? spec : best),
    undefined,
  );
}

/** Multiplying by a unit's factor leaves the last bits wrong: 0.57 × 100 is 56.99999999999999. */
const rounded = (value: number): number => Number(value.toPrecision(12));
const isWhole = (value: number): boolean => Number.isInteger(rounded(value));
const numberText = (value: number): string => String(value);
