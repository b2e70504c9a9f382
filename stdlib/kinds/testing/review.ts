/** What a test's subject rules out: which claims fit it, which columns its rows need, what may stand in them. */
import type { Neighbour, Objection } from "../../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../../language/vocabulary/types.ts";
import type { Features } from "../features.ts";
import type { Test } from "../test.ts";
import { reviewBehaviour } from "./behaviour.ts";
import { reviewCompared } from "./compared.ts";
import { reviewGateValues } from "./gate-values.ts";
import { reviewRows, reviewUnclaimed } from "./rows.ts";
import { kindOf, type Of, quoted, type Subject } from "./subject.ts";

const ROWS = ["given", "row"] as const;
/** What a test of each kind may hold, and which of that is a claim. */
const FITS: Readonly<
  Record<string, { readonly takes: readonly (keyof Test)[]; readonly claims: readonly (keyof Test)[] }>
> = {
  dataset: { takes: [...ROWS, "accepts", "rejects"], claims: ["accepts", "rejects"] },
  features: { takes: [...ROWS, "expect"], claims: ["expect"] },
  model: {
    takes: [...ROWS, "expect", "invariant", "rises", "falls", "data", "rows"],
    claims: ["expect", "invariant", "rises", "falls"],
  },
  gate: { takes: ["value", "expect"], claims: ["expect"] },
};
const ALL = [
  "given",
  "row",
  "value",
  "expect",
  "accepts",
  "rejects",
  "invariant",
  "rises",
  "falls",
  "data",
] as const;

export function reviewTest(props: Test, name: string, of: Of): Objection[] {
  const { subject, snapshot } = props;
  if (subject === undefined) {
    const stray = ALL.find((attribute) => props[attribute] !== undefined);
    if (snapshot === undefined)
      return [misses(name, stray === undefined ? '`subject = …` or `snapshot = "…"`' : "`subject = …`")];
    return stray === undefined
      ? []
      : [
          {
            code: "ML6056",
            values: { attribute: stray, subject: "a snapshot", fits: "`snapshot` alone" },
            pointer: `/${stray}`,
          },
        ];
  }
  const kind = kindOf(subject);
  // What an unknown kind may be is not known; that it is unknown has been said.
  if (!Object.hasOwn(FITS, kind)) return [];
  const { takes, claims } = FITS[kind]!;
  const strays = (["snapshot", ...ALL] as const).filter(
    (attribute) => props[attribute] !== undefined && !takes.includes(attribute),
  );
  if (strays.length > 0) {
    return strays.map((attribute) => ({
      code: "ML6056",
      values: { attribute, subject: kind === "features" ? "features" : `a ${kind}`, fits: quoted(takes) },
      pointer: `/${attribute}`,
    }));
  }
  if (claims.every((claim) => props[claim] === undefined)) {
    return [misses(name, quoted(claims, "or"))];
  }
  const neighbour = of(subject);
  if (neighbour === null) return [];
  if (kind === "gate") return reviewGateValues(props, neighbour);
  const found = subjectOf(kind, neighbour, subject, of);
  if (found === null) return [];
  if ("code" in found) return [found];
  return [
    ...reviewRows(props, found, of),
    ...reviewUnclaimed(props, name),
    ...reviewCompared(props, found),
    ...reviewBehaviour(props, found, of),
  ];
}

const misses = (test: string, what: string): Objection => ({
  code: "ML6057",
  values: { test: `\`${test}\``, what },
  pointer: "",
});

/** Null when something on the way to the dataset is broken, which is said where it is. */
function subjectOf(
  kind: string,
  neighbour: Neighbour,
  subject: Reference,
  of: Of,
): Subject | Objection | null {
  const { name } = neighbour;
  // References of accepted declarations, as their kinds' schemas have them.
  const data = kind === "model" ? (neighbour.props["data"] as Reference) : subject;
  const read = kind === "model" ? of(data) : neighbour;
  if (read === null) return null;
  const features = kindOf(data) === "features" ? (read.props as unknown as Features) : null;
  const source = features === null ? read : of(features.from);
  if (source === null) return null;
  const columns = source.props["schema"] as readonly ColumnSchema[] | undefined;
  if (columns === undefined) {
    return { code: "ML6065", values: { what: `the dataset \`${source.name}\`` }, pointer: "/subject" };
  }
  return { kind, name, neighbour, columns, features };
}
