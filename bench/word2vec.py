"""gensim's word2vec: one run for each line of options, as JSON; the text is read and counted before."""

import json
import sys
import time

import numpy as np
from gensim.models import Word2Vec

path, threads = sys.argv[1], int(sys.argv[2])
with open(path, encoding="utf-8") as text:
    sentences = [line.split() for line in text]
words = sum(map(len, sentences))


def topic(word):
    return word.split("_")[0] if word.startswith("t") else None


for line in sys.stdin:
    options = json.loads(line)
    model = Word2Vec(
        vector_size=options["width"],
        window=options["window"],
        min_count=2,
        workers=threads,
        sg=int(options["method"] == "skip_gram"),
        negative=options["negatives"],
        sample=options["subsample"],
        alpha=options["rate"],
        min_alpha=options["rate"] * 1e-4,
        seed=options["seed"],
    )
    model.build_vocab(sentences)
    start = time.perf_counter()
    model.train(sentences, total_examples=model.corpus_count, epochs=options["epochs"])
    seconds = time.perf_counter() - start
    names = model.wv.index_to_key
    vectors = model.wv.get_normed_vectors()
    right = total = 0
    for at in range(0, len(names), 23):
        own = topic(names[at])
        if own is None:
            continue
        nearest = np.argsort(-(vectors @ vectors[at]))
        nearest = [other for other in nearest if other != at][:10]
        right += sum(topic(names[other]) == own for other in nearest)
        total += 10
    run = {"speed": words * options["epochs"] / seconds, "precision": right / total}
    print(json.dumps(run), flush=True)
