/** Random edits, as hands make them and as nobody does. */
import type { Random } from "../../../scripts/fuzz/random.ts";
import { type Change, isPlace, replacing } from "./text.ts";

/** Files that import each other, of every kind of declaration that the features know. */
export const FILES: Readonly<Record<string, string>> = {
  "loans.mlops": `mlops 1

/// Applications, one row each.
dataset loans: csv {
  path = "loans.csv"
  schema {
    id: string key
    income: float min 0
    area: category
    approved: category label positive "yes"
  }
  split(seed = 1, stratify = approved) { train = 70%, validation = 15%, test = 15% }
}

param rounds: int = 100
const depth = 6
`,
  "model.mlops": `import "./loans.mlops" { loans, rounds as trees_count }
import "std/gates" { beats_majority }

features seen {
  from = loans
  derive { burden = income / 12 }
  encode { area = one_hot }
}

model scorer: gradient_boosted_trees {
  data = seen.train
  tune = seen.validation
  trees = trees_count
}
`,
  "judge.mlops": `import "./model.mlops" { seen, scorer }

evaluation scored {
  model = scorer
  data = seen.test
  metrics = [accuracy, f1(average = macro)]
}

gate ready {
  require scored.accuracy >= 80%
  require scored.accuracy > baseline(majority).accuracy
}

release approved { model = scorer, gate = ready }
deployment api { release = approved.champion, path = "/loans" }
`,
  "text.mlops": `dataset poems: text { path = "poems.txt", split { train = 90%, test = 10% } }
tokenizer letters: characters { corpus = [poems.train] }
architecture small(width: int = 64) {
  embedding(letters.size, width)
  repeat 2 { residual { layer_norm, dense(width) } }
  dense(letters.size)
}
prompt ask {
  input { question: text }
  template = """
    Q: {question}
    A:
    """
}
template scored_by {
  param data: dataset
  model inner: logistic_regression { data = data }
}
`,
};

const PIECES = [
  ".",
  ":",
  " = ",
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  ",",
  "\n",
  "\r\n",
  '"',
  '"""',
  "`",
  "// note\n",
  "loans",
  "loans.",
  "scored.accuracy",
  "income",
  "seen.train",
  "80%",
  "model m: linear_regression {\n  data = loans\n}\n",
  "split(",
  "require ",
  'import "./judge.mlops" { scored }\n',
  'import "./missing.mlops" { nothing }\n',
  "param rounds: int = 7\n",
  "environment e { set { rounds = 3 } }\n",
  "é",
  "😀",
  "__proto__",
  "constructor",
] as const;

/** The longest text that is edited further. */
const LONGEST = 6_000;

/** The next text, and the changes that lead to it. */
export interface Edit {
  readonly text: string;
  readonly changes: readonly Change[];
}

/** @param before texts that the file had */
export function randomEdit(text: string, before: readonly string[], random: Random): Edit {
  // Back to what it was: `undo`, or another file's text.
  if (text.length > LONGEST || random.below(12) === 0) {
    const all = [...before.slice(-5), ...Object.values(FILES)];
    const next = random.pick(all);
    return {
      text: next,
      changes: [random.below(2) === 0 ? { text: next } : replacing(text, 0, text.length, next)],
    };
  }
  const changes: Change[] = [];
  let now = text;
  for (let count = random.below(8) === 0 ? 3 : 1; count > 0; count -= 1) {
    const [start, end, piece] = oneChange(now, random);
    changes.push(replacing(now, start, end, piece));
    now = now.slice(0, start) + piece + now.slice(end);
  }
  return { text: now, changes };
}

function oneChange(text: string, random: Random): [start: number, end: number, piece: string] {
  let start = random.below(text.length + 1);
  if (!isPlace(text, start)) start -= 1;
  let end = start;
  let piece = "";
  switch (random.below(6)) {
    case 0: // a key
      piece = random.pick([..."abz_019.:= {}()\n"]);
      break;
    case 1:
      piece = random.pick(PIECES);
      break;
    case 2: // backspace, delete
      end = Math.min(text.length, start + 1 + random.below(3));
      break;
    case 3: // the rest of the line, with its break or without
      end = text.indexOf("\n", start) + random.below(2);
      if (end < start) end = text.length;
      break;
    case 4: // lines copied elsewhere
      piece = text.slice(start, start + random.below(200));
      start = text.lastIndexOf("\n", random.below(text.length + 1)) + 1;
      end = start;
      break;
    default: {
      const word = /\w+/.exec(text.slice(start));
      start += word?.index ?? 0;
      end = start + (word?.[0].length ?? 0);
      piece = random.pick(PIECES);
    }
  }
  if (!isPlace(text, end)) end += 1;
  if (!isPlace(text, start)) start -= 1;
  return [start, Math.max(start, end), piece];
}
