/** Rows do not become new by passing through a query. */
import type { Reference } from "../../vocabulary/types.ts";
import type { Draft, World } from "../draft.ts";
import { related, replaceWith } from "../source.ts";
import { describeSymbol } from "../symbols.ts";
import { type ReferenceAt, referencesOf } from "../visit.ts";
import { type Rule, type RuleContext, rowsOf, upstreamOf } from "./rule.ts";

/** Rows of a declaration: one part of them, or all. */
interface Rows {
  readonly id: string;
  readonly part: string | null;
}

/**
 * Where rows come from: what is read itself, then what that is a query over, and so on. A query over several
 * datasets may join anything to anything, so the way ends there.
 */
function originsOf(reference: Reference, world: World): Rows[] {
  const way: Rows[] = [];
  let next: Reference | undefined = reference;
  while (next !== undefined) {
    const id = rowsOf(next, world);
    if (way.some((rows) => rows.id === id)) break;
    way.push({ id, part: next.part ?? null });
    const draft = world.draft(id);
    const [read, ...more]: ReferenceAt[] = draft === undefined ? [] : [...referencesOf(draft)];
    // What is made of other things than rows of its own kind may make of them what it likes.
    const isQuery = draft !== undefined && read?.meaning.to.includes(draft.symbol.kindName) === true;
    next = isQuery && more.length === 0 ? read.reference : undefined;
  }
  return way;
}

const nameOf = ({ id, part }: Rows): string =>
  `${id.slice(id.indexOf(".") + 1)}${part === null ? "" : `.${part}`}`;

/** One way ends where the other begins: the rows themselves on one side, a query over them on the other. */
function meeting(a: readonly Rows[], b: readonly Rows[]): readonly [Rows, Rows] | null {
  const [first, second] = [a[0], b[0]];
  if (first === undefined || second === undefined || first.id === second.id) return null;
  const below = b.find((rows) => rows.id === first.id);
  if (below !== undefined) return [first, below];
  const above = a.find((rows) => rows.id === second.id);
  return above === undefined ? null : [above, second];
}

export const queriesMakeNoNewRows: Rule = (context) => {
  for (const draft of context.drafts) {
    for (const judged of referencesOf(draft)) {
      if (judged.meaning.use !== "judge") continue;
      const way = originsOf(judged.reference, context.world);
      const readers = upstreamOf(draft, context.world).flatMap((other) =>
        referencesOf(other)
          .filter((at) => at.meaning.use === "learn" || at.meaning.use === "tune")
          .map((read) => ({ other, read })),
      );
      for (const { other, read } of readers) {
        const met = meeting(way, originsOf(read.reference, context.world));
        if (met !== null && reportMeeting(context, draft, judged, other, read, met)) break;
      }
    }
  }
};

function reportMeeting(
  context: RuleContext,
  draft: Draft,
  judged: ReferenceAt,
  other: Draft,
  read: ReferenceAt,
  [seen, learnt]: readonly [Rows, Rows],
): boolean {
  if (seen.part !== null && learnt.part !== null && seen.part !== learnt.part) return false;
  const used = read.meaning.use === "learn" ? "trained" : "tuned";
  const model = other === draft ? "the model" : describeSymbol(other.symbol);
  const place = other.locations.get(read.pointer);
  const extras = {
    related:
      place === undefined ? [] : [related(other.symbol.source, place, `\`${read.label}\` reads them here`)],
  };
  if (seen.part === learnt.part) {
    context.report("ML3044", { model, used, part: nameOf(seen) }, draft, judged.pointer, extras);
    return true;
  }
  // All rows on the one side, a part of them on the other: a query may still have left that part out.
  const parts = context.world.offered(seen.id).parts ?? [];
  const taken = seen.part ?? learnt.part;
  const rows = nameOf({ id: seen.id, part: null });
  const reads = seen.part === null ? judged.reference : read.reference;
  const what = describeSymbol((context.world.draft(rowsOf(reads, context.world)) ?? draft).symbol);
  const example = `${rows}.${parts.findLast((part) => part !== taken) ?? taken}`;
  context.report("ML3045", { what, rows, example, model, used }, draft, judged.pointer, extras);
  return true;
}

const KEPT = /^(test|testing|holdout|hold_out|judging)$/i;
const LEARNT = /^(train|training|learn|learning|fit)$/i;

/** A part called `test` is kept for judging. */
export const testPartsAreKept: Rule = (context) => {
  for (const draft of context.drafts) {
    for (const at of referencesOf(draft)) {
      const { ref, part } = at.reference;
      if (at.meaning.use !== "learn" || part === undefined || !KEPT.test(part)) continue;
      const other = context.world.offered(ref).parts?.find((name) => LEARNT.test(name));
      // Judged on it too: `judgedOnSeenRows` says so.
      if (other === undefined || isJudged(context, ref, part)) continue;
      const name = ref.slice(ref.indexOf(".") + 1);
      const place = draft.locations.get(at.pointer);
      const { text } = draft.symbol.source.lines;
      const fixes =
        place === undefined
          ? []
          : replaceWith(
              draft.symbol.source,
              place,
              text.slice(place.start, place.end).replace(new RegExp(`${part}$`), other),
            );
      const values = { part: `${name}.${part}`, name, other, last: part };
      context.report("ML3048", values, draft, at.pointer, { fixes });
    }
  }
};

function isJudged(context: RuleContext, ref: string, part: string): boolean {
  const rows = rowsOf({ ref }, context.world);
  return context.drafts.some((draft) =>
    referencesOf(draft).some(
      ({ meaning, reference }) =>
        meaning.use === "judge" &&
        rowsOf(reference, context.world) === rows &&
        (reference.part === undefined || reference.part === part),
    ),
  );
}
