/** A graph that cannot be built as asked: tensors whose shapes or types do not go together. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  /** The layer that asked: `2.repeat.0.1.attention`; empty outside every layer. */
  readonly scope: string;
  /** The operation. */
  readonly op: string;
  /** What is wrong, after the operation's name. */
  readonly problem: string;

  constructor(scope: string, op: string, problem: string) {
    super(`${scope === "" ? "" : `${scope}: `}${op} ${problem}`);
    this.scope = scope;
    this.op = op;
    this.problem = problem;
  }
}
