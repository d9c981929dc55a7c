"""An encoder and its decoder, computed by PyTorch in float64, with all gradients of sum(output * dy).

Writes encoder_decoder.jsonl.gz: /usr/bin/python3 src/test/golden/make_encoder_decoder.py
"""
import gzip
import json
import os
import torch
from torch import nn

torch.manual_seed(20231)
torch.set_default_dtype(torch.float64)


class Words(nn.Module):
    """From words to words: the last state of one recurrent layer starts the stack of another."""

    def __init__(self, cell, layers):
        super().__init__()
        self.encoder = nn.ModuleDict({"0": nn.Embedding(7, 3), "1": getattr(nn, cell)(3, 4, batch_first=True)})
        self.decoder = nn.ModuleDict({
            "0": nn.Embedding(9, 2), "1": getattr(nn, cell)(2, 4, layers, batch_first=True), "2": nn.Linear(4, 9)})
        self.cell, self.layers = cell, layers
        self.texts = ("Embedding(7, 3), %s(3, 4, batch_first=True), Select(1, -1)" % cell,
                      "Embedding(9, 2), %s(2, 4, %d, batch_first=True), Linear(_, _)" % (cell, layers))
        self.sample = [5]

    def forward(self, x):
        sample, given = x[:, :5].long(), x[:, 5:].long()
        state = self.encoder["1"](self.encoder["0"](sample))[0][:, -1]
        h0 = state.expand(self.layers, *state.shape).contiguous()
        start = (h0, torch.zeros_like(h0)) if self.cell == "LSTM" else h0
        return self.decoder["2"](self.decoder["1"](self.decoder["0"](given), start)[0])

    def inputs(self):
        return torch.cat([torch.randint(0, 7, (3, 5)), torch.randint(0, 9, (3, 4))], 1).double()


class Picture(nn.Module):
    """From pictures to words."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.ModuleDict({"0": nn.Conv2d(2, 3, 3), "2": nn.Linear(12, 4)})
        self.decoder = nn.ModuleDict({"0": nn.Embedding(9, 2), "1": nn.GRU(2, 4, batch_first=True), "2": nn.Linear(4, 9)})
        self.texts = ("Conv2d(2, 3, 3), Flatten(), Linear(12, 4)",
                      "Embedding(9, 2), GRU(_, 4, batch_first=True), Linear(_, _)")
        self.sample = [2, 4, 4]

    def forward(self, x):
        state = self.encoder["2"](self.encoder["0"](x[:, :32].reshape(-1, 2, 4, 4)).flatten(1))
        return self.decoder["2"](self.decoder["1"](self.decoder["0"](x[:, 32:].long()), state[None])[0])

    def inputs(self):
        return torch.cat([torch.randn(3, 32), torch.randint(0, 9, (3, 4)).double()], 1)


def tensor(value):
    return {"shape": list(value.shape), "data": value.detach().flatten().tolist()}


def case(name, module):
    x = module.inputs()
    y = module(x)
    dy = torch.randn_like(y)
    (y * dy).sum().backward()
    parameters = dict(module.named_parameters())
    return {
        "name": name, "op": "encoder_decoder",
        "args": {"encoder": module.texts[0], "decoder": module.texts[1], "sample": module.sample, "tokens": 9, "length": 4},
        "inputs": {"input": tensor(x), "dy": tensor(dy)},
        "outputs": {"output": tensor(y)},
        "grads": {key: tensor(value.grad) for key, value in parameters.items()},
        "weights": {key: tensor(value) for key, value in parameters.items()},
    }


if __name__ == "__main__":
    cases = [case("%s %d" % (cell, layers), Words(cell, layers))
             for cell, layers in (("RNN", 1), ("GRU", 1), ("GRU", 2), ("LSTM", 1))] + [case("picture", Picture())]
    path = os.path.join(os.path.dirname(__file__), "../resources/golden/encoder_decoder.jsonl.gz")
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write("".join(json.dumps(c) + "\n" for c in cases).encode())
