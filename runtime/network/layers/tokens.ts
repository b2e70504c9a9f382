/** Ids to vectors, where tokens stand, and vectors to scores. */
import {
  ArchitectureError,
  flagArgument,
  type LayerBuilder,
  numberArgument,
  optionalNumber,
  parameterOf,
  widthOf,
  wordArgument,
} from "../module.ts";
import { GPT2 } from "./linear.ts";
import { newPositions, sinusoids } from "./places.ts";

const embedding: LayerBuilder = (layer, at, building) => {
  const vocabulary = numberArgument(layer, "vocabulary");
  const width = numberArgument(layer, "width");
  const shared = flagArgument(layer, "shared", false) ? building.encoderTable : null;
  const name = shared?.name ?? building.parameter(`${at}.weight`, [vocabulary, width], GPT2, true);
  building.table = { name, vocabulary, width };
  building.extent = { is: "tokens", width };
  const factor = flagArgument(layer, "scaled", false) ? Math.fround(Math.sqrt(width)) : 1;
  return { apply: (run, ids) => run.b.mul(run.b.gather(parameterOf(run, name), ids), factor) };
};

const positions: LayerBuilder = (layer, at, building) => {
  const length = numberArgument(layer, "length");
  const kind = wordArgument(layer, "kind", "learned");
  const base = optionalNumber(layer, "base") ?? 10_000;
  building.context = length;
  if (kind === "rotary") {
    const pairs = wordArgument(layer, "pairs", "halves") === "neighbours" ? "neighbours" : "halves";
    building.rotary = { length, base, pairs };
    return { apply: (_, x) => x };
  }
  const width = widthOf(building, layer);
  const name = kind === "learned" ? building.parameter(`${at}.weight`, [length, width], GPT2, true) : null;
  return {
    apply: (run, x) => {
      const { b, cache } = run;
      const tokens = x.shape[1]!;
      if (cache === null && tokens > length)
        throw new ArchitectureError(`${tokens} tokens do not fit into the context of ${length}`);
      const table =
        name === null
          ? b.shared(`sinusoids ${length} ${width} ${base}`, () =>
              b.constant(sinusoids(length, width, base), [length, width]),
            )
          : parameterOf(run, name);
      const added =
        cache === null
          ? b.slice(table, 0, 0, tokens)
          : b.gather(table, newPositions(b, cache, tokens, length));
      return b.add(x, added);
    },
  };
};

const tokenTypes: LayerBuilder = (layer, at, building) => {
  const count = optionalNumber(layer, "count") ?? 2;
  const name = building.parameter(`${at}.weight`, [count, widthOf(building, layer)], GPT2, true);
  return {
    apply: (run, x) => {
      const table = parameterOf(run, name);
      return run.b.add(x, run.types === null ? run.b.slice(table, 0, 0, 1) : run.b.gather(table, run.types));
    },
  };
};

const scale: LayerBuilder = (layer) => {
  const by = numberArgument(layer, "by");
  return { apply: (run, x) => run.b.mul(x, by) };
};

const logits: LayerBuilder = (layer, at, building) => {
  const { table } = building;
  const width = widthOf(building, layer);
  if (table === null) throw new ArchitectureError("`logits` needs an `embedding`, which says the vocabulary");
  const tied = flagArgument(layer, "tied", false);
  const weight = tied
    ? table.name
    : building.parameter(`${at}.weight`, [width, table.vocabulary], GPT2, true);
  const bias = flagArgument(layer, "bias", false)
    ? building.parameter(`${at}.bias`, [table.vocabulary], { is: "zeros" }, false)
    : null;
  const softcap = optionalNumber(layer, "softcap");
  return {
    apply: (run, x) => {
      const { b } = run;
      const product = b.matmul(x, parameterOf(run, weight), { transposeB: tied });
      const scores = bias === null ? product : b.add(product, parameterOf(run, bias));
      return softcap === null ? scores : b.mul(b.tanh(b.mul(scores, 1 / softcap)), softcap);
    },
  };
};

export const tokenLayers: Readonly<Record<string, LayerBuilder>> = {
  embedding,
  positions,
  token_types: tokenTypes,
  scale,
  logits,
};
