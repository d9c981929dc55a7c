"""Networks whose forward() changes tensors in place, computed by PyTorch in float64.

Writes in_place.jsonl.gz beside the other golden cases: /usr/bin/python3 src/test/golden/make_in_place.py
Each case has the text of its classes, the text of its graph where torch.fx can trace it, all weights, the input, the output
and, where PyTorch can go back, the gradient of sum(output * dy).
"""
import gzip
import json
import textwrap

import torch
import torch.fx
import torch.nn.functional as F
from torch import nn

torch.manual_seed(19)
torch.set_default_dtype(torch.float64)

# What the modules are called: a, b keep the shape (2, 4, 6); r, d and the like change in place or not at all.
INIT = """
self.a = nn.Linear(6, 6)
self.b = nn.Linear(6, 6)
self.r = nn.ReLU(inplace=True)
self.p = nn.LeakyReLU(0.1, True)
self.s = nn.Sequential(nn.ReLU(True), nn.Linear(6, 6))
self.i = nn.Identity()
self.f = nn.Flatten()
self.c = Changes()
self.e = Exchanges()
"""

OTHERS = '''
class Changes(nn.Module):
    """Changes its argument, returns something else."""

    def __init__(self):
        super().__init__()
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        y = self.act(x)
        return y * 2


class Exchanges(nn.Module):
    """Changes its first argument by its second, through a view."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x, y):
        x[:, 0] += self.fc(y)[:, 1]
        y.transpose(1, 2).mul_(0.5)
        return x
'''

# The network's input x is used as x = self.a(x) or x * 1 first, as PyTorch changes no input that wants a gradient.
BODIES = {
    "sum_after_function": "x = self.a(x)\nreturn x + F.relu(x, inplace=True)",
    "sum_before_function": "x = self.a(x)\nreturn F.relu(x, inplace=True) + x",
    "positional_flag": "x = self.a(x)\ny = F.relu(x, True)\nreturn x - 2 * y",
    "positional_flag_elu": "x = self.a(x)\ny = F.elu(x, 0.7, True)\nreturn x * y",
    "function_relu_": "x = self.a(x)\nF.relu_(x)\nreturn x + 1",
    "torch_relu_": "x = self.a(x)\ny = x\ntorch.relu_(x)\nreturn y * 2",
    "method_in_sum": "x = self.a(x)\nreturn 1 + x.relu_() + x",
    "product_then_method": "x = self.a(x)\nreturn (x * 2) + x.relu_()",
    "returned_and_taken": "x = self.a(x)\ny = x.relu_()\nreturn x + y",
    "module": "x = self.a(x)\ny = self.r(x)\nreturn self.b(y) + x",
    "module_positional": "x = self.a(x)\ny = self.p(x)\nreturn self.b(y) - x",
    "module_in_sequential": "x = self.a(x)\ny = self.s(x)\nreturn x + y",
    "module_in_sum": "x = self.a(x)\nreturn x + self.r(x)",
    "other_name": "x = self.a(x)\nz = x\nx += 1\nreturn z * 3 + x",
    "list": "x = self.a(x)\nparts = [x, self.b(x)]\nx.mul_(-1)\nreturn torch.cat(parts, 1)",
    "add_alpha": "x = self.a(x)\ny = self.b(x)\nx.add_(y, alpha=0.3)\nreturn x * y",
    "augmented": "x = self.a(x)\ny = self.b(x)\nz = x\nx += y\nx *= 2\nx -= 1\nx /= y\nx **= 2\nreturn z",
    "augmented_matmul": "x = self.a(x)\ny = x\nx @= self.b(x).transpose(1, 2)\nreturn x.sum(-1, keepdim=True) + y",
    "class_changes_argument": "x = self.a(x)\ny = self.c(x)\nreturn x + y",
    "class_changes_two": "x = self.a(x)\ny = self.b(x)\nz = self.e(x, y)\nreturn x + y * z",
    "class_twice": "x = self.a(x)\ny = self.c(x) + self.c(x)\nreturn y + x",
    "view": "x = self.a(x)\ny = x.view(-1, 24)\ny.relu_()\nreturn x",
    "view_of_changed": "x = self.a(x)\ny = x.view(-1, 24)\nx.relu_()\nreturn y",
    "reshape_of_contiguous": "x = self.a(x)\ny = x.reshape(-1, 3, 8)\ny += 1\nreturn x",
    "flatten": "x = self.a(x)\ny = torch.flatten(x, 1)\nx.sub_(0.5)\nreturn y",
    "flatten_module": "x = self.a(x)\ny = self.f(x)\ny.clamp_(min=0)\nreturn x",
    "identity": "x = self.a(x)\ny = self.i(x)\nx.neg_()\nreturn y",
    "transposed": "x = self.a(x)\ny = x.transpose(1, 2)\ny.add_(1)\nreturn x",
    "permuted_of_changed": "x = self.a(x)\ny = x.permute(2, 0, 1)\nx.tanh_()\nreturn y",
    "chunk": "x = self.a(x)\np, q = x.chunk(2, 1)\np.relu_()\nreturn x",
    "chunk_twice": "x = self.a(x)\np, q = x.chunk(2, 2)\np += q\nq.mul_(p)\nreturn x + 1",
    "split_sizes": "x = self.a(x)\np, q = torch.split(x, [1, 3], dim=1)\nx.relu_()\nq.add_(1)\nreturn torch.cat([q, p, x], 1)",
    "slice": "x = self.a(x)\ny = x[:, 1:3]\ny.zero_()\nreturn x",
    "slice_of_view": "x = self.a(x)\ny = x.view(-1, 24)[:, 2:9]\ny.mul_(10)\nreturn x",
    "step": "x = self.a(x)\ny = x[..., ::2]\ny.sigmoid_()\nreturn x",
    "select": "x = self.a(x)\ny = x[:, -1]\ny.fill_(0.25)\nreturn x",
    "set_number": "x = self.a(x)\nx[:, 0] = 0\nx[:, :, 1:2] = 3.5\nreturn x",
    "set_tensor": "x = self.a(x)\ny = self.b(x)\nx[:, 1] = y[:, 2]\nreturn x",
    "set_broadcast": "x = self.a(x)\nx[:, 1:] = self.b(x)[:, :1]\nreturn x",
    "set_augmented": "x = self.a(x)\nx[:, 0] += 1\nx[:, 1:3] *= x[:, 0:1]\nreturn x",
    "copy": "x = self.a(x)\ny = torch.zeros_like(x)\ny[:, 1].copy_(x[:, 0])\nreturn y + x",
    "clone": "x = self.a(x)\ny = x.clone()\nx.relu_()\nreturn y + x",
    "contiguous_shares": "x = self.a(x)\ny = x.contiguous()\ny.relu_()\nreturn x",
    "unsqueezed_in_place": "x = self.a(x)\ny = x\nx.unsqueeze_(1)\nx.relu_()\nreturn y + 1",
    "transposed_in_place": "x = self.a(x)\ny = x.view(-1, 4, 6)\nx.transpose_(1, 2)\nx.add_(1)\nreturn x.matmul(y)",
    "shape_before": "x = self.a(x)\nn = x.shape\nx.unsqueeze_(1)\nreturn x.reshape(n[0], n[1] * n[2])",
    "masked": "x = self.a(x)\ny = x\nx.masked_fill_(x < 0, 0.1)\nreturn y",
    "maximum_before": "x = self.a(x)\nm = x.max(1)\nx.zero_()\nreturn m[0] + x[:, 0]",
    "dropout_then_own": "x = self.a(x)\nx = F.dropout(x, 0.5, False, True)\nreturn x + self.b(x)",
    "chained": "x = self.a(x)\ny = x.mul_(2).add_(1).relu_()\nreturn y + x",
    "unbound": "x = self.a(x)\np, q, r, s = x.unbind(1)\nr.mul_(3)\nreturn torch.stack([p, q, r, s]).sum(0) + x[:, 2]",
    "narrow": "x = self.a(x)\ny = torch.narrow(x, 2, 1, 3)\ny += 1\nreturn x",
    "squeezed": "x = self.a(x)[:, :1]\ny = x.squeeze(1)\ny.exp_()\nreturn x",
    "expanded_of_changed": "x = self.a(x)[:, :1]\ny = x.expand(-1, 3, -1)\nx.relu_()\nreturn y",
    "concatenation_copies": "x = self.a(x)\ny = torch.cat([x], 1)\nx.relu_()\nreturn y - x",
    "list_grows": "x = self.a(x)\nall = [x]\nmore = all\nmore += [self.b(x)]\nall.append(x * 2)\nx.relu_()\nreturn torch.cat(more, 1)",
    "tuple_returned": "x = self.a(x)\ny = (x, x.relu_())[0]\nreturn y",
}


