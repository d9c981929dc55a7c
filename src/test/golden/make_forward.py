"""Networks of one's own, as print(model) and print(torch.fx.symbolic_trace(model).graph) show them.

Writes forward.jsonl.gz beside the other golden cases: /usr/bin/python3 src/test/golden/make_forward.py
Each case has the text with the graph, the text with the Python code that torch.fx makes of it, the
source of forward() and of the whole class where that is straight-line code, weights, an input, the output and the gradient
of sum(output * dy) by the input, in float64 and evaluation mode.
"""
import gzip
import inspect
import json
import textwrap

import torch
import torch.fx
import torch.nn.functional as F
from torch import nn

torch.manual_seed(20241)
torch.set_default_dtype(torch.float64)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)
        self.bn = nn.BatchNorm2d(4)
        self.blocks = nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
        self.fc = nn.Linear(4 * 3 * 2, 5)

    def forward(self, x):
        """Adds what a block gives to what it takes."""
        x = F.relu(self.bn(self.conv1(x)))
        identity = x
        out = self.blocks(x)
        out += identity
        out = F.max_pool2d(out, 2)  # halves both
        return F.log_softmax(self.fc(out.view(out.size(0), -1)), dim=1)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(inplace=True))
        self.down2 = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(inplace=True))
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(4, 3, 2, stride=2)
        self.last = nn.Conv2d(6, 1, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(self.pool(a))
        u = torch.cat([self.up(b), a], dim=1)
        small = F.interpolate(a, scale_factor=0.5, mode="nearest")
        large = F.interpolate(small, scale_factor=2, mode="bilinear", align_corners=False)
        return torch.sigmoid(self.last(u)) * large.mean(1, keepdim=True)


class Gate(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1 = nn.Linear(channels, 2)
        self.fc2 = nn.Linear(2, channels)

    def forward(self, x):
        b, c = x.size(0), x.size(1)
        y = F.adaptive_avg_pool2d(x, 1).view(b, c)
        y = torch.sigmoid(self.fc2(F.relu(self.fc1(y)))).view(b, c, 1, 1)
        return x * y


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, stride=2)
        self.gate = Gate(4)

    def forward(self, x):
        x = self.gate(F.hardswish(self.conv(x)))
        return torch.flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1)


class Shuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(6, 6, 3, groups=3, padding=1)

    def forward(self, x):
        x = self.conv(x)
        b, c, h, w = x.shape[0], x.shape[1], x.shape[2], x.shape[3]
        x = x.view(b, 3, c // 3, h, w)
        x = x.transpose(1, 2).contiguous()
        x = x.view(b, -1, h, w)
        halves = x.chunk(2, dim=1)
        parts = torch.split(halves[0], [1, 2], dim=1)
        return torch.cat((halves[1], parts[0] - parts[1]), 1) / 2 + 1.5


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24)
        self.proj = nn.Linear(8, 8)
        self.heads = 2

    def forward(self, x):
        y = self.norm(x)
        qkv = self.qkv(y).reshape(x.shape[0], x.shape[1], 3, 2, 4).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        weights = torch.softmax(q @ k.transpose(-2, -1) * 4**-0.5, dim=-1)
        y = torch.matmul(weights, v).transpose(1, 2).reshape(x.size(0), x.size(1), 8)
        return x + self.proj(y)


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 6, 4, stride=4)
        self.norm = nn.LayerNorm(6)
        self.tokens = nn.Linear(6, 6)
        self.channels = nn.Linear(6, 12)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        y = self.norm(x).permute(0, 2, 1)
        x = x + F.gelu(self.tokens(y)).permute(0, 2, 1)
        parts = self.channels(x).chunk(2, dim=-1)
        x = x + parts[0] * torch.tanh(parts[1])
        return self.head(x.mean(dim=1))


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(3, 4)
        self.lstm = nn.LSTM(4, 5, batch_first=True)
        self.gru = nn.GRU(5, 4, batch_first=True)
        self.fc = nn.Linear(13, 2)

    def forward(self, x):
        both = self.lstm(F.leaky_relu(self.embed(x), 0.1))
        other = self.gru(both[0])
        states = both[1]
        return self.fc(torch.cat([other[0][:, -1, :], other[1][-1], states[0][-1]], dim=1))


