/** Shapes of layers that turn ids into vectors, and vectors into scores. */
import { type Count, same, symbol, textOf, times } from "./count.ts";
import { type Flow, isTrue, type Rule, sizeOf, tokensIn, type Walk, widthIn } from "./walk.ts";

const embedding: Rule = (flow, walk) => {
  const { layer, part, problem } = walk;
  const vocabulary = sizeOf(layer, "vocabulary");
  const width = sizeOf(layer, "width");
  if (part.embedded !== null) problem("ML3107", {});
  else if (flow.is !== "ids") problem("ML3106", { layer: "embedding" });
  if (isTrue(layer, "shared")) shared(walk, { vocabulary, width });
  else walk.learns(times(vocabulary, width));
  part.embedded ??= { vocabulary, width };
  walk.keeps(width);
  return { is: "tokens", time: symbol("time"), width };
};

function shared({ source, problem }: Walk, own: { vocabulary: Count; width: Count }): void {
  const other = source?.part.embedded ?? null;
  if (other === null) {
    problem("ML3118", { problem: "only a decoder behind an encoder with an `embedding` has one to share" });
  } else if (!same(other.vocabulary, own.vocabulary) || !same(other.width, own.width)) {
    const theirs = `${textOf(other.vocabulary)} × ${textOf(other.width)}`;
    const mine = `${textOf(own.vocabulary)} × ${textOf(own.width)}`;
    problem("ML3118", { problem: `the encoder's table is ${theirs} and this one ${mine}` });
  }
}

const positions: Rule = (flow, walk) => {
  const { layer, part, problem } = walk;
  const tokens = tokensIn(flow, walk);
  if (part.context !== null) problem("ML3114", {});
  part.context = sizeOf(layer, "length");
  const kind = layer.args["kind"];
  if (kind === "rotary") part.rotary = true;
  else if (tokens !== null) {
    if (kind !== "sinusoidal") walk.learns(times(part.context, tokens.width));
    walk.keeps(tokens.width);
  }
  return flow;
};

const tokenTypes: Rule = (flow, walk) => {
  const tokens = tokensIn(flow, walk);
  if (tokens !== null) {
    walk.learns(times(sizeOf(walk.layer, "count"), tokens.width));
    walk.keeps(tokens.width);
  }
  return flow;
};

const scale: Rule = (flow, walk) => {
  const width = flow.is === "image" ? null : widthIn(flow, walk);
  if (width !== null) walk.keeps(width);
  return flow;
};

const logits: Rule = (flow, walk): Flow => {
  const { layer, part, problem } = walk;
  const { embedded } = part;
  if (embedded === null) {
    problem("ML3103", {});
    return flow;
  }
  const tokens = tokensIn(flow, walk);
  if (tokens === null) return flow;
  if (!same(tokens.time, symbol("time"))) {
    const found = `a sequence that pooling or a stride made shorter (${textOf(tokens.time)})`;
    problem("ML3112", { layer: "logits", wanted: "a vector for every token", found });
  }
  if (isTrue(layer, "tied")) {
    if (!same(tokens.width, embedded.width))
      problem("ML3119", { width: textOf(tokens.width), embedded: textOf(embedded.width) });
  } else walk.learns(times(tokens.width, embedded.vocabulary));
  if (isTrue(layer, "bias")) walk.learns(embedded.vocabulary);
  // The scores and their gradient, which cross-entropy makes of them.
  walk.keeps(embedded.vocabulary, embedded.vocabulary);
  return { ...tokens, width: embedded.vocabulary };
};

export const tokenRules: Readonly<Record<string, Rule>> = {
  embedding,
  positions,
  token_types: tokenTypes,
  scale,
  logits,
};
