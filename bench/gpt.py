"""The GPT of gpt.ts in PyTorch eager: scaled_dot_product_attention, fused AdamW.

    python gpt.py FOLDER THREADS

FOLDER holds size.json, parameters.bin (float32, in the order of size.json) and batches.bin (int32: ids, targets).
Each line of standard input is a number of steps to take; each line of standard output is a JSON object with the
wall and processor seconds that they took and their losses.
"""
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

folder, threads = Path(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)
spec = json.loads((folder / "size.json").read_text())
size, rows = spec["size"], spec["rows"]
V, T, W, H = size["vocabulary"], size["context"], size["width"], size["heads"]

flat = np.fromfile(folder / "parameters.bin", dtype=np.float32)
P, at = {}, 0
for parameter in spec["parameters"]:
    count = int(np.prod(parameter["shape"]))
    values = torch.from_numpy(flat[at : at + count].reshape(parameter["shape"]).copy())
    # As in torch.nn.Linear, weights lie [out, in] in memory.
    if parameter["name"].endswith("weight") or parameter["name"] == "head":
        values = values.t().contiguous()
    P[parameter["name"]] = torch.nn.Parameter(values)
    at += count
batches = np.fromfile(folder / "batches.bin", dtype=np.int32).reshape(-1, 2, rows, T)
batches = torch.from_numpy(batches.astype(np.int64))


def forward(ids):
    x = F.embedding(ids, P["token"]) + P["position"]
    for i in range(size["layers"]):
        p = lambda name: P[f"{i}.{name}"]
        h = F.layer_norm(x, (W,), p("norm1.gamma"), p("norm1.beta"), 1e-5)
        q, k, v = F.linear(h, p("qkv.weight"), p("qkv.bias")).split(W, dim=2)
        q, k, v = (t.view(rows, T, H, W // H).transpose(1, 2) for t in (q, k, v))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        a = a.transpose(1, 2).contiguous().view(rows, T, W)
        x = x + F.linear(a, p("out.weight"), p("out.bias"))
        h = F.layer_norm(x, (W,), p("norm2.gamma"), p("norm2.beta"), 1e-5)
        h = F.gelu(F.linear(h, p("up.weight"), p("up.bias")), approximate="tanh")
        x = x + F.linear(h, p("down.weight"), p("down.bias"))
    x = F.layer_norm(x, (W,), P["norm.gamma"], P["norm.beta"], 1e-5)
    return F.linear(x.view(rows * T, W), P["head"])


optimizer = torch.optim.AdamW(
    [
        {"params": [P[p["name"]] for p in spec["parameters"] if p["decay"]], "weight_decay": spec["decay"]},
        {"params": [P[p["name"]] for p in spec["parameters"] if not p["decay"]], "weight_decay": 0.0},
    ],
    lr=spec["rate"],
    betas=(0.9, 0.95),
    eps=1e-8,
    fused=True,
)

taken = 0
for line in sys.stdin:
    losses = []
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    for _ in range(int(line)):
        ids, targets = batches[taken % len(batches)]
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(forward(ids), targets.reshape(-1))
        loss.backward()
        if spec["clip"] is not None:
            torch.nn.utils.clip_grad_norm_(list(P.values()), spec["clip"])
        optimizer.step()
        losses.append(loss.item())
        taken += 1
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"wall": wall, "cpu": cpu, "losses": losses}), flush=True)
