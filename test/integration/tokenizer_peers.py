"""Hugging Face's tokenizers and tiktoken as oracles. Usage: tokenizer_peers.py COMMAND FOLDER

families  trains a tokenizer of every supported family on FOLDER/train.json, into FOLDER/NAME.json
merges    trains as FOLDER/cases.json says; prints each case's vocabulary and merges
encode    ids of the first lines of FOLDER/lines.json, as many as FOLDER/counts.json says, by each FOLDER/*.tokenizer.json,
          into .ids (int32) and .ends (int64); FOLDER/decoded.json has the texts of the first of them again
tiktoken  ids of all lines by tiktoken, from OpenAI's tables
transformers  ids of the first lines by what transformers makes of our file
"""

import json
import sys
from pathlib import Path

import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

command, folder = sys.argv[1], Path(sys.argv[2])
ALPHABET = sorted(pre_tokenizers.ByteLevel.alphabet())
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def train_bpe(lines, pre_tokenizer, normalizer=None, specials=(), alphabet=ALPHABET, size=3000, model=None, **more):
    tokenizer = Tokenizer(model or models.BPE())
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    options = dict(vocab_size=size, special_tokens=list(specials), initial_alphabet=list(alphabet), show_progress=False)
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(**options, **more))
    return tokenizer


def byte_split(pattern):
    return pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )


def with_model(tokenizer, **fields):
    """The same tokenizer, with other fields of its model."""
    definition = json.loads(tokenizer.to_str())
    definition["model"].update(fields)
    return Tokenizer.from_str(json.dumps(definition))


def families(lines):
    made = {}
    made["gpt2"] = train_bpe(lines, pre_tokenizers.ByteLevel(add_prefix_space=False), specials=["<|endoftext|>"])
    made["gpt2"].decoder = decoders.ByteLevel()
    made["roberta"] = train_bpe(lines, pre_tokenizers.ByteLevel(add_prefix_space=True), specials=["<s>", "</s>", "<mask>"])
    made["roberta"].decoder = decoders.ByteLevel()
    made["roberta"].post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0))
    made["roberta"].add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])

    for name, pattern in (("llama3", LLAMA3), ("qwen2", QWEN2)):
        tokenizer = train_bpe(lines, byte_split(pattern), specials=["<|begin_of_text|>", "<|eot_id|>"])
        tokenizer = with_model(tokenizer, ignore_merges=name == "llama3")
        if name == "qwen2":
            tokenizer.normalizer = normalizers.NFC()
        tokenizer.decoder = decoders.ByteLevel()
        begin = processors.TemplateProcessing("<|begin_of_text|> $A", special_tokens=[("<|begin_of_text|>", 0)])
        tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), begin])
        made[name] = tokenizer

    # Trained on what the older Llama's normalizer leaves of a line, in pieces, as its whole lines would never repeat.
    pieces = [piece for line in lines for piece in ("▁" + line.replace(" ", "▁")).replace("▁", " ▁").split(" ") if piece]
    specials = ["<unk>", "<s>", "</s>"] + BYTES
    small = "".join(chr(code) for code in range(33, 127)) + "▁éü你好"
    sentence = dict(alphabet=small, specials=specials, limit_alphabet=200, size=3000)
    metaspace = train_bpe(pieces, None, **sentence)
    fallback = dict(unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    made["llama2"] = with_model(metaspace, **fallback)
    made["llama2"].normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made["llama2"].decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    made["llama2"].post_processor = processors.TemplateProcessing("<s> $A", special_tokens=[("<s>", 1)])
    made["mistral"] = with_model(metaspace, **fallback)
    made["mistral"].pre_tokenizer = pre_tokenizers.Metaspace("▁", "first", split=False)
    made["mistral"].decoder = made["llama2"].decoder
    made["gemma"] = with_model(metaspace, **fallback)
    made["gemma"].normalizer = normalizers.Replace(" ", "▁")
    made["gemma"].pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    made["gemma"].decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    made["plain-unknown"] = with_model(metaspace, unk_token="<unk>")
    made["plain-unknown"].pre_tokenizer = pre_tokenizers.Metaspace()
    made["plain-unknown"].decoder = decoders.Metaspace()

    for name, lower in (("bert", True), ("bert-cased", False)):
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lower)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        trainer = trainers.WordPieceTrainer(vocab_size=3000, special_tokens=names, show_progress=False, limit_alphabet=500)
        tokenizer.train_from_iterator(lines, trainer)
        ends = [("[CLS]", 2), ("[SEP]", 3)]
        tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
        tokenizer.decoder = decoders.WordPiece()
        made[name] = tokenizer

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=2000, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(lines[:1000], trainer)
    # Rust reads long decimals to within one unit in the last place, which would decide between equal ways to cut.
    scores = json.loads(tokenizer.to_str())["model"]["vocab"]
    made["unigram"] = with_model(tokenizer, vocab=[[token, round(score, 4)] for token, score in scores])

    tokenizer = train_bpe(
        lines,
        pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(individual_digits=True)]
        ),
        normalizer=normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()]),
        specials=["<unk>"],
        alphabet=[],
        model=models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"),
        end_of_word_suffix="</w>",
        limit_alphabet=300,
    )
    tokenizer.decoder = decoders.BPEDecoder()
    tokenizer.add_tokens([AddedToken("Banana", single_word=True), AddedToken("two words", lstrip=True, rstrip=True)])
    made["old-bpe"] = tokenizer

    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(lines, trainers.WordLevelTrainer(vocab_size=3000, special_tokens=["<unk>"], show_progress=False))
    made["word-level"] = tokenizer
    return made


