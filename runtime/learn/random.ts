/** Seeded random numbers: the same seed gives the same sequence on every machine. */

export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform whole number in [0, below). */
  int(below: number): number;
}

/** One 32-bit word mixed from a seed and a stream number (Murmur3's finaliser), to seed independent streams. */
export function mixSeed(seed: number, stream: number): number {
  let x = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** sfc32 (Doty-Humphrey, PractRand), its state drawn from the seed. */
export function random(seed: number, stream = 0): Random {
  let a = mixSeed(seed, 3 * stream);
  let b = mixSeed(seed, 3 * stream + 1);
  let c = mixSeed(seed, 3 * stream + 2);
  let counter = 1;
  const word = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) word();
  return {
    next: () => word() / 4294967296,
    int: (below) => Math.floor((word() / 4294967296) * below),
  };
}

/** `count` distinct whole numbers below `total`, ascending (selection sampling, Knuth 3.4.2 S). */
export function sampleSorted(source: Random, total: number, count: number): Int32Array {
  const chosen = new Int32Array(count);
  let taken = 0;
  for (let i = 0; i < total && taken < count; i++) {
    if ((total - i) * source.next() < count - taken) chosen[taken++] = i;
  }
  return chosen;
}
