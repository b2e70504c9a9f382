/** Every metric beside scikit-learn's, on the same predictions. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import { bootstrap, interval } from "../../runtime/evaluate/bootstrap.ts";
import { METRICS, prepareMetric } from "../../runtime/evaluate/metrics/metric.ts";
import { everyRow, type Scored } from "../../runtime/evaluate/scored.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { binary, multiclass, regression } from "../evaluate/examples.ts";
import { random } from "../portable/rows.ts";

const python = process.env["MLOPS_PYTHON"];

/** Prints `{key: value | null}` for each case; null where scikit-learn warns that the metric is undefined, or refuses. */
const PEER = `
import json, math, sys, warnings
import numpy as np
from sklearn import metrics as m
from sklearn.exceptions import UndefinedMetricWarning
warnings.simplefilter("ignore")
warnings.simplefilter("error", UndefinedMetricWarning)
warnings.filterwarnings("error", message="No positive class found")

def value(work):
    try:
        found = float(work())
        return None if math.isnan(found) else found
    except (UserWarning, ValueError):
        return None

def classes(case):
    y, p = np.array(case["truth"], dtype=int), np.array(case["predicted"], dtype=int)
    k = len(case["classes"])
    labels = list(range(k))
    proba = np.array(case["probabilities"]).reshape(-1, k)
    average = "binary" if k == 2 else "macro"
    out = {
        "accuracy": value(lambda: m.accuracy_score(y, p)),
        "balanced_accuracy": value(lambda: m.balanced_accuracy_score(y, p)),
        "mcc": value(lambda: m.matthews_corrcoef(y, p)),
        "log_loss": value(lambda: m.log_loss(y, proba, labels=labels)),
        "brier": value(lambda: m.brier_score_loss(y, proba, labels=labels)),
    }
    for a in ["macro", "weighted"]:
        out["f1(average=%s)" % a] = value(lambda: m.f1_score(y, p, average=a))
        out["precision(average=%s)" % a] = value(lambda: m.precision_score(y, p, average=a))
        # A class without rows has no weight: its undefined recall (taken as 0, without a warning) changes nothing.
        quiet = {"zero_division": 0} if a == "weighted" else {}
        out["recall(average=%s)" % a] = value(lambda: m.recall_score(y, p, average=a, **quiet))
    for name, work in [("f1", m.f1_score), ("precision", m.precision_score), ("recall", m.recall_score)]:
        out[name] = value(lambda: work(y, p, average=average))
    if k == 2:
        out["auc"] = value(lambda: m.roc_auc_score(y, proba[:, 1]))
        out["pr_auc"] = value(lambda: m.average_precision_score(y, proba[:, 1]))
        c = m.confusion_matrix(y, p, labels=labels)
        out["cost"] = float((c * np.array([[0, 5], [1, -0.5]])).sum() / c.sum())
        for top in [0.1, 0.25]:
            n = math.ceil(round(len(y) * top, 9))
            order = np.argsort(-proba[:, 1], kind="stable")[:n]
            flag = np.zeros(len(y), dtype=int)
            flag[order] = 1
            out["recall(top=%s)" % top] = value(lambda: m.recall_score(y, flag))
            out["precision(top=%s)" % top] = value(lambda: m.precision_score(y, flag))
    else:
        out["auc"] = value(lambda: m.roc_auc_score(y, proba, multi_class="ovr", average="macro", labels=labels))
        hot = np.eye(k)[y]
        out["pr_auc"] = value(lambda: m.average_precision_score(hot, proba, average="macro"))
    return out

def numbers(case):
    y, p = case["truth"], case["predicted"]
    constant = len(set(y)) == 1  # scikit-learn puts 0 or 1 in the place of a division by zero
    return {
        "rmse": value(lambda: m.root_mean_squared_error(y, p)),
        "mae": value(lambda: m.mean_absolute_error(y, p)),
        "mape": value(lambda: m.mean_absolute_percentage_error(y, p)),
        "r2": None if constant else value(lambda: m.r2_score(y, p)),
    }

json.dump([classes(c) if c["classes"] else numbers(c) for c in json.load(sys.stdin)], sys.stdout)
`;

const next = random(11);
const draw = <T>(n: number, of: () => T): T[] => Array.from({ length: n }, of);
/** Scores with many ties when \`steps\` is small. */
const score = (steps: number) => Math.round(next() * steps) / steps;

function threeClasses(rows: number, truth: () => number, steps: number): Scored {
  const probabilities = draw(rows, () => {
    const weights = draw(3, () => 1 + Math.round(next() * steps));
    const sum = weights.reduce((a, b) => a + b);
    const [a, b] = [weights[0]! / sum, weights[1]! / sum];
    return [a, b, 1 - a - b];
  });
  return multiclass(draw(rows, truth), probabilities);
}

