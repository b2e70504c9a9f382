/** A model's transform steps as ONNX operators, and its features as one matrix. */

import { DATA_TYPE, type Tensor } from "../../engine/model-proto.ts";
import type { FeatureUse, TransformStep } from "../form.ts";
import type { TfidfStep } from "../tfidf.ts";
import type { GraphBuilder } from "./builder.ts";
import { addExpression } from "./expression.ts";
import { graphCode } from "./trees.ts";
import type { GraphValue } from "./value.ts";

/** A column in the graph: a vector [rows], or a column of a matrix [rows × width] that was made at once. */
export interface GraphColumn {
  readonly type: "number" | "string" | "sparse";
  vector?: string;
  readonly matrix?: { readonly name: string; readonly column: number; readonly width: number };
  /** Levels of a category. */
  readonly levels?: number;
}

export class GraphTransforms {
  readonly #graph: GraphBuilder;
  readonly #columns = new Map<string, GraphColumn>();
  /** An input [rows × something], from which the number of rows is read. */
  readonly #anyInput: string;

  constructor(graph: GraphBuilder, anyInput: string) {
    this.#graph = graph;
    this.#anyInput = anyInput;
  }

  /** Names the columns of a matrix input. */
  addInputs(matrix: string, names: readonly string[], type: "number" | "string"): void {
    names.forEach((name, column) => {
      this.#columns.set(name, { type, matrix: { name: matrix, column, width: names.length } });
    });
  }

  /** Lets a column be another's. */
  alias(name: string, from: string): void {
    this.#columns.set(name, this.column(from));
  }

  column(name: string): GraphColumn {
    const column = this.#columns.get(name);
    if (column === undefined) throw new Error(`nothing gives the column ${name}`);
    return column;
  }

  /** The column as a vector [rows]. */
  vector(name: string): string {
    const column = this.column(name);
    if (column.vector === undefined && column.matrix !== undefined) {
      const { name: matrix, column: at } = column.matrix;
      column.vector = this.#graph.add("Gather", [matrix, this.#graph.integer(at)], { axis: { int: 1 } });
    }
    if (column.vector === undefined) throw new Error(`${name} is a block of columns`);
    return column.vector;
  }

