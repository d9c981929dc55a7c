"""Networks with branches, computed by PyTorch in float64, with all gradients of sum(output * dy).

Writes graph.jsonl.gz beside the other golden cases: /usr/bin/python3 src/test/golden/make_graph.py
"""
import gzip
import json
import torch
from torch import nn

torch.manual_seed(20231)
torch.set_default_dtype(torch.float64)


class BasicBlock(nn.Module):
    """ResNet's basic block with a downsample, as torchvision writes it."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(4)
        self.downsample = nn.Sequential(nn.Conv2d(3, 4, 1, stride=2, bias=False), nn.BatchNorm2d(4))

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(out + self.downsample(x))


BASIC = {"input": [3, 7, 6], "layers": [
    {"name": "conv1", "type": "Conv2d", "in_channels": 3, "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1, "bias": False},
    {"name": "bn1", "type": "BatchNorm2d", "num_features": 4},
    {"name": "relu", "type": "ReLU"},
    {"name": "conv2", "type": "Conv2d", "in_channels": 4, "out_channels": 4, "kernel_size": 3, "padding": 1, "bias": False},
    {"name": "bn2", "type": "BatchNorm2d", "num_features": 4},
    {"name": "downsample", "type": "Sequential", "inputs": ["input"], "layers": [
        {"type": "Conv2d", "in_channels": 3, "out_channels": 4, "kernel_size": 1, "stride": 2, "bias": False},
        {"type": "BatchNorm2d", "num_features": 4}]},
    {"name": "add", "type": "Add", "inputs": ["bn2", "downsample"]},
    {"name": "relu_out", "type": "ReLU"}]}


class Branches(nn.Module):
    """Concat, a squeeze-and-excitation by Mul, an input that is added to itself, a Flatten."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 3, 3, padding=1)
        self.b = nn.Conv2d(2, 2, 1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Conv2d(5, 5, 1)
        self.gate = nn.Sigmoid()
        self.last = nn.Linear(5 * 4 * 3, 2)

    def forward(self, x):
        both = torch.cat([torch.relu(self.a(x)), self.b(x)], 1)
        scaled = both * self.gate(self.fc(self.pool(both)))
        twice = scaled + scaled + both
        return self.last(torch.flatten(twice, 1))


BRANCHES = {"input": [2, 4, 3], "layers": [
    {"name": "a", "type": "Conv2d", "in_channels": 2, "out_channels": 3, "kernel_size": 3, "padding": 1},
    {"name": "relu", "type": "ReLU"},
    {"name": "b", "type": "Conv2d", "in_channels": 2, "out_channels": 2, "kernel_size": 1, "inputs": ["input"]},
    {"name": "cat", "type": "Concat", "dim": 1, "inputs": ["relu", "b"]},
    {"name": "pool", "type": "AdaptiveAvgPool2d", "output_size": 1},
    {"name": "fc", "type": "Conv2d", "in_channels": 5, "out_channels": 5, "kernel_size": 1},
    {"name": "gate", "type": "Sigmoid"},
    {"name": "scaled", "type": "Mul", "inputs": ["cat", "gate"]},
    {"name": "twice", "type": "Add", "inputs": ["scaled", "scaled", "cat"]},
    {"name": "flat", "type": "Flatten"},
    {"name": "last", "type": "Linear", "in_features": 60, "out_features": 2}]}


def tensor(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def case(name, module, net, shape, training):
    for key, buffer in module.named_buffers():
        if buffer.dtype == torch.float64:
            buffer.copy_(torch.rand_like(buffer) + 0.5)
    module.train(training)
    weights = {k: tensor(v) for k, v in module.state_dict().items() if v.dtype == torch.float64}
    x = torch.randn(shape, requires_grad=True)
    y = module(x)
    dy = torch.randn_like(y)
    (y * dy).sum().backward()
    grads = {k: tensor(v.grad) for k, v in module.named_parameters()}
    grads["input"] = tensor(x.grad)
    return {"name": name, "op": "graph", "args": {"network": json.dumps(net), "training": training},
            "inputs": {"input": tensor(x), "dy": tensor(dy)}, "outputs": {"output": tensor(y)},
            "grads": grads, "weights": weights}


cases = []
for training in (False, True):
    mode = "training" if training else "evaluation"
    cases.append(case("basic-block-" + mode, BasicBlock(), BASIC, (2, 3, 7, 6), training))
    cases.append(case("branches-" + mode, Branches(), BRANCHES, (3, 2, 4, 3), training))
with gzip.GzipFile("src/test/resources/golden/graph.jsonl.gz", "wb", mtime=0) as out:
    for c in cases:
        out.write((json.dumps(c) + "\n").encode())
