import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";
import { meanings } from "../../language/vocabulary/types.ts";
import { sizeOf } from "../../runtime/graph/graph.ts";
import { compileArchitecture } from "../../runtime/network/network.ts";
import { allLayers } from "../../stdlib/layers/index.ts";
import { numberOf } from "../../stdlib/layers/shapes/count.ts";
import { architectureFacts, architectureKind } from "../../stdlib/layers/shapes.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { textHost } from "../check/files.ts";

describe.each(Object.entries(allLayers))("the layer %s", (name, spec) => {
  const text = `mlops 1\n\n${spec.example}`;
  const { program, diagnostics } = compile({
    files: textHost({ "spec.mlops": text }),
    entry: "spec.mlops",
    vocabulary,
  });
  const layers = (program?.declarations[0]?.props as { layers?: readonly Layer[] } | undefined)?.layers ?? [];
  const names = (all: readonly Layer[]): string[] =>
    all.flatMap((one) => [one.layer, ...names(one.layers ?? [])]);

  it("has an example that checks and uses it", () => {
    // That nothing uses the architecture is a warning of its own.
    expect(diagnostics.filter(({ code }) => code !== "ML3002").map(({ message }) => message)).toEqual([]);
    expect(names(layers)).toContain(name);
  });

  it("has an example that becomes a network with as many parameters as its shapes say", () => {
    const input = architectureKind(layers) === "features" ? { channels: 1, height: 8, width: 8 } : null;
    const facts = architectureFacts(layers, input);
    const network = compileArchitecture({ layers }, input);
    expect(facts.problems).toEqual([]);
    expect(network.parameters.reduce((total, { shape }) => total + sizeOf(shape), 0)).toBe(
      numberOf(facts.parameters),
    );
    expect(network.kind).toBe(facts.kind);
  });

  it("documents its arguments", () => {
    for (const [argument, schema] of Object.entries(spec.args.shape)) {
      let inner = schema as { def: { innerType?: typeof schema } };
      while (inner.def.innerType !== undefined) inner = inner.def.innerType as typeof inner;
      const meaning = meanings.get(inner as never) as { doc?: string } | undefined;
      expect([argument, (meaning?.doc ?? "").length > 3]).toEqual([argument, true]);
    }
  });
});
