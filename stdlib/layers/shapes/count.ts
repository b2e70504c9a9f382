/** Sizes that may not be numbers yet: sums of products of symbols, `128·pieces.size + 8192`. */
import type { LayerArgument } from "../../../language/vocabulary/layer.ts";

/** Coefficients by product: symbols in order, joined by `·`; the empty one is the number alone. Zeros are left out. */
export type Count = ReadonlyMap<string, number>;

export const constant = (value: number): Count => new Map(value === 0 ? [] : [["", value]]);
export const symbol = (name: string): Count => new Map([[name, 1]]);
export const NOTHING = constant(0);

/** A number, or a size by its reference's own name: `pieces.size`. Null for what is neither. */
export function countOf(argument: LayerArgument | undefined): Count | null {
  if (typeof argument === "number") return constant(argument);
  if (typeof argument !== "object") return null;
  return symbol(`${argument.ref.slice(argument.ref.indexOf(".") + 1)}.${argument.part}`);
}

export function sum(...counts: readonly Count[]): Count {
  const total = new Map<string, number>();
  for (const count of counts)
    for (const [symbols, factor] of count) total.set(symbols, (total.get(symbols) ?? 0) + factor);
  return new Map([...total].filter(([, factor]) => factor !== 0));
}

export const times = (...counts: readonly Count[]): Count => counts.reduce(product, constant(1));

function product(left: Count, right: Count): Count {
  const total = new Map<string, number>();
  for (const [a, x] of left)
    for (const [b, y] of right) total.set(joined(a, b), (total.get(joined(a, b)) ?? 0) + x * y);
  return new Map([...total].filter(([, factor]) => factor !== 0));
}

const joined = (a: string, b: string): string =>
  [...(a === "" ? [] : a.split("·")), ...(b === "" ? [] : b.split("·"))].sort().join("·");

/** The number, when it is one. */
export function numberOf(count: Count): number | null {
  if (count.size === 0) return 0;
  const value = count.get("");
  return count.size === 1 && value !== undefined ? value : null;
}

export const same = (a: Count, b: Count): boolean =>
  a.size === b.size && [...a].every(([symbols, factor]) => b.get(symbols) === factor);

/** `8,192 + 128·pieces.size`: whole numbers with commas, the number first. */
export function textOf(count: Count): string {
  if (count.size === 0) return "0";
  return [...count]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbols, factor]) => {
      if (symbols === "") return grouped(factor);
      return factor === 1 ? symbols : `${grouped(factor)}·${symbols}`;
    })
    .join(" + ");
}

const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");

/** With the symbols that are known filled in. */
export function filled(count: Count, known: ReadonlyMap<string, number>): Count {
  return sum(
    ...[...count].map(([symbols, factor]) =>
      times(
        constant(factor),
        ...symbols
          .split("·")
          .filter((name) => name !== "")
          .map((name) => {
            const value = known.get(name);
            return value === undefined ? symbol(name) : constant(value);
          }),
      ),
    ),
  );
}
