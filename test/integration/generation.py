"""What `transformers` generates, and how it narrows a distribution.

texts FOLDER NAME...   writes FOLDER/NAME/texts.json: greedy continuations of the prompts in FOLDER/prompts.json
sampling FOLDER        writes FOLDER/probabilities.json for FOLDER/sampling.json
"""
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
import transformers as t

t.logging.set_verbosity_error()


@torch.no_grad()
def texts(root, names):
    asked = json.load(open(os.path.join(root, "prompts.json")))
    for name in names:
        model = t.AutoModelForCausalLM.from_pretrained(os.path.join(root, name)).eval()
        options = t.GenerationConfig(
            max_new_tokens=asked["max"], do_sample=False, use_cache=True, eos_token_id=3, pad_token_id=0)
        made = []
        for prompt in asked["prompts"]:
            ids = torch.tensor([prompt])
            whole = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=options)
            made.append(whole[0, len(prompt):].tolist())
        json.dump(made, open(os.path.join(root, name, "texts.json"), "w"))


def sampling(root):
    made = []
    for case in json.load(open(os.path.join(root, "sampling.json"))):
        scores = torch.tensor([case["logits"]], dtype=torch.float64)
        scores = t.TemperatureLogitsWarper(case["temperature"])(None, scores)
        if case["topK"] is not None:
            scores = t.TopKLogitsWarper(case["topK"])(None, scores)
        if case["topP"] < 1:
            scores = t.TopPLogitsWarper(case["topP"])(None, scores)
        made.append(scores.softmax(-1)[0].tolist())
    json.dump(made, open(os.path.join(root, "probabilities.json"), "w"))


command, root, *rest = sys.argv[1:]
texts(root, rest) if command == "texts" else sampling(root)
