/** Columns that give the answer away: one alone tells nearly every training row right. */
import type { CategoryFeature, Frame, NumericFeature, Target } from "./frame.ts";

export interface Proxy {
  readonly column: string;
  /** "99.8% of the training rows right", "99.99% of the variance" */
  readonly tells: string;
}

/** Rows looked at in one column, and cells in all. */
const ENOUGH = 20_000;
const CELLS = 2_000_000;
/** Fewer rows, or rows of a class, are told apart by many a column by chance. */
const FEWEST = 50;
const FEWEST_OF_CLASS = 10;
/** As good as perfect, and with a tenth of the errors of always saying the most frequent class at most. */
const NEARLY_ALL = 0.995;
const ERRORS_LEFT = 0.1;
const NEARLY_LINE = 0.9999;
/** A number with as few values is a code. */
const CODES = 50;

/** At most three, the best first; rows are taken evenly spaced. */
export function findProxies(frame: Frame, target: Target): Proxy[] {
  const count = Math.min(frame.rows, ENOUGH, Math.max(1000, Math.floor(CELLS / frame.features.length)));
  if (count < FEWEST) return [];
  const rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * frame.rows) / count));
  const found: { readonly column: string; readonly score: number }[] = [];
  const judge = target.task === "regression" ? ofNumbers(target, rows) : ofClasses(target, rows);
  if (judge === null) return [];
  for (const feature of frame.features) {
    const score = feature.kind === "sparse" ? null : judge(feature);
    if (score !== null) found.push({ column: feature.name, score });
  }
  const told = target.task === "regression" ? "of its variance" : "of the training rows right";
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ column, score }) => ({ column, tells: `${shareText(score)} ${told}` }));
}

const shareText = (share: number): string => `${Number((Math.floor(share * 10_000) / 100).toFixed(2))}%`;

type Judge = (feature: NumericFeature | CategoryFeature) => number | null;

function ofClasses(target: Target, rows: Int32Array): Judge | null {
  const classes = target.classes.length;
  const truth = Int32Array.from(rows, (row) => target.values[row]!);
  const totals = new Float64Array(classes);
  for (const value of truth) totals[value]! += 1;
  const most = Math.max(...totals);
  if (totals.some((total) => total < FEWEST_OF_CLASS)) return null;
  return (feature) => {
    const right =
      feature.kind === "category"
        ? rightByLevel(
            Int32Array.from(rows, (row) => feature.codes[row]!),
            truth,
            classes,
          )
        : rightByNumber(
            Float64Array.from(rows, (row) => feature.values[row]!),
            truth,
            classes,
          );
    const isProxy =
      right >= NEARLY_ALL * rows.length && rows.length - right <= ERRORS_LEFT * (rows.length - most);
    return isProxy ? right / rows.length : null;
  };
}

/** Rows told right when each level is answered with its most frequent class; 0 where levels hardly repeat. */
function rightByLevel(codes: ArrayLike<number>, truth: Int32Array, classes: number): number {
  const counts = new Map<number, Float64Array>();
  for (let i = 0; i < truth.length; i++) {
    let of = counts.get(codes[i]!);
    if (of === undefined) {
      if (counts.size * 20 >= truth.length) return 0;
      of = new Float64Array(classes);
      counts.set(codes[i]!, of);
    }
    of[truth[i]!]! += 1;
  }
  let right = 0;
  for (const of of counts.values()) right += Math.max(...of);
  return right;
}

/** The same for the two sides of the best cut, or for each value where there are few. */
function rightByNumber(values: Float64Array, truth: Int32Array, classes: number): number {
  const known = values.map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
  const distinct = new Set<number>();
  for (const value of known) {
    distinct.add(value);
    if (distinct.size > CODES) break;
  }
  if (distinct.size <= CODES) return rightByLevel(known, truth, classes);
  if (classes !== 2) return 0;
  const order = Int32Array.from(known, (_, i) => i).sort((a, b) => known[a]! - known[b]!);
  const ones = truth.reduce((sum, value) => sum + value, 0);
  let below = 0;
  let best = 0;
  for (let i = 0; i < order.length; i++) {
    below += truth[order[i]!]!;
    if (i + 1 < order.length && known[order[i]!] === known[order[i + 1]!]) continue;
    // Zeros below and ones above, or the other way round.
    const agrees = i + 1 - below + (ones - below);
    best = Math.max(best, agrees, order.length - agrees);
  }
  return best;
}

/** The squared correlation with the target, of a number that is nearly the target on another scale. */
function ofNumbers(target: Target, rows: Int32Array): Judge {
  const truth = Float64Array.from(rows, (row) => target.values[row]!);
  return (feature) => {
    if (feature.kind !== "numeric") return null;
    const share = squaredCorrelation(
      Float64Array.from(rows, (row) => feature.values[row]!),
      truth,
    );
    return share >= NEARLY_LINE ? share : null;
  };
}

function squaredCorrelation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return ofA > 0 && ofB > 0 ? (both * both) / (ofA * ofB) : 0;
}
