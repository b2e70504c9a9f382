/** Architectures for tests, from the language's own text. */
import { compile } from "../../language/compile.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { textHost } from "../check/files.ts";

/** The layers of the one architecture of a spec; the default arguments are in them. */
export function layersOf(body: string): readonly Layer[] {
  const text = body.includes("architecture ") ? body : `architecture tested {\n${body}\n}\n`;
  const files = textHost({ "spec.mlops": `mlops 1\n\n${text}` });
  const { program, diagnostics } = compile({ files, entry: "spec.mlops", vocabulary });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (program === null || errors.length > 0)
    throw new Error(errors.map(({ code, message }) => `${code} ${message}`).join("\n"));
  const [found] = program.declarations.filter(({ kind }) => kind === "architecture");
  return (found!.props as unknown as { layers: readonly Layer[] }).layers;
}

export const gpt = (
  changes: { positions?: string; attention?: string; norm?: string; feed?: string; logits?: string } = {},
): string => `
  embedding(50, 32)
  ${changes.positions ?? "positions(24)"}
  repeat 2 {
    residual { ${changes.norm ?? "layer_norm()"}, attention(${changes.attention ?? "4"}, causal = true) }
    residual { ${changes.norm ?? "layer_norm()"}, ${changes.feed ?? "dense(64, gelu), dense(32)"} }
  }
  ${changes.norm ?? "layer_norm()"}
  ${changes.logits ?? "logits(tied = true)"}
`;

export const SEQ2SEQ = `
  encoder {
    embedding(40, 16)
    positions(12, sinusoidal)
    repeat 2 {
      residual { layer_norm(), attention(2) }
      residual { layer_norm(), dense(32, relu), dense(16) }
    }
    layer_norm()
  }
  decoder {
    embedding(40, 16, shared = true)
    positions(12, sinusoidal)
    repeat 2 {
      residual { layer_norm(), attention(2, causal = true) }
      residual { layer_norm(), cross_attention(2) }
      residual { layer_norm(), dense(32, relu), dense(16) }
    }
    layer_norm()
    logits(tied = true)
  }
`;
