"""sacrebleu's and rouge_score's values for pairs of texts, read as JSON from standard input."""

import json
import sys

import sacrebleu
from rouge_score import rouge_scorer

sets = json.load(sys.stdin)
scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
print(
    json.dumps(
        [
            {
                "bleu": sacrebleu.corpus_bleu([a for a, _ in pairs], [[b for _, b in pairs]]).score / 100,
                "rouge_l": sum(scorer.score(b, a)["rougeL"].fmeasure for a, b in pairs) / len(pairs),
            }
            for pairs in sets
        ]
    )
)
