/** Whole architectures for the layers' pages: small, and each checks. */

interface Parts {
  readonly positions?: string;
  /** Right behind the positions. */
  readonly before?: string;
  readonly attention?: string;
  readonly feedForward?: string;
  readonly norm?: string;
  readonly logits?: string;
}

/** A decoder with one block, some of its layers replaced. */
export function decoderExample(parts: Parts = {}): string {
  const norm = parts.norm ?? "layer_norm()";
  return `architecture tiny {
  embedding(256, 32)
  ${parts.positions ?? "positions(64)"}
${parts.before === undefined ? "" : `  ${parts.before}\n`}  repeat 2 {
    residual { ${norm}, ${parts.attention ?? "attention(4, causal = true)"} }
    residual { ${norm}, ${parts.feedForward ?? "dense(128, gelu), dense(32)"} }
  }
  ${norm}
  ${parts.logits ?? "logits(tied = true)"}
}
`;
}

/** An encoder of texts with the layer behind its positions. */
export const encoderExample = (layer: string): string => `architecture reader {
  embedding(256, 32)
  positions(64)
  ${layer}
  layer_norm()
  repeat 2 {
    residual { attention(4) }
    layer_norm()
    residual { dense(128, gelu), dense(32) }
    layer_norm()
  }
}
`;

export const ENCODER_DECODER_EXAMPLE = `architecture translator {
  encoder {
    embedding(256, 32)
    positions(64)
    repeat 2 {
      residual { layer_norm(), attention(4) }
      residual { layer_norm(), dense(128, relu), dense(32) }
    }
    layer_norm()
  }
  decoder {
    embedding(256, 32, shared = true)
    positions(64)
    repeat 2 {
      residual { layer_norm(), attention(4, causal = true) }
      residual { layer_norm(), cross_attention(4) }
      residual { layer_norm(), dense(128, relu), dense(32) }
    }
    layer_norm()
    logits(tied = true)
  }
}
`;

/** A network over images, with the layer behind its first convolution. */
export const imageExample = (layer = "max_pool(2)"): string => `architecture digits {
  conv2d(16, 3, activation = relu)
  ${layer}
  flatten()
  dense(10)
}
`;

/** Convolutions over a text's vectors, the mean of which is classified. */
export const sequenceExample = (
  layer = "conv1d(64, 3, activation = relu)",
): string => `architecture sentiment {
  embedding(256, 32)
  ${layer}
  global_pool(average)
  dense(2)
}
`;
