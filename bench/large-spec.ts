/** Valid specs of any length, with every shape that the language has: what the front end's benchmarks read. */

/** One pipeline, 65 lines. */
const pipeline = (n: number): string => `/// Applications of region ${n}, one row each.
dataset loans${n}: csv {
  path = "data/${n}.csv"
  schema {
    id: string key
    applied: timestamp event
    income: float min 0
    co_income: float min 0 nullable
    amount: float min 0 max 5000
    term: float nullable
    education: category one_of ["graduate", "not graduate"]
    area: category
    approved: category label positive "yes"
  }
  expect rows in 100..1_000_000
  expect share(income > 0) >= 99% "applicants without an income"
  split(seed = seed, stratify = approved) { train = 70%, validation = 15%, test = 15% }
}

// What the model sees of region ${n}.
features seen${n} {
  from = loans${n}
  impute { co_income = 0, term = median }
  derive {
    total = income + co_income
    burden = amount / (total + 1) * 12
    long = term > 180 and not (area == "rural")
    size = if amount > 1000 then "large" else if amount > 10 then "middle" else "small"
  }
  encode {
    education = ordinal(order = ["not graduate", "graduate"])
    area = one_hot(min_count = 5)
  }
  scale { burden = standard }
}

model scorer${n}: gradient_boosted_trees {
  data = seen${n}.train
  tune = seen${n}.validation
  trees = rounds / 2
  rate = 0.05
  seed = ${n}
}

evaluation scored${n} {
  model = scorer${n}
  data = seen${n}.test
  metrics = [accuracy, f1(average = macro), auc]
  slices = [education, area]
}

gate ready${n} {
  require scored${n}.accuracy >= 80% by education with confidence(95%) as optional "for all"
  require scored${n}.accuracy > baseline(majority).accuracy
    and scored${n}.auc >= 0.7
}

release approval${n} {
  model = scorer${n}
  gate = ready${n}
}

deployment api${n} { release = approval${n}.champion, path = "/loans/${n}" }
`;

/** A spec of about `lines` lines. */
export function largeSpec(lines: number): string {
  const parts = ["mlops 1\n\nparam rounds: int = 200\nparam seed: int = 42\n"];
  let length = 5;
  for (let n = 1; length < lines; n += 1) {
    const part = pipeline(n);
    parts.push(part);
    length += part.split("\n").length;
  }
  return parts.join("\n");
}