def indent(text, by):
    return textwrap.indent(text.strip("\n"), " " * by)


def source(body):
    return (f"{OTHERS}\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{indent(INIT, 8)}\n\n"
            f"    def forward(self, x):\n{indent(body, 8)}\n")


def tensor(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def graph(model):
    """The print and the graph; None for what torch.fx cannot follow, or follows to something else."""
    x = torch.randn(2, 4, 6)
    try:
        traced = torch.fx.symbolic_trace(model)
        with torch.no_grad():
            same = torch.equal(traced(x.clone()), model(x.clone()))
    except (IndexError, RuntimeError, TypeError, torch.fx.proxy.TraceError):
        return None
    if not same:
        return None
    return f"{model}\n{traced.graph}\n"


def case(name, body):
    names = {"nn": nn, "F": F, "torch": torch}
    text = source(body)
    exec(text, names)
    model = names["Net"]().eval()
    x = torch.randn(2, 4, 6)
    with torch.no_grad():
        output = model(x.clone())
    dy = torch.randn_like(output)
    grads = {}
    given = x.clone().requires_grad_()
    try:
        (model(given) * dy).sum().backward()
        grads["input"] = tensor(given.grad)
    except RuntimeError:
        pass
    texts = {"class": text}
    traced = graph(model)
    if traced:
        texts["graph"] = traced
    return {"name": name, "op": "in_place", "args": {}, "texts": texts, "inputs": {"input": tensor(x), "dy": tensor(dy)},
            "outputs": {"output": tensor(output)}, "grads": grads,
            "weights": {k: tensor(v) for k, v in model.state_dict().items()}}


if __name__ == "__main__":
    cases = [case(name, body) for name, body in BODIES.items()]
    with gzip.GzipFile("src/test/resources/golden/in_place.jsonl.gz", "wb", mtime=0) as out:
        for c in cases:
            out.write((json.dumps(c) + "\n").encode())
