"""The cases of test/tensor/cases.ts in PyTorch.

Reads a JSON list of {name, inputs: {name: {shape, type, data}}, weights} and prints, for each, the weighted sum of
the result and its gradient by each float input.
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

UNARY = {
    "neg": torch.neg, "exp": torch.exp, "tanh": torch.tanh, "erf": torch.erf, "sigmoid": torch.sigmoid,
    "relu": torch.relu, "abs": torch.abs, "square": torch.square, "sin": torch.sin, "cos": torch.cos,
    "silu": F.silu, "log": torch.log, "sqrt": torch.sqrt, "reciprocal": torch.reciprocal,
}
BINARY = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "maximum": torch.maximum,
    "minimum": torch.minimum,
}


def where_logic(x, y):
    either = (x > y) | ~(x < 0.5)
    return torch.where(either & ~(x == y), x.square(), torch.tensor(3.0))


def cast(x):
    whole = (x * 3).int()
    return x * ((whole * 2) < (whole + 1)).float()


def whole_numbers(ids, x):
    return x * torch.maximum(ids - 3, torch.minimum(ids, torch.tensor(2))).float()


def statistics(x):
    return x.mean(-1, keepdim=True) * torch.rsqrt(x.var(-1, keepdim=True, correction=0) + 0.1)


def scatter(ids, x):
    return torch.zeros(5, x.shape[-1]).index_add(0, ids.flatten().long(), x.flatten(0, 1))


def one_hot(ids, x):
    hot = torch.stack([(ids - 1 == depth).float() for depth in range(5)], -1)
    return hot * x


def masked(q, k, v, mask):
    # Position t of two queries sees positions up to t + 1 of three keys.
    causal = torch.full((2, 3), 0.0).masked_fill(~torch.ones(2, 3).tril(1).bool(), -math.inf)
    k, v = (t.repeat_interleave(2, 1) for t in (k, v))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask + causal, scale=0.7)


CASES = {
    **{name: (lambda f: lambda x: f(x))(f) for name, f in UNARY.items()},
    **{name: (lambda f: lambda x, y: f(x, y))(f) for name, f in BINARY.items()},
    **{f"{name} broadcast": (lambda f: lambda x, y: f(x, y))(f) for name, f in BINARY.items()},
    "pow": torch.pow,
    "pow of a scalar": lambda x: x**3,
    "sign": lambda x: x.sign() * x,
    "gelu": F.gelu,
    "gelu by tanh": lambda x: F.gelu(x, approximate="tanh"),
    "where less": lambda x, y: torch.where(x < y, x * 2, y),
    "where logic": where_logic,
    "cast": cast,
    "whole numbers": whole_numbers,
    "matmul": torch.matmul,
    "matmul transposed": lambda x, y: 0.5 * x.t() @ y.t(),
    "matmul of a stack by a matrix": torch.matmul,
    "matmul of a stack by a transposed matrix": lambda x, y: x @ y.t(),
    "matmul of stacks": lambda x, y: 2 * x @ y.mT,
    "matmul of stacks, first transposed": lambda x, y: x.mT @ y,
    "dense": lambda x, w, bias: F.gelu(x @ w + bias, approximate="tanh"),
    "transpose": lambda x: x.permute(2, 0, 1),
    "reshape": lambda x: x.reshape(4, -1),
    "broadcastTo": lambda x: x.broadcast_to(2, 3, 4),
    "slice": lambda x: x[:, 1:4],
    "slices that cover": lambda x: torch.cat([x[:, 4:6], x[:, 0:3], x[:, 3:4]], 1),
    "slices that overlap": lambda x: x[:, 0:4] * x[:, 2:6],
    "pad": lambda x: F.pad(x, (0, 0, 1, 2)),
    "concat": lambda x, y: torch.cat([x, y, x], 1),
    "sum": lambda x: x.sum((0, 2)),
    "mean": lambda x: x.mean(-2, keepdim=True),
    "max": lambda x: x.amax((1, 2)),
    "mean of all": lambda x: x.square().mean(),
    "softmax": lambda x: x.softmax(-1),
    "logSoftmax": lambda x: x.log_softmax(-1),
    "layerNorm": lambda x, gamma, beta: F.layer_norm(x, (8,), gamma, beta, 1e-5),
    "layerNorm without beta": lambda x, y: F.layer_norm(x, (8,), y, None, 0.01),
    "normMean and normScale": statistics,
    "rmsNorm": lambda x, y: F.rms_norm(x, (8,), y, 1e-5),
    "gather": lambda x, y: F.embedding(y, x),
    "gather from a large table": lambda x, y: F.embedding(y, x),
    "scatterAdd": scatter,
    "gatherLast": lambda x, y: x.gather(-1, y[..., None].long())[..., 0],
    "oneHot": one_hot,
    "crossEntropy": lambda x, y: F.cross_entropy(x, y.long(), reduction="none"),
    "conv2d": lambda x, w: F.conv2d(x, w),
    "conv2d with a stride": lambda x, w: F.conv2d(x, w, stride=2, padding=1),
    "maxPool2d": lambda x: F.max_pool2d(x, 2),
    "maxPool2d, overlapping": lambda x: F.max_pool2d(x, 3, 2, 1),
    "averagePool2d": lambda x: F.avg_pool2d(x, 2),
    "averagePool2d, overlapping": lambda x: F.avg_pool2d(x, 3, 2, 1),
    "attention": lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
    "attention with shared keys and a mask": masked,
}

answers = {}
for case in json.load(sys.stdin):
    if case["name"] not in CASES:
        continue
    inputs = []
    for tensor in case["inputs"].values():
        kind = torch.float32 if tensor["type"] == "float32" else torch.int32
        value = torch.tensor(tensor["data"], dtype=kind).reshape(tensor["shape"])
        inputs.append(value.requires_grad_(kind is torch.float32))
    y = CASES[case["name"]](*inputs)
    loss = (y * torch.tensor(case["weights"]).reshape(y.shape)).sum()
    loss.backward()
    answers[case["name"]] = {
        "loss": loss.item(),
        "gradients": {
            name: value.grad.flatten().tolist()
            for name, value in zip(case["inputs"], inputs)
            if value.grad is not None
        },
    }
json.dump(answers, sys.stdout)
