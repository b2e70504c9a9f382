/** Shapes of convolutions and pooling. */
import { type Count, constant, numberOf, symbol, textOf, times } from "./count.ts";
import { type Flow, isTrue, misplaced, type Rule, sizeOf, sizeOfRow, tokensIn, type Walk } from "./walk.ts";

/** How many windows fit into a length; a symbol of its own where that is not known. */
function windows(length: Count, size: Count, stride: Count, padding: unknown): Count {
  const [all, wide, step] = [numberOf(length), numberOf(size), numberOf(stride)];
  if (step === null || wide === null) return symbol(`(${textOf(length)} / ${textOf(stride)})`);
  if (padding !== "valid") {
    if (step === 1) return length;
    return all === null ? symbol(`⌈${textOf(length)} / ${step}⌉`) : constant(Math.ceil(all / step));
  }
  if (all !== null) return constant(Math.floor((all - wide) / step) + 1);
  if (wide === 1 && step === 1) return length;
  const rest = wide === 1 ? textOf(length) : `(${textOf(length)} − ${wide - step})`;
  return symbol(step === 1 ? `(${textOf(length)} − ${wide - 1})` : `⌊${rest} / ${step}⌋`);
}

/** Said when a window is larger than what it is laid on. */
function tooLarge(length: Count, size: Count, walk: Walk): boolean {
  const [all, wide] = [numberOf(length), numberOf(size)];
  if (all === null || wide === null || wide <= all) return false;
  walk.problem("ML3111", { layer: walk.layer.layer, size: String(wide), length: String(all) });
  return true;
}

const more = (walk: Walk, filters: Count, out: Flow): void => {
  if (isTrue(walk.layer, "bias")) walk.learns(filters);
  const kept = times(...sizeOfRow(out));
  walk.keeps(kept);
  if ((walk.layer.args["activation"] ?? "none") !== "none") walk.keeps(kept);
};

const conv1d: Rule = (flow, walk) => {
  const { layer, part, pointer } = walk;
  const tokens = tokensIn(flow, walk);
  if (tokens === null) return flow;
  const [filters, size, stride] = [sizeOf(layer, "filters"), sizeOf(layer, "size"), sizeOf(layer, "stride")];
  const { padding } = layer.args;
  if (padding !== "causal" && numberOf(size) !== 1)
    part.forward.push({ pointer, layer: "conv1d", mend: "`padding = causal`" });
  walk.learns(times(size, tokens.width, filters));
  walk.keeps(times(size, tokens.width));
  const out: Flow = { is: "tokens", time: windows(tokens.time, size, stride, padding), width: filters };
  more(walk, filters, out);
  return out;
};

const conv2d: Rule = (flow, walk) => {
  const { layer } = walk;
  if (flow.is !== "image") {
    misplaced(flow, walk, "an image");
    return flow;
  }
  const [filters, size, stride] = [sizeOf(layer, "filters"), sizeOf(layer, "size"), sizeOf(layer, "stride")];
  if (tooLarge(flow.height, size, walk) || tooLarge(flow.width, size, walk)) return flow;
  const { padding } = layer.args;
  walk.learns(times(size, size, flow.channels, filters));
  const out: Flow = {
    is: "image",
    channels: filters,
    height: windows(flow.height, size, stride, padding),
    width: windows(flow.width, size, stride, padding),
  };
  more(walk, filters, out);
  return out;
};

const pool: Rule = (flow, walk) => {
  const { layer, part, pointer } = walk;
  const size = sizeOf(layer, "size");
  const stride = layer.args["stride"] === undefined ? size : sizeOf(layer, "stride");
  if (flow.is === "image") {
    if (tooLarge(flow.height, size, walk) || tooLarge(flow.width, size, walk)) return flow;
    const [height, width] = [flow.height, flow.width].map((length) => windows(length, size, stride, "valid"));
    const out: Flow = { is: "image", channels: flow.channels, height: height!, width: width! };
    walk.keeps(times(...sizeOfRow(out)));
    return out;
  }
  if (flow.is !== "tokens") {
    misplaced(flow, walk, "an image or a sequence");
    return flow;
  }
  part.forward.push({ pointer, layer: layer.layer, mend: "`conv1d(…, padding = causal)` in its place" });
  walk.keeps(flow.width);
  return { ...flow, time: windows(flow.time, size, stride, "valid") };
};

const globalPool: Rule = (flow, walk) => {
  if (flow.is === "ids" || flow.is === "vector") {
    misplaced(flow, walk, "an image or a sequence");
    return flow;
  }
  return { is: "vector", width: flow.is === "image" ? flow.channels : flow.width };
};

const flatten: Rule = (flow, walk) => {
  if (flow.is === "tokens") walk.problem("ML3122", {});
  else if (flow.is !== "image") misplaced(flow, walk, "an image");
  return flow.is === "image" ? { is: "vector", width: times(...sizeOfRow(flow)) } : flow;
};

export const convolutionRules: Readonly<Record<string, Rule>> = {
  conv1d,
  conv2d,
  max_pool: pool,
  average_pool: pool,
  global_pool: globalPool,
  flatten,
};
