/** Texts as DuckDB computes them: simple case mappings, numbers written and read. */

/** One code point to one code point; what `toUpperCase` makes longer has a mapping of its own, or none. */
const SIMPLE_UPPER = new Map<string, string>([
  ["ß", "ẞ"],
  ["ᾳ", "ᾼ"],
  ["ῃ", "ῌ"],
  ["ῳ", "ῼ"],
  // Greek vowels with iota below: small letters stand eight places before the capital ones.
  ...[0x1f80, 0x1f90, 0x1fa0].flatMap((block) =>
    Array.from({ length: 8 }, (_, i): [string, string] => [
      String.fromCodePoint(block + i),
      String.fromCodePoint(block + 8 + i),
    ]),
  ),
]);

/** Unicode simple case mapping, code point by code point. */
export function lowerSimple(text: string): string {
  return mapped(text, (letter) => (letter === "İ" ? "i" : letter.toLowerCase()));
}

/** Unicode simple case mapping, code point by code point. */
export function upperSimple(text: string): string {
  return mapped(text, (letter) => SIMPLE_UPPER.get(letter) ?? letter.toUpperCase());
}

function mapped(text: string, map: (letter: string) => string): string {
  let out = "";
  for (const letter of text) {
    const other = map(letter);
    // Longer ones are no simple mapping.
    out += other.length === 1 || (other.length === 2 && other.codePointAt(0)! > 0xffff) ? other : letter;
  }
  return out;
}

/** A number as text: whole numbers without a point, others with the fewest digits that read back the same. */
export function textOfNumber(x: number): string {
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return String(x === 0 ? 0 : x);
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  const [mantissa = "", exponent = "0"] = x.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 16) {
    const fixed = power < 0 ? decimal(mantissa, power) : String(x);
    return fixed.includes(".") ? fixed : `${fixed}.0`;
  }
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** 1.25, −3 as 0.00125. */
function decimal(mantissa: string, power: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  return `${sign}0.${"0".repeat(-power - 1)}${mantissa.replace(/[-.]/g, "")}`;
}

const DIGITS = "\\d+(?:_\\d+)*";
const NUMBER = new RegExp(
  `^[ \\t\\n\\v\\f\\r]*([+-]?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?)[ \\t\\n\\v\\f\\r]*$`,
);

/** The number that a text says, NaN when it says none or one that is not finite. */
export function numberOfText(text: string): number {
  const found = NUMBER.exec(text)?.[1];
  if (found === undefined) return Number.NaN;
  const value = Number(found.replaceAll("_", ""));
  return Number.isFinite(value) ? value : Number.NaN;
}
