"""Greedy generation with PyTorch eager and a KV cache: the peer of generation.ts, on the same weights.

    python generation.py MODEL.safetensors SETTINGS_JSON

Each line on standard input asks for a round; each answer is one line of JSON: the ids and the seconds.
"""
import json
import struct
import sys
import time

import torch
import torch.nn.functional as F

path, settings = sys.argv[1], json.loads(sys.argv[2])
torch.set_num_threads(settings["threads"])
with open(path, "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
    data = file.read()
weights = {}
for name, entry in header.items():
    if name == "__metadata__":
        continue
    begin, end = entry["data_offsets"]
    weights[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32).view(entry["shape"])


class Linear:
    """F.linear wants [out, in]; the files hold [in, out]."""

    def __init__(self, name):
        self.weight = weights[f"{name}.weight"].t().contiguous()
        self.bias = weights.get(f"{name}.bias")

    def __call__(self, x):
        return F.linear(x, self.weight, self.bias)


class Norm:
    def __init__(self, name):
        self.weight, self.bias = weights[f"{name}.gain"], weights[f"{name}.bias"]

    def __call__(self, x):
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, 1e-5)


class Block:
    def __init__(self, at, heads, context):
        attention = f"2.repeat.{at}.0.residual.1.attention"
        self.norm1 = Norm(f"2.repeat.{at}.0.residual.0.layer_norm")
        # One product for queries, keys and values, as PyTorch's users write it.
        parts = [Linear(f"{attention}.{part}") for part in ("query", "key", "value")]
        self.weight = torch.cat([part.weight for part in parts])
        self.bias = torch.cat([part.bias for part in parts])
        self.output = Linear(f"{attention}.output")
        self.norm2 = Norm(f"2.repeat.{at}.1.residual.0.layer_norm")
        self.up = Linear(f"2.repeat.{at}.1.residual.1.dense")
        self.down = Linear(f"2.repeat.{at}.1.residual.2.dense")
        self.heads, self.context = heads, context

    def reset(self, batch):
        width = self.output.weight.shape[0] // self.heads
        self.keys = torch.zeros(batch, self.heads, self.context, width)
        self.values = torch.zeros(batch, self.heads, self.context, width)

    def __call__(self, x, start):
        batch, tokens, width = x.shape
        q, k, v = F.linear(self.norm1(x), self.weight, self.bias).split(width, dim=2)
        q, k, v = (y.view(batch, tokens, self.heads, -1).transpose(1, 2) for y in (q, k, v))
        end = start + tokens
        self.keys[:, :, start:end], self.values[:, :, start:end] = k, v
        seen = F.scaled_dot_product_attention(
            q, self.keys[:, :, :end], self.values[:, :, :end], is_causal=tokens > 1
        )
        x = x + self.output(seen.transpose(1, 2).reshape(batch, tokens, width))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Gpt:
    def __init__(self, depth, heads, context):
        self.table = weights["0.embedding.weight"]
        self.positions = weights["1.positions.weight"]
        self.blocks = [Block(at, heads, context) for at in range(depth)]
        self.norm = Norm("3.layer_norm")

    def __call__(self, ids, start):
        x = F.embedding(ids, self.table) + self.positions[start : start + ids.shape[1]]
        for block in self.blocks:
            x = block(x, start)
        return F.linear(self.norm(x[:, -1]), self.table)


model = Gpt(settings["depth"], settings["heads"], settings["context"])
prompts = torch.tensor(settings["prompts"])


@torch.inference_mode()
def generate(prompts):
    for block in model.blocks:
        block.reset(prompts.shape[0])
    ids = model(prompts, 0).argmax(-1, keepdim=True)
    made = [ids]
    for step in range(settings["max"] - 1):
        ids = model(ids, prompts.shape[1] + step).argmax(-1, keepdim=True)
        made.append(ids)
    return torch.cat(made, dim=1)


for line in sys.stdin:
    batch = int(line)
    began = time.perf_counter()
    made = generate(prompts[:batch])
    seconds = time.perf_counter() - began
    print(json.dumps({"ids": made.tolist(), "seconds": seconds}), flush=True)
