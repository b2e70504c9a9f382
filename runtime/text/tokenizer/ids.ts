/** A vector of ids that grows. */
export class Ids {
  values: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.values = new Int32Array(capacity);
  }

  push(id: number): void {
    if (this.length === this.values.length) this.reserve(1);
    this.values[this.length++] = id;
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.values.length) return;
    const grown = new Int32Array(Math.max(needed, this.values.length * 2, 64));
    grown.set(this.values.subarray(0, this.length));
    this.values = grown;
  }

  append(values: Int32Array, from: number, to: number): void {
    this.reserve(to - from);
    for (let i = from; i < to; i++) this.values[this.length++] = values[i]!;
  }

  /** A copy of what is in it. */
  toArray(): Int32Array {
    return this.values.slice(0, this.length);
  }
}