const coin = (p: number) => () => Number(next() < p);
const CASES: Readonly<Record<string, Scored>> = {
  ...Object.fromEntries(
    [2, 7, 50, 1000].flatMap((rows) =>
      [3, 20, 1e6].map((steps) => [
        `${rows} rows, ${steps} scores`,
        binary(
          draw(rows, coin(0.3)),
          draw(rows, () => score(steps)),
        ),
      ]),
    ),
  ),
  "constant scores": binary(
    draw(40, coin(0.5)),
    draw(40, () => 0.5),
  ),
  "scores of exactly 0 and 1": binary(
    draw(60, coin(0.5)),
    draw(60, () => Math.round(next())),
  ),
  "only positives": binary(
    draw(20, () => 1),
    draw(20, () => score(10)),
  ),
  "only negatives": binary(
    draw(20, () => 0),
    draw(20, () => score(10)),
  ),
  "nothing predicted positive": binary(
    draw(30, coin(0.5)),
    draw(30, () => next() / 3),
  ),
  "everything predicted positive": binary(
    draw(30, coin(0.5)),
    draw(30, () => 0.6 + next() / 3),
  ),
  perfect: binary([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]),
  "perfectly wrong": binary([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9]),
  "three classes": threeClasses(300, () => Math.floor(next() * 3), 1e6),
  "three classes with ties": threeClasses(100, () => Math.floor(next() * 3), 3),
  "a class that is missing": threeClasses(50, () => Math.floor(next() * 2), 1e6),
  "a single class of three": threeClasses(20, () => 1, 5),
  numbers: regression(
    draw(200, () => next() * 1000 - 200),
    draw(200, () => next() * 1000),
  ),
  "numbers near a million": regression(
    draw(50, () => 1e6 + next()),
    draw(50, () => 1e6 + next()),
  ),
  "one number": regression([3], [4]),
  "equal numbers": regression([0.1, 0.1, 0.1], [0.1, 0.2, 0.3]),
  "zeros in the truth": regression([0, 1, 2], [0.5, 1, 2]),
};
const COST = { true_negative: 0, false_positive: 5, false_negative: 1, true_positive: -0.5 };

describe.skipIf(python === undefined)("metrics equal scikit-learn's", () => {
  const ask = () => {
    const cases = Object.values(CASES).map(({ classes, truth, predicted, probabilities }) => ({
      classes,
      truth: [...truth],
      predicted: [...predicted],
      probabilities: probabilities === null ? null : [...probabilities],
    }));
    const answer = execFileSync(python!, ["-c", PEER], { input: JSON.stringify(cases), maxBuffer: 1 << 26 });
    return JSON.parse(answer.toString()) as Record<string, number | null>[];
  };
  const answers = python === undefined ? [] : ask();

  Object.entries(CASES).forEach(([name, scored], i) => {
    it(`to 1e-9: ${name}`, () => {
      const expected = answers[i]!;
      for (const [key, theirs] of Object.entries(expected)) {
        const [, metric = "", word, given] = /^(\w+)(?:\((\w+)=(.+)\))?$/.exec(key)!;
        const args = word === undefined ? {} : { [word]: word === "top" ? Number(given) : given! };
        expect(metricKey({ name: metric, args })).toBe(key);
        const ours = prepareMetric(scored, { name: metric, args }, COST)(everyRow(scored.rows));
        const close =
          theirs === null || ours === null
            ? ours === theirs
            : Math.abs(ours - theirs) <= 1e-9 * Math.max(1, Math.abs(theirs));
        expect(close, `${key}: ours ${ours}, scikit-learn's ${theirs}`).toBe(true);
      }
    });
  });

  it("and every metric was compared", () => {
    const compared = new Set(
      answers.flatMap((answer) => Object.keys(answer).map((key) => key.replace(/\(.*/, ""))),
    );
    // Those of language models are compared elsewhere: `language.test.ts`.
    const ofRows = Object.keys(METRICS).filter((name) =>
      vocabulary.metrics[name]?.tasks.some((task) => ["binary", "multiclass", "regression"].includes(task)),
    );
    expect(ofRows.filter((name) => name !== "profit" && !compared.has(name))).toEqual([]);
  });

  it("and the bootstrap's interval is the one that numpy's percentiles of the same kind give", async () => {
    const scored = CASES["1000 rows, 1000000 scores"]!;
    const [values] = await bootstrap([prepareMetric(scored, { name: "auc", args: {} }, null)], scored.rows, {
      resamples: 2000,
      seed: 5,
    });
    const [low, high] = interval(values!, 0.9)!;
    const code = `
import json, sys, numpy as np
from sklearn.metrics import roc_auc_score
c = json.load(sys.stdin)
y, p, v = np.array(c["y"]), np.array(c["p"]), np.array(c["values"])
g = np.random.default_rng(0)
own = []
for _ in range(2000):
    i = g.integers(0, len(y), len(y))
    own.append(roc_auc_score(y[i], p[i]))
print(json.dumps([list(np.percentile(v, [5, 95])), list(np.percentile(own, [5, 95]))]))
`;
    const p = Array.from({ length: scored.rows }, (_, i) => scored.probabilities![2 * i + 1]!);
    const input = JSON.stringify({ y: [...scored.truth], p, values: [...values!] });
    const [same, theirs] = JSON.parse(execFileSync(python!, ["-c", code], { input }).toString()) as [
      number,
      number,
    ][];
    expect(low).toBeCloseTo(same![0], 12);
    expect(high).toBeCloseTo(same![1], 12);
    expect(low).toBeCloseTo(theirs![0], 2);
    expect(high).toBeCloseTo(theirs![1], 2);
  });
});