  /** Adds a step; `text` is the name of the lower-cased input of a tfidf step. */
  addStep(step: TransformStep, text: string | undefined): void {
    const graph = this.#graph;
    switch (step.op) {
      case "impute_number": {
        const x = this.vector(step.column);
        this.#number(step.column, graph.add("Where", [graph.add("IsNaN", [x]), graph.number(step.value), x]));
        return;
      }
      case "impute_string": {
        const x = this.vector(step.column);
        const vector = graph.add("Where", [
          graph.add("Equal", [x, graph.text("")]),
          graph.text(step.value),
          x,
        ]);
        this.#columns.set(step.column, { type: "string", vector });
        return;
      }
      case "derive":
        this.#derive(step);
        return;
      case "scale": {
        const moved = graph.add("Sub", [this.vector(step.column), graph.number(step.offset)]);
        this.#number(step.output, graph.add("Div", [moved, graph.number(step.factor)]));
        return;
      }
      case "bucket":
        this.#bucket(step);
        return;
      case "one_hot":
        this.#oneHot(step);
        return;
      case "ordinal":
        this.#number(
          step.output,
          this.#lookup(step.column, step.levels, (code) => code, -1),
        );
        return;
      case "category": {
        const count = step.levels.length;
        const vector = this.#lookup(
          step.column,
          step.levels,
          (code) => graphCode(code, count),
          graphCode(-1, count),
        );
        this.#columns.set(step.output, { type: "number", vector, levels: count });
        return;
      }
      case "target":
        this.#number(
          step.output,
          this.#lookup(step.column, step.levels, (code) => step.values[code] ?? step.default, step.default),
        );
        return;
      case "tfidf":
        if (text === undefined) throw new Error(`no input holds the text ${step.column}`);
        this.#columns.set(step.output, {
          type: "sparse",
          matrix: { name: addTfidf(graph, step, this.vector(text)), column: 0, width: step.terms.length },
        });
        return;
    }
  }

  /** All features side by side [rows × columns], in double. */
  matrix(features: readonly FeatureUse[]): string {
    const graph = this.#graph;
    const pieces: string[] = [];
    for (let i = 0; i < features.length; ) {
      const { name, kind } = features[i]!;
      const first = this.column(name);
      if (kind === "sparse" && first.matrix !== undefined) {
        pieces.push(first.matrix.name);
        i++;
      } else if (first.matrix === undefined) {
        pieces.push(graph.add("Unsqueeze", [this.vector(name), graph.integers([1])]));
        i++;
      } else {
        // Neighbours that stand in one matrix are taken together.
        const { name: matrix, width } = first.matrix;
        const columns: number[] = [];
        for (; i < features.length; i++) {
          const next = features[i]!;
          const place = next.kind === "sparse" ? undefined : this.column(next.name).matrix;
          if (place?.name !== matrix) break;
          columns.push(place.column);
        }
        const whole = columns.length === width && columns.every((column, at) => column === at);
        pieces.push(
          whole ? matrix : graph.add("Gather", [matrix, graph.integers(columns)], { axis: { int: 1 } }),
        );
      }
    }
    return pieces.length === 1 ? pieces[0]! : graph.add("Concat", pieces, { axis: { int: 1 } });
  }

  #number(name: string, vector: string): void {
    this.#columns.set(name, { type: "number", vector });
  }

  #derive(step: Extract<TransformStep, { op: "derive" }>): void {
    const value = addExpression(this.#graph, step.expression, (name): GraphValue => {
      const { type } = this.column(name);
      if (type === "sparse") throw new Error(`${name} is a sparse block`);
      return { type, name: this.vector(name) };
    });
    const literal = step.type === "string" && value.type === "null" ? this.#graph.text("") : value.name;
    this.#columns.set(step.output, { type: step.type, vector: this.#forEachRow(literal) });
  }

  /** A value that may have no dimensions, as a vector [rows]. */
  #forEachRow(value: string): string {
    const shape = this.#graph.add("Shape", [this.#anyInput], { end: { int: 1 } });
    return this.#graph.add("Expand", [value, shape]);
  }

  #bucket(step: Extract<TransformStep, { op: "bucket" }>): void {
    const graph = this.#graph;
    const x = this.vector(step.column);
    const column = graph.add("Unsqueeze", [x, graph.integers([1])]);
    const above = graph.add("GreaterOrEqual", [column, graph.numbers(step.edges)]);
    const ones = graph.add("Cast", [above], { to: { int: DATA_TYPE.double } });
    const count = graph.add("ReduceSum", [ones, graph.integers([1])], { keepdims: { int: 0 } });
    this.#number(step.output, graph.add("Where", [graph.add("IsNaN", [x]), x, count]));
  }

  /** One number for each level, another for every other value. */
  #lookup(
    column: string,
    levels: readonly string[],
    value: (code: number) => number,
    otherwise: number,
  ): string {
    const graph = this.#graph;
    const double = (values: readonly number[]): Tensor => ({
      type: "double",
      dims: [values.length],
      values: Float64Array.from(values),
    });
    // An encoder needs a key: the missing value, which has the default's number anyway.
    const keys = levels.length > 0 ? levels : [""];
    return graph.add(
      "LabelEncoder",
      [this.vector(column)],
      {
        keys_tensor: { tensor: { type: "string", dims: [keys.length], values: keys } },
        values_tensor: {
          tensor: double(levels.length > 0 ? levels.map((_, code) => value(code)) : [otherwise]),
        },
        default_tensor: { tensor: double([otherwise]) },
      },
      "ai.onnx.ml",
    );
  }

  #oneHot(step: Extract<TransformStep, { op: "one_hot" }>): void {
    const graph = this.#graph;
    const outputs = step.other === null ? step.outputs : [...step.outputs, step.other.output];
    if (outputs.length === 0) return;
    const levels = [...step.levels, ...(step.other?.levels ?? [])];
    const codes = this.#lookup(step.column, levels, (code) => Math.min(code, step.levels.length), -1);
    const column = graph.add("Unsqueeze", [codes, graph.integers([1])]);
    const hits = graph.add("Equal", [column, graph.numbers(outputs.map((_, i) => i))]);
    const matrix = graph.add("Cast", [hits], { to: { int: DATA_TYPE.double } });
    outputs.forEach((output, i) => {
      this.#columns.set(output, {
        type: "number",
        matrix: { name: matrix, column: i, width: outputs.length },
      });
    });
  }
}

/** Counts of terms by Tokenizer and TfIdfVectorizer (exact in float32), then weights and lengths in double. */
function addTfidf(graph: GraphBuilder, step: TfidfStep, text: string): string {
  const words = graph.add(
    "Tokenizer",
    [text],
    {
      mark: { int: 0 },
      mincharnum: { int: 2 },
      pad_value: { string: "" },
      // RE2's \w is ASCII only.
      tokenexp: { string: "[\\pL\\pN_]+" },
    },
    "com.microsoft",
  );
  const sizes = step.terms.map((term) => term.split(" ").length);
  const pool: string[] = [];
  const starts: number[] = [];
  const indexes: number[] = [];
  for (let size = 1; size <= step.ngrams; size++) {
    starts.push(pool.length);
    step.terms.forEach((term, i) => {
      if (sizes[i] !== size) return;
      pool.push(...term.split(" "));
      indexes.push(i);
    });
  }
  const counts = graph.add("TfIdfVectorizer", [words], {
    mode: { string: "TF" },
    min_gram_length: { int: 1 },
    max_gram_length: { int: step.ngrams },
    max_skip_count: { int: 0 },
    ngram_counts: { ints: starts },
    ngram_indexes: { ints: indexes },
    pool_strings: { strings: pool },
  });
  let frequency = graph.add("Cast", [counts], { to: { int: DATA_TYPE.double } });
  if (step.sublinear) {
    const some = graph.add("Greater", [frequency, graph.number(0)]);
    const logarithm = graph.add("Add", [graph.number(1), graph.add("Log", [frequency])]);
    frequency = graph.add("Where", [some, logarithm, graph.number(0)]);
  }
  const weighted = graph.add("Mul", [frequency, graph.numbers(step.idf)]);
  const squares = graph.add("ReduceSum", [graph.add("Mul", [weighted, weighted]), graph.integers([1])], {
    keepdims: { int: 1 },
  });
  const length = graph.add("Sqrt", [squares]);
  const empty = graph.add("Equal", [length, graph.number(0)]);
  return graph.add("Div", [weighted, graph.add("Where", [empty, graph.number(1), length])]);
}
