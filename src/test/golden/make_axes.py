"""Networks that move and average axes, computed by PyTorch in float64, with all gradients of sum(output * dy).

Writes axes.jsonl.gz beside the other golden cases: /usr/bin/python3 src/test/golden/make_axes.py
"""
import gzip
import json
import torch
from torch import nn

torch.manual_seed(20232)
torch.set_default_dtype(torch.float64)


class Function(nn.Module):
    """A function that PyTorch has no module for."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def permute(*dims):
    return Function(lambda x: x.permute(*dims))


def transpose(a, b):
    return Function(lambda x: x.transpose(a, b))


def mean(dim, keepdim=False):
    return Function(lambda x: x.mean(dim, keepdim))


def tensor(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def case(name, net, shape, *modules, indices=0):
    module = nn.Sequential(*modules)
    x = torch.randint(indices, shape) if indices else torch.randn(shape, requires_grad=True)
    y = module(x)
    dy = torch.randn_like(y)
    (y * dy).sum().backward()
    grads = {k: tensor(v.grad) for k, v in module.named_parameters()}
    if not indices:
        grads["input"] = tensor(x.grad)
    return {"name": name, "op": "graph", "args": {"network": net, "training": False},
            "inputs": {"input": tensor(x), "dy": tensor(dy)}, "outputs": {"output": tensor(y)},
            "grads": grads, "weights": {k: tensor(v) for k, v in module.state_dict().items()}}


cases = [
    case("permute", "Permute(0, 2, 1)", (2, 3, 4), permute(0, 2, 1)),
    case("permute-4d", "Permute((3, 0, -2, 1))", (2, 3, 4, 5), permute(3, 0, -2, 1)),
    case("transpose", "Transpose(1, 2)", (2, 3, 4), transpose(1, 2)),
    case("transpose-negative", "Transpose(-1, 0)", (2, 3, 4, 2), transpose(-1, 0)),
    case("mean", "Mean(1)", (2, 3, 4), mean(1)),
    case("mean-keepdim", "Mean((1, -1), keepdim=True)", (2, 3, 4, 5), mean((1, -1), True)),
    case("mean-last", "Mean(dim=[2, 3])", (2, 3, 4, 5), mean([2, 3])),
    case("text-cnn",
         "Embedding(11, 6), Permute(0, 2, 1), Conv1d(6, 4, 3), ReLU(), AdaptiveMaxPool1d(1), Flatten(), Linear(4, 2)",
         (3, 7), nn.Embedding(11, 6), permute(0, 2, 1), nn.Conv1d(6, 4, 3), nn.ReLU(),
         nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(4, 2), indices=11),
    case("channels-last",
         "Permute(0, 3, 1, 2), Conv2d(3, 4, 3), Tanh(), Permute(0, 2, 3, 1), Linear(4, 2), Mean((1, 2))",
         (2, 5, 6, 3), permute(0, 3, 1, 2), nn.Conv2d(3, 4, 3), nn.Tanh(), permute(0, 2, 3, 1),
         nn.Linear(4, 2), mean((1, 2)))]
with gzip.GzipFile("src/test/resources/golden/axes.jsonl.gz", "wb", mtime=0) as out:
    for c in cases:
        out.write((json.dumps(c) + "\n").encode())
