/** The families of diagnostics, by the numbers of their codes: how lists of them are ordered. */

export interface Family {
  readonly title: string;
  /** Of the codes' numbers, both ends included. */
  readonly from: number;
  readonly to: number;
}

export const families: readonly Family[] = [
  { title: "The text", from: 1000, to: 1999 },
  { title: "Names and types", from: 2000, to: 2999 },
  { title: "Checks of what is written", from: 3000, to: 3999 },
  { title: "Data and features", from: 4000, to: 4999 },
  { title: "Training", from: 5000, to: 5499 },
  { title: "Portable models", from: 5500, to: 5999 },
  { title: "Evaluations, gates and releases", from: 6000, to: 6049 },
  { title: "Tests", from: 6050, to: 6099 },
  { title: "Evaluations of language models", from: 6100, to: 6999 },
  { title: "Serving and batches", from: 7000, to: 7999 },
  { title: "The store and the machine", from: 8000, to: 8029 },
  { title: "Programs that steps run", from: 8030, to: 8039 },
  { title: "Differences and graphs", from: 8040, to: 8049 },
  { title: "Other tools: SARIF, types, the IR", from: 8050, to: 8059 },
  { title: "New projects", from: 8060, to: 8999 },
];

/** Codes by family, in order; families without codes are left out. */
export function byFamily(
  codes: readonly string[],
): readonly { readonly family: Family; readonly codes: readonly string[] }[] {
  const numberOf = (code: string) => Number(code.slice(2));
  const sorted = [...codes].sort((a, b) => numberOf(a) - numberOf(b));
  return families
    .map((family) => ({
      family,
      codes: sorted.filter((code) => numberOf(code) >= family.from && numberOf(code) <= family.to),
    }))
    .filter((one) => one.codes.length > 0);
}