class Arithmetic(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Conv1d(2, 2, 3, padding=1)

    def forward(self, x):
        a = self.shared(x)
        b = self.shared(F.elu(a, alpha=0.5))
        c = 1 - a[:, :, 1:-1:2]
        d = (b ** 2 + 0.5).sqrt()[:, :, ::2]
        e = torch.stack([a[:, 0], b[:, 1]], dim=1)
        e = F.pad(e, (1, 1), "constant", 0.25)[..., 2:]
        f = -e.unsqueeze(1).squeeze(1) * 3
        return torch.cat([c, 2.0 / d, f], dim=2)


class Nested(nn.Module):
    """Blocks of one's own within a Sequential, as most people write networks."""

    class Block(nn.Module):
        def __init__(self, i, o):
            super().__init__()
            self.conv = nn.Conv2d(i, o, 3, padding=1)
            self.short = nn.Conv2d(i, o, 1) if i != o else nn.Identity()
            self.act = nn.SiLU()

        def forward(self, x):
            return self.act(self.conv(x)) + self.short(x)

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 3, 3, padding=1)
        self.stages = nn.Sequential(self.Block(3, 3), self.Block(3, 5))
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(5, 2)

    def forward(self, x):
        x = self.stages(self.stem(x))
        x = F.dropout(x, p=0.3, training=False)
        return self.fc(self.drop(x.mean([2, 3])))


def tensor(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def case(name, model, shape, source=True):
    model.eval()
    for key, buffer in model.named_buffers():
        if buffer.dtype == torch.float64:
            buffer.copy_(torch.rand_like(buffer) + 0.5)
    traced = torch.fx.symbolic_trace(model)
    x = torch.randn(shape, requires_grad=True)
    y = model(x)
    dy = torch.randn_like(y)
    (y * dy).sum().backward()
    texts = {"graph": f"{model}\n{traced.graph}\n", "newer": f"{model}\n{traced.graph}\n".replace("[#users=", "[num_users="),
             "code": f"{traced}\n"}
    if source:
        texts["class"] = inspect.getsource(type(model))
        texts["source"] = f"{model}\n\n{textwrap.dedent(inspect.getsource(type(model).forward))}"
    if name == "gated":
        texts["classes"] = inspect.getsource(Gate) + "\n\n" + inspect.getsource(Gated)
    return {"name": name, "op": "forward", "args": {}, "texts": texts, "params": sum(p.numel() for p in model.parameters()),
            "inputs": {"input": tensor(x), "dy": tensor(dy)}, "outputs": {"output": tensor(y)},
            "grads": {"input": tensor(x.grad)}, "weights": {k: tensor(v) for k, v in model.state_dict().items() if v.dtype == torch.float64}}


if __name__ == "__main__":
    cases = [
        case("residual", Residual(), (2, 3, 6, 5)),
        case("unet", UNet(), (2, 2, 6, 4)),
        case("gated", Gated(), (3, 1, 9, 8), False),
        case("shuffle", Shuffle(), (2, 6, 4, 3)),
        case("attention", Attention(), (2, 5, 8)),
        case("mixer", Mixer(), (2, 3, 12, 8)),
        case("sequence", Sequence(), (3, 4, 3)),
        case("arithmetic", Arithmetic(), (2, 2, 7)),
        case("nested", Nested(), (2, 1, 5, 4), False),
    ]
    with gzip.GzipFile("src/test/resources/golden/forward.jsonl.gz", "wb", mtime=0) as out:
        for c in cases:
            out.write((json.dumps(c) + "\n").encode())