def pre_tokenizer_of(rule):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=rule is None) if rule in (None, "") else byte_split(rule)


if command == "families":
    for name, tokenizer in families(json.loads((folder / "train.json").read_text())).items():
        (folder / f"{name}.tokenizer.json").write_text(tokenizer.to_str())
elif command == "merges":
    answers = []
    for case in json.loads((folder / "cases.json").read_text()):
        alphabet = ALPHABET if case["fallback"] else []
        options = dict(specials=case["specials"], alphabet=alphabet, size=case["vocabulary"], min_frequency=case["min_frequency"])
        made = json.loads(train_bpe(case["texts"], pre_tokenizer_of(case["pattern"]), **options).to_str())
        answers.append(dict(tokens=sorted(made["model"]["vocab"]), merges=made["model"]["merges"]))
    json.dump(answers, sys.stdout)
elif command == "encode":
    lines = json.loads((folder / "lines.json").read_text())
    counts = json.loads((folder / "counts.json").read_text())
    decoded = {}
    for file in sorted(folder.glob("*.tokenizer.json")):
        name = file.name.removesuffix(".tokenizer.json")
        tokenizer = Tokenizer.from_file(str(file))
        ids = [found.ids for found in tokenizer.encode_batch_fast(lines[: counts[name]])]
        np.array([i for line in ids for i in line], dtype=np.int32).tofile(folder / f"{name}.ids")
        np.cumsum([len(line) for line in ids], dtype=np.int64).tofile(folder / f"{name}.ends")
        decoded[name] = tokenizer.decode_batch(ids[:1000], skip_special_tokens=True)
    (folder / "decoded.json").write_text(json.dumps(decoded))
elif command == "transformers":
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "own-gpt2.tokenizer.json"))
    lines = json.loads((folder / "lines.json").read_text())[:2000]
    json.dump(dict(ids=tokenizer(lines)["input_ids"], size=len(tokenizer)), sys.stdout)
elif command == "tiktoken":
    import tiktoken
    from tiktoken.load import data_gym_to_mergeable_bpe_ranks

    tables = Path(sys.argv[3])
    ranks = data_gym_to_mergeable_bpe_ranks(str(tables / "vocab.bpe"), str(tables / "encoder.json"))
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    encoding = tiktoken.Encoding("gpt2", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    ids = encoding.encode_ordinary_batch(json.loads((folder / "lines.json").read_text()), num_threads=2)
    np.array([i for line in ids for i in line], dtype=np.int32).tofile(folder / "tiktoken.ids")
    np.cumsum([len(line) for line in ids], dtype=np.int64).tofile(folder / "tiktoken.ends")
