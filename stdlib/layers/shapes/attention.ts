/** Shapes of attention: heads that fit into the width. */
import { type Count, constant, numberOf, symbol, textOf, times } from "./count.ts";
import { divides, isTrue, ONE, optionalSize, type Rule, sizeOf, tokensIn, type Walk } from "./walk.ts";

interface Heads {
  readonly heads: Count;
  readonly shared: Count;
  readonly width: Count;
}

/** Null, and said, when the heads do not fit. */
function headsIn(walk: Walk, width: Count): Heads | null {
  const { layer, problem, pointer } = walk;
  const heads = sizeOf(layer, "heads");
  const shared = optionalSize(layer, "kv_heads") ?? heads;
  if (!divides(shared, heads)) {
    const near = nearestDivisors(numberOf(heads)!, numberOf(shared)!);
    problem("ML3101", { shared: textOf(shared), heads: textOf(heads), near }, `${pointer}/args/kv_heads`);
    return null;
  }
  const own = optionalSize(layer, "head_width");
  if (own !== null) return { heads, shared, width: own };
  if (!divides(heads, width)) {
    const near = nearestDivisors(numberOf(width)!, numberOf(heads)!);
    problem("ML3100", { heads: textOf(heads), width: textOf(width), near }, `${pointer}/args/heads`);
    return null;
  }
  return { heads, shared, width: quotient(width, heads) };
}

function quotient(whole: Count, part: Count): Count {
  const [all, of] = [numberOf(whole), numberOf(part)];
  return all !== null && of !== null ? constant(all / of) : symbol(`(${textOf(whole)} / ${textOf(part)})`);
}

/** `4 or 8`: the divisors of a number on both sides of another. */
function nearestDivisors(whole: number, around: number): string {
  const all = Array.from({ length: whole }, (_, index) => index + 1).filter((part) => whole % part === 0);
  const below = all.filter((part) => part < around).at(-1);
  const above = all.find((part) => part > around);
  return [below, above].filter((part) => part !== undefined).join(" or ");
}

/** The four matrices, from vectors of `width` and a source's of `from`. */
function learned(walk: Walk, { heads, shared, width: head }: Heads, width: Count, from: Count): void {
  const query = times(heads, head);
  const other = times(shared, head);
  walk.learns(times(width, query), times(from, other), times(from, other), times(query, width));
  if (isTrue(walk.layer, "bias")) walk.learns(query, other, other, width);
  walk.keeps(query, other, other, query, width);
}

const attention: Rule = (flow, walk) => {
  const { layer, part, pointer, problem } = walk;
  const tokens = tokensIn(flow, walk);
  if (tokens === null) return flow;
  part.attentions.push(pointer);
  const causal = isTrue(layer, "causal");
  const window = optionalSize(layer, "window");
  if (!causal) part.forward.push({ pointer, layer: "attention", mend: "`causal = true`" });
  if (window !== null) reviewWindow(walk, window, causal);
  const heads = headsIn(walk, tokens.width);
  if (heads === null) return flow;
  const head = numberOf(heads.width);
  if (part.rotary && head !== null && head % 2 !== 0) problem("ML3115", { width: String(head) });
  learned(walk, heads, tokens.width, tokens.width);
  // The weights of each token over all others, and the scores that they are made of.
  walk.keeps(times(constant(2), heads.heads, part.context ?? symbol("time")));
  return flow;
};

function reviewWindow({ part, problem, pointer }: Walk, window: Count, causal: boolean): void {
  const at = `${pointer}/args/window`;
  if (!causal) problem("ML3123", { window: textOf(window) }, at);
  const [seen, all] = [numberOf(window), part.context === null ? null : numberOf(part.context)];
  if (seen !== null && all !== null && seen >= all)
    problem("ML3120", { window: String(seen), context: String(all) }, at);
}

const crossAttention: Rule = (flow, walk) => {
  const { part, source, problem } = walk;
  const tokens = tokensIn(flow, walk);
  part.crosses += 1;
  if (source === null || part.name !== "decoder") {
    problem("ML3104", {});
    return flow;
  }
  if (tokens === null) return flow;
  const heads = headsIn(walk, tokens.width);
  if (heads === null) return flow;
  learned(walk, heads, tokens.width, source.width);
  walk.keeps(times(constant(2), heads.heads, source.part.context ?? ONE));
  return flow;
};

export const attentionRules: Readonly<Record<string, Rule>> = { attention, cross_attention: crossAttention };
