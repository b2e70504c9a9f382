"""Hugging Face's trainer and tiktoken's encoder on the texts that tokenizers.ts wrote. Usage: tokenizer_peers.py PEER FOLDER

Answers each line of its input with one JSON line: wall and CPU seconds, and how many merges or ids came out.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = "2"
peer, folder = sys.argv[1], Path(sys.argv[2])
settings = json.loads((folder / "settings.json").read_text())
lines = json.loads((folder / "lines.json").read_text())


def trainer():
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    def train():
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        how = trainers.BpeTrainer(
            vocab_size=settings["vocabulary"],
            min_frequency=2,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        tokenizer.train_from_iterator(lines, how)
        return tokenizer.get_vocab_size() - 256

    return train


def encoder():
    import tiktoken

    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    byte_of = {}
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    for byte in visible:
        byte_of[chr(byte)] = byte
    for n, byte in enumerate(byte for byte in range(256) if byte not in visible):
        byte_of[chr(256 + n)] = byte
    ranks = {bytes(byte_of[c] for c in token): id for token, id in tokenizer["model"]["vocab"].items()}
    # The form that tiktoken itself uses for GPT-2: the same cuts, sooner.
    pattern = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""
    encoding = tiktoken.Encoding("own", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    if peer == "tiktoken-whole":
        whole = "".join(lines)
        return lambda: len(encoding.encode_ordinary(whole))
    return lambda: sum(len(ids) for ids in encoding.encode_ordinary_batch(lines, num_threads=2))


work = trainer() if peer == "huggingface" else encoder()
for _ in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    count = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps(dict(wall=wall, cpu=cpu, count=count)), flush=True)
