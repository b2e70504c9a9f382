/** A part that a model is judged on may not have taught or tuned it. */

import type { Draft } from "../draft.ts";
import { related } from "../source.ts";
import { listed } from "../suggest.ts";
import { describeSymbol } from "../symbols.ts";
import { type ReferenceAt, referencesOf } from "../visit.ts";
import { type Rule, type RuleContext, rowsOf, upstreamOf } from "./rule.ts";

const LEARN = ["learn"];
const JUDGE = ["judge"];
const READ = ["learn", "tune"];
const ANY = ["learn", "tune", "judge"];

function using(draft: Draft, uses: readonly string[]): readonly ReferenceAt[] {
  const all = referencesOf(draft);
  // Most declarations read no rows.
  for (const at of all) if (isMeant(at, uses)) return all.filter((each) => isMeant(each, uses));
  return NONE;
}
const isMeant = ({ meaning }: ReferenceAt, uses: readonly string[]): boolean =>
  meaning.use !== null && uses.includes(meaning.use);
const NONE: readonly ReferenceAt[] = [];

/** A reference without a part reads them all. */
const overlap = (a: ReferenceAt, b: ReferenceAt): boolean =>
  a.reference.part === undefined || b.reference.part === undefined || a.reference.part === b.reference.part;

export const judgedOnSeenRows: Rule = (context) => {
  for (const draft of context.drafts) {
    for (const judged of using(draft, JUDGE)) {
      const rows = rowsOf(judged.reference, context.world);
      const readers = upstreamOf(draft, context.world).flatMap((other) =>
        using(other, READ).map((read) => ({ other, read })),
      );
      // Training on the judged rows is the worse mistake; one mistake is said once.
      readers.sort((a, b) =>
        a.read.meaning.use === b.read.meaning.use ? 0 : a.read.meaning.use === "learn" ? -1 : 1,
      );
      const seen = readers.find(
        ({ read }) => rowsOf(read.reference, context.world) === rows && overlap(read, judged),
      );
      if (seen !== undefined) reportSeen(context, draft, judged, seen.other, seen.read);
    }
  }
};

function reportSeen(
  context: RuleContext,
  draft: Draft,
  judged: ReferenceAt,
  other: Draft,
  read: ReferenceAt,
): void {
  if (needsPart(context, judged) || needsPart(context, read)) return; // said by `partsAreNamed`
  const code = read.meaning.use === "learn" ? "ML3011" : "ML3012";
  const name = judged.reference.ref.slice(judged.reference.ref.indexOf(".") + 1);
  const part = judged.reference.part === undefined ? name : `${name}.${judged.reference.part}`;
  const place = other.locations.get(read.pointer);
  context.report(
    code,
    { model: other === draft ? "the model" : describeSymbol(other.symbol), part },
    draft,
    judged.pointer,
    {
      related:
        place === undefined ? [] : [related(other.symbol.source, place, `\`${read.label}\` reads them here`)],
    },
  );
}

const needsPart = (context: RuleContext, at: ReferenceAt): boolean =>
  at.reference.part === undefined && (context.world.offered(at.reference.ref).parts?.length ?? 0) > 0;

/** Where rows are divided, learning, tuning and judging say which part they read. */
export const partsAreNamed: Rule = (context) => {
  for (const draft of context.drafts) {
    for (const at of using(draft, ANY)) {
      if (!needsPart(context, at)) continue;
      const name = at.reference.ref.slice(at.reference.ref.indexOf(".") + 1);
      const parts = (context.world.offered(at.reference.ref).parts ?? []).map((part) => `${name}.${part}`);
      const what = at.reference.ref.replace(".", " `");
      context.report(
        "ML3013",
        { what: `the ${what}\``, attribute: at.label, parts: listed(parts) },
        draft,
        at.pointer,
      );
    }
  }
};

/** Features learn from the part that models train on: all models of one `features` must name the same. */
export const fittedOnOnePart: Rule = (context) => {
  const first = new Map<string, { draft: Draft; at: ReferenceAt }>();
  for (const draft of context.drafts) {
    for (const at of using(draft, LEARN)) {
      const learnt = context.world.draft(at.reference.ref);
      if (learnt?.symbol.kind.offers?.through === undefined) continue;
      const earlier = first.get(at.reference.ref);
      if (earlier === undefined) first.set(at.reference.ref, { draft, at });
      else if (earlier.at.reference.part !== at.reference.part) {
        const place = earlier.draft.locations.get(earlier.at.pointer);
        const values = {
          first: describeSymbol(earlier.draft.symbol),
          second: describeSymbol(draft.symbol),
          what: describeSymbol(learnt.symbol),
        };
        context.report("ML3014", values, draft, at.pointer, {
          related: place === undefined ? [] : [related(earlier.draft.symbol.source, place, "the other part")],
        });
      }
    }
  }
};
