"""gensim beside ours: learns the same text, and reads our files. Arguments: text, vectors.txt, vectors.bin, options."""

import json
import sys

import numpy as np
from gensim.models import KeyedVectors, Word2Vec

text, as_text, as_binary, given = sys.argv[1:5]
options = json.loads(given)
with open(text, encoding="utf-8") as file:
    sentences = [line.split() for line in file if line.strip()]

read = KeyedVectors.load_word2vec_format(as_text)
binary = KeyedVectors.load_word2vec_format(as_binary, binary=True)
answer = {
    "words": read.index_to_key,
    "same": read.index_to_key == binary.index_to_key and bool(np.array_equal(read.vectors, binary.vectors)),
    "values": binary.vectors[:3].astype(float).tolist(),
    "neighbours": [word for word, _ in read.most_similar(read.index_to_key[0], topn=5)],
}


def precision(vectors):
    names, right, total = vectors.index_to_key, 0, 0
    for name in names:
        if name.startswith("t"):
            own = name.split("_")[0]
            near = [other for other, _ in vectors.most_similar(name, topn=10)]
            right += sum(other.split("_")[0] == own for other in near)
            total += 10
    return right / total


answer["ours"] = precision(read)
for method in ("cbow", "skip_gram"):
    model = Word2Vec(
        sentences,
        vector_size=options["width"],
        window=options["window"],
        negative=options["negatives"],
        sample=options["subsample"],
        alpha=options["rate"],
        min_alpha=options["rate"] * 1e-4,
        epochs=options["epochs"],
        sg=int(method == "skip_gram"),
        min_count=1,
        workers=2,
        seed=1,
    )
    answer[method] = precision(model.wv)
print(json.dumps(answer))
