"""Networks of many kinds, as print(model) and print(torch.fx.symbolic_trace(model).graph) show them.

Writes networks.jsonl.gz beside the other golden cases: /usr/bin/python3 src/test/golden/make_networks.py
Each case has the text (the print, the graph, and the shapes of parameters and buffers that modules hold by
themselves), the weights of the traced module, the inputs, the output and the gradients of sum(output * dy) by inputs and by the
parameters, in float64 and evaluation mode; and the multiply-accumulates that hooks count for Linear and
convolutions, where nothing else multiplies. With a folder as its argument it writes files for the program instead.
"""
import gzip
import inspect
import json
import math
import os
import sys
import textwrap

import numpy as np
import torch
import torch.fx
import torch.nn.functional as F
from torch import nn

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def block(i, o, k=3, s=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = block(1, 4), block(4, 6), block(6, 8)
        self.up1, self.up2 = nn.ConvTranspose2d(8, 6, 2, 2), nn.ConvTranspose2d(6, 4, 2, 2)
        self.d, self.e, self.out = block(12, 6), block(8, 4), nn.Conv2d(4, 2, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool2d(a, 2))
        c = self.c(F.max_pool2d(b, 2))
        d = self.d(torch.cat([self.up1(c), b], 1))
        return self.out(self.e(torch.cat((self.up2(d), a), dim=1)))


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(block(1, 4, s=2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))

    def forward(self, first, second):
        a, b = self.trunk(first), self.trunk(second)
        return torch.exp(-torch.norm(a - b, p=2, dim=1, keepdim=True))


class TwoTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.user, self.item = nn.Embedding(10, 6), nn.Linear(5, 6)

    def forward(self, user, item):
        u = F.normalize(self.user(user), dim=1)
        v = F.normalize(self.item(item), p=2.0, dim=-1)
        return torch.sum(u * v, dim=1) / 0.07


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(8), nn.LayerNorm(8)
        self.q, self.k, self.v, self.o = (nn.Linear(8, 8) for _ in range(4))
        self.ff = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))
        self.register_buffer("mask", torch.tril(torch.ones(5, 5)))

    def forward(self, x):
        b, t, c = x.shape[0], x.shape[1], x.shape[2]
        y = self.norm1(x)
        q = self.q(y).view(b, t, 2, c // 2).transpose(1, 2)
        k = self.k(y).view(b, t, 2, c // 2).transpose(1, 2)
        v = self.v(y).view(b, t, 2, c // 2).transpose(1, 2)
        w = (q @ k.transpose(-2, -1)) / math.sqrt(4)
        w = w.masked_fill(self.mask == 0, -1e9)
        y = (F.softmax(w, dim=-1) @ v).transpose(1, 2).contiguous().view(b, t, c)
        x = x + self.o(y)
        return x + self.ff(self.norm2(x))


class AttentionPooling(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Parameter(torch.randn(6))
        self.key, self.out = nn.Linear(4, 6), nn.Linear(4, 3)

    def forward(self, x):
        w = torch.softmax(torch.matmul(torch.tanh(self.key(x)), self.query), 1)
        return self.out(torch.bmm(w.unsqueeze(1), x).squeeze(1))


class WaveNet(nn.Module):
    class Layer(nn.Module):
        def __init__(self, d):
            super().__init__()
            self.pad, self.conv = 2 * d - d, nn.Conv1d(4, 8, 2, dilation=d)
            self.res, self.skip = nn.Conv1d(4, 4, 1), nn.Conv1d(4, 5, 1)

        def forward(self, x):
            parts = self.conv(F.pad(x, (self.pad, 0))).chunk(2, 1)
            y = torch.tanh(parts[0]) * torch.sigmoid(parts[1])
            return x + self.res(y), self.skip(y)

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(1, 4, 1)
        self.layers = nn.ModuleList(self.Layer(2**i) for i in range(3))
        self.last = nn.Conv1d(5, 3, 1)

    def forward(self, x):
        x = self.first(x)
        skips = []
        for layer in self.layers:
            x, s = layer(x)
            skips.append(s)
        return self.last(F.relu(torch.stack(skips).sum(0)))


class InvertedResidual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, 2, 1)
        self.expand, self.n1 = nn.Conv2d(4, 16, 1, bias=False), nn.BatchNorm2d(16)
        self.depth, self.n2 = nn.Conv2d(16, 16, 3, padding=1, groups=16, bias=False), nn.BatchNorm2d(16)
        self.project, self.n3 = nn.Conv2d(16, 4, 1, bias=False), nn.BatchNorm2d(4)

    def forward(self, x):
        x = self.stem(x)
        y = F.relu6(self.n1(self.expand(x)))
        y = F.relu6(self.n2(self.depth(y)))
        y = self.n3(self.project(y))
        y += x
        return y.mean((-2, -1))


class SqueezeExcite(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.down, self.up = nn.Conv2d(2, 8, 3), nn.Linear(8, 2), nn.Linear(2, 8)

    def forward(self, x):
        x = self.conv(x)
        s = torch.mean(x, dim=(2, 3))
        s = F.hardsigmoid(self.up(F.relu(self.down(s), inplace=True)))
        return x * s[:, :, None, None]


class CBAM(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.mlp = nn.Sequential(nn.Linear(8, 2), nn.ReLU(), nn.Linear(2, 8))
        self.spatial = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x):
        x = self.conv(x)
        n, c = x.size(0), x.size(1)
        a = self.mlp(F.adaptive_avg_pool2d(x, 1).view(n, c))
        b = self.mlp(F.adaptive_max_pool2d(x, 1).view(n, c))
        x = x * torch.sigmoid(a + b).view(n, c, 1, 1)
        s = torch.cat([x.max(dim=1, keepdim=True)[0], x.mean(dim=1, keepdim=True)], dim=1)
        return x * torch.sigmoid(self.spatial(s))


class DeepLab(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = block(3, 6, s=2)
        self.branches = nn.ModuleList([nn.Conv2d(6, 4, 1)] + [nn.Conv2d(6, 4, 3, padding=d, dilation=d) for d in (2, 3)])
        self.image, self.project, self.head = nn.Conv2d(6, 4, 1), nn.Conv2d(16, 5, 1), nn.Conv2d(5, 2, 1)

    def forward(self, x):
        size = x.shape[-2:]
        y = self.stem(x)
        parts = [branch(y) for branch in self.branches]
        g = self.image(F.adaptive_avg_pool2d(y, (1, 1)))
        parts.append(g.expand(-1, -1, y.shape[2], y.shape[3]))
        y = F.dropout(F.relu(self.project(torch.cat(parts, 1))), 0.5, self.training)
        return F.interpolate(self.head(y), scale_factor=2, mode="bilinear", align_corners=False)


class FPN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c2, self.c3, self.c4 = block(3, 4, s=2), block(4, 6, s=2), block(6, 8, s=2)
        self.l2, self.l3, self.l4 = nn.Conv2d(4, 5, 1), nn.Conv2d(6, 5, 1), nn.Conv2d(8, 5, 1)
        self.smooth, self.head = nn.Conv2d(5, 5, 3, padding=1), nn.Conv2d(5, 3, 1)

    def forward(self, x):
        c2 = self.c2(x)
        c3 = self.c3(c2)
        c4 = self.c4(c3)
        p4 = self.l4(c4)
        p3 = self.l3(c3) + F.interpolate(p4, scale_factor=2.0)
        p2 = self.l2(c2) + F.interpolate(p3, scale_factor=2.0)
        levels = [self.head(self.smooth(p)).flatten(2) for p in (p2, p3, p4)]
        return torch.cat(levels, -1).permute(0, 2, 1)


class SuperResolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.head, self.body = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 6, 3, padding=1)
        self.tail = nn.Conv2d(6, 9, 3, padding=1)

    def forward(self, x):
        y = torch.tanh(self.head(x))
        y = y + 0.1 * F.leaky_relu(self.body(y), 0.2)
        return F.pixel_shuffle(self.tail(y), 3) + F.interpolate(x, scale_factor=3, mode="nearest")


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc, self.mu, self.logvar = nn.Linear(12, 10), nn.Linear(10, 3), nn.Linear(10, 3)
        self.dec = nn.Sequential(nn.Linear(3, 8), nn.Unflatten(1, (2, 2, 2)), nn.ConvTranspose2d(2, 1, 3, 2, 1, 1))

    def forward(self, x, noise):
        h = F.elu(self.enc(x.reshape(x.size(0), -1)))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.exp(0.5 * logvar) * noise
        kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1)
        return torch.sigmoid(self.dec(z)), kl


class LstmAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.lstm = nn.Embedding(12, 5), nn.LSTM(5, 4, batch_first=True, bidirectional=True)
        self.score, self.fc = nn.Linear(8, 1, bias=False), nn.Linear(16, 3)

    def forward(self, tokens):
        both = self.lstm(self.embed(tokens))
        out, h = both[0], both[1][0]
        w = F.softmax(self.score(out).squeeze(-1), dim=1)
        context = torch.einsum("bt,btd->bd", w, out)
        return self.fc(torch.cat([context, h[-2], h[-1]], dim=1))


class TextCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 6)
        self.convs = nn.ModuleList(nn.Conv1d(6, 4, k) for k in (2, 3, 4))
        self.fc = nn.Linear(12, 2)

    def forward(self, x):
        x = self.embed(x).transpose(1, 2)
        parts = [F.relu(conv(x)).max(dim=2).values for conv in self.convs]
        return F.log_softmax(self.fc(F.dropout(torch.cat(parts, 1), 0.3, self.training)), dim=-1)


class MlpMixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 6, 4, 4)
        self.n1, self.n2, self.n3 = nn.LayerNorm(6), nn.LayerNorm(6), nn.LayerNorm(6)
        self.tokens = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 4))
        self.channels = nn.Sequential(nn.Linear(6, 12), nn.GELU(), nn.Linear(12, 6))
        self.head = nn.Linear(6, 5)

    def forward(self, x):
        x = torch.flatten(self.patch(x), 2).permute(0, 2, 1)
        x = x + self.tokens(self.n1(x).transpose(1, 2)).transpose(1, 2)
        x = x + self.channels(self.n2(x))
        return self.head(self.n3(x).mean(1))


class ViT(nn.Module):
    class Block(nn.Module):
        def __init__(self, d, heads):
            super().__init__()
            self.heads, self.norm1, self.norm2 = heads, nn.LayerNorm(d), nn.LayerNorm(d)
            self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
            self.mlp = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))
            self.gamma = nn.Parameter(torch.full((d,), 0.5))

        def forward(self, x):
            B, N, C = x.shape[0], x.shape[1], x.shape[2]
            qkv = self.qkv(self.norm1(x)).reshape(B, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
            parts = qkv.unbind(0)
            q, k, v = parts[0], parts[1], parts[2]
            a = ((q * (C // self.heads) ** -0.5) @ k.transpose(-2, -1)).softmax(dim=-1)
            x = x + self.gamma * self.proj((a @ v).transpose(1, 2).reshape(B, N, C))
            return x + self.mlp(self.norm2(x))

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.cls, self.pos = nn.Parameter(torch.randn(1, 1, 8)), nn.Parameter(torch.randn(1, 5, 8))
        self.blocks = nn.Sequential(self.Block(8, 2), self.Block(8, 4))
        self.norm, self.head = nn.LayerNorm(8), nn.Linear(8, 3)
        for b in self.blocks:
            b.scale = None

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), dim=1) + self.pos
        return self.head(self.norm(self.blocks(x))[:, 0])


class Capsules(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 12, 3, 2)
        self.weight = nn.Parameter(torch.randn(3, 27, 5, 4) * 0.3)

    def squash(self, s):
        n = (s**2).sum(-1, keepdim=True)
        return n / (1 + n) * s / torch.sqrt(n + 1e-8)

    def forward(self, x):
        u = self.conv(x)
        u = self.squash(u.view(u.size(0), 3, 4, -1).permute(0, 1, 3, 2).reshape(u.size(0), -1, 4))
        votes = torch.einsum("jiod,bid->bjio", self.weight, u)
        c = torch.softmax(torch.einsum("bjio,bjio->bji", votes, votes), dim=1)
        v = self.squash(torch.einsum("bji,bjio->bjo", c, votes))
        return torch.linalg.norm(v, dim=-1)


class Attended(nn.Module):
    """nn.MultiheadAttention within a graph: heads and order are written in its print by hand."""

    def __init__(self):
        super().__init__()
        self.attn, self.cross = nn.MultiheadAttention(8, 2, batch_first=True), nn.MultiheadAttention(8, 4)
        self.norm = nn.LayerNorm(8)

    def forward(self, x, memory):
        y = self.norm(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        out = self.cross(x.transpose(0, 1), memory, memory)[0]
        return x + out.transpose(0, 1)


class FiLM(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.film = nn.Conv2d(3, 4, 3), nn.InstanceNorm2d(4), nn.Linear(5, 8)

    def forward(self, x, condition):
        parts = torch.split(self.film(condition), 4, dim=1)
        gamma, beta = parts[0], parts[1]
        y = self.norm(self.conv(x))
        return torch.relu((1 + gamma.view(-1, 4, 1, 1)) * y + beta.unsqueeze(-1).unsqueeze(-1))


class NonLocal(nn.Module):
    def __init__(self):
        super().__init__()
        self.theta, self.phi, self.g, self.out = (nn.Conv2d(*s, 1) for s in ((4, 2), (4, 2), (4, 2), (2, 4)))

    def forward(self, x):
        n, h, w = x.size(0), x.size(2), x.size(3)
        theta = self.theta(x).view(n, 2, -1).permute(0, 2, 1)
        phi = self.phi(x).view(n, 2, -1)
        y = torch.matmul(F.softmax(torch.matmul(theta, phi), dim=-1), self.g(x).view(n, 2, -1).permute(0, 2, 1))
        return x + self.out(y.permute(0, 2, 1).contiguous().view(n, 2, h, w))


class GlobalContext(nn.Module):
    """Standardises by hand: mean, variance, square root, clamp, where."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 3, padding=1)
        self.gain, self.bias = nn.Parameter(torch.rand(1, 4, 1) + 0.5), nn.Parameter(torch.randn(1, 4, 1))

    def forward(self, x):
        y = self.conv(x)
        m, v = y.mean(dim=2, keepdim=True), y.var(dim=2, unbiased=False, keepdim=True)
        y = (y - m) / torch.sqrt(v + 1e-5) * self.gain + self.bias
        z = torch.where(y > 0, y, 0.1 * torch.abs(y).log1p())
        return torch.clamp(z, min=-1.0, max=2.0) - z.std(dim=1, keepdim=True)


class StatsPooling(nn.Module):
    """Speech: frames to one vector by mean and standard deviation."""

    def __init__(self):
        super().__init__()
        self.frames = nn.Sequential(nn.Conv1d(3, 6, 5, padding=2), nn.ReLU(), nn.BatchNorm1d(6))
        self.fc = nn.Linear(12, 4)

    def forward(self, x):
        y = self.frames(x)
        return self.fc(torch.cat([torch.mean(y, 2), torch.std(y, 2)], dim=1))


class GruEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.fc = nn.GRU(3, 5, batch_first=True), nn.Linear(10, 2)

    def forward(self, x):
        both = self.gru(x)
        out, h = both[0], both[1]
        return self.fc(torch.cat([h.squeeze(0), torch.amax(out, dim=1)], dim=1))


class Rotary(nn.Module):
    """Positions turned into queries and keys, from buffers."""

    def __init__(self):
        super().__init__()
        self.q, self.k = nn.Linear(6, 4), nn.Linear(6, 4)
        angle = torch.arange(5.0)[:, None] * 0.3 ** torch.arange(2.0)[None]
        self.register_buffer("cos", torch.cat([angle.cos(), angle.cos()], -1))
        self.register_buffer("sin", torch.cat([angle.sin(), angle.sin()], -1))

    def forward(self, x):
        q, k = self.q(x), self.k(x)
        q = q * self.cos + torch.cat((-q[..., 2:], q[..., :2]), dim=-1) * self.sin
        k = k * self.cos + torch.cat((-k[..., 2:], k[..., :2]), dim=-1) * self.sin
        return torch.einsum("bqd,bkd->bqk", q, k).div(2.0).logsumexp(-1)


class DenseBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv2d(2 + 3 * i, 3, 3, padding=1) for i in range(3))
        self.fc = nn.Linear(11, 4)

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(F.silu(layer(torch.cat(features, 1))))
        return self.fc(F.avg_pool2d(torch.cat(features, dim=1), 4).flatten(1))


class Hypercolumn(nn.Module):
    """A pyramid of pooling, each level stretched back."""

    def __init__(self):
        super().__init__()
        self.levels = nn.ModuleList(nn.Conv2d(4, 2, 1) for _ in range(2))
        self.fuse = nn.Conv2d(8, 3, 3, padding=1)

    def forward(self, x):
        parts = [x]
        for size, level in zip((1, 2), self.levels):
            y = level(F.adaptive_avg_pool2d(x, size))
            parts.append(F.interpolate(y, size=(4, 4), mode="bilinear", align_corners=True))
        return torch.flip(F.softplus(self.fuse(torch.cat(parts, 1))), dims=[3])


class Highway(nn.Module):
    def __init__(self):
        super().__init__()
        self.h, self.t = nn.Linear(5, 5), nn.Linear(5, 5)

    def forward(self, x):
        gate = torch.sigmoid(self.t(x))
        y = torch.mul(gate, torch.relu(self.h(x))) + torch.sub(1, gate) * x
        return torch.maximum(y, -y).cumsum(dim=1).topk(2, dim=1)[0]


class Relative(nn.Module):
    """Differences of all pairs, stretched against each other."""

    def __init__(self):
        super().__init__()
        self.f, self.g = nn.Linear(6, 4), nn.Linear(4, 2)

    def forward(self, x):
        b, n, d = x.size(0), x.size(1), x.size(2)
        left = x.unsqueeze(2).expand(b, n, n, d)
        right = x.unsqueeze(1).repeat(1, n, 1, 1)
        pairs = torch.relu(self.f(torch.cat([left, right - left], dim=-1)))
        return self.g(pairs.view(b, n * n, 4).sum(dim=1) / n**1)


CASES = [
    (UNet, [(2, 1, 8, 12)]), (Siamese, [(2, 1, 6, 6), (2, 1, 6, 6)]), (TwoTower, ["10:3", (3, 5)]),
    (Transformer, [(2, 5, 8)]), (AttentionPooling, [(2, 5, 4)]), (WaveNet, [(2, 1, 9)]),
    (InvertedResidual, [(2, 3, 8, 6)]), (SqueezeExcite, [(2, 2, 5, 6)]), (CBAM, [(2, 3, 6, 5)]),
    (DeepLab, [(2, 3, 8, 8)]), (FPN, [(1, 3, 16, 8)]), (SuperResolution, [(2, 1, 4, 5)]),
    (VAE, [(2, 3, 4), (2, 3)]), (LstmAttention, ["12:2,5"]), (TextCNN, ["20:2,7"]), (MlpMixer, [(2, 3, 8, 8)]),
    (ViT, [(2, 3, 8, 8)]), (Capsules, [(2, 1, 7, 7)]), (Attended, [(2, 5, 8), (4, 2, 8)]),
    (FiLM, [(2, 3, 5, 5), (2, 5)]), (NonLocal, [(2, 4, 3, 5)]), (GlobalContext, [(2, 2, 7)]),
    (StatsPooling, [(2, 3, 9)]), (GruEncoder, [(2, 4, 3)]), (Rotary, [(2, 5, 6)]), (DenseBlock, [(2, 2, 4, 4)]),
    (Hypercolumn, [(2, 4, 4, 4)]), (Highway, [(3, 5)]), (Relative, [(2, 3, 3)]),
]


def tensor(t):
    data = [x if math.isfinite(x) else str(x).replace("inf", "Infinity") for x in t.detach().reshape(-1).tolist()]
    return {"shape": list(t.shape), "data": data}


def shapes(named):
    own = {n: tuple(t.shape) for n, t in named}
    return str(own)


def macs(model, inputs):
    """Of one sample; only where nothing but Linear and convolutions multiplies matrices."""
    total = [0]

    def count(module, given, output):
        if isinstance(module, nn.Linear):
            total[0] += output.numel() * module.in_features
        elif isinstance(module, nn.ConvTranspose2d):
            total[0] += given[0].numel() * module.weight[0].numel()
        else:
            total[0] += output.numel() * module.weight[0].numel()

    hooks = [m.register_forward_hook(count) for m in model.modules()
             if isinstance(m, (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d))]
    model(*[x[:1] for x in inputs])
    for hook in hooks:
        hook.remove()
    return total[0]


def written(printed):
    """The print, with the arguments of attention and of Transformers in place of what hides them."""
    for name, words in WORDS.get(printed.split("(")[0], {}).items():
        start = printed.index(f"({name}): ")
        end = printed.index("\n  )", start) + 4
        printed = printed[:start] + f"({name}): {words}" + printed[end:]
    return printed


# What a print does not show of some modules, by the network and the module.
WORDS = {
    "Attended": {"attn": "MultiheadAttention(8, 2, batch_first=True)", "cross": "MultiheadAttention(8, 4)"},
    "MaskedHeads": {"one": "MultiheadAttention(8, 2, batch_first=True)",
                    "two": "MultiheadAttention(8, 4, bias=False, kdim=6, vdim=6)"},
    "Encoder": {"one": "TransformerEncoderLayer(8, 2, 12, batch_first=True)",
                "two": "TransformerEncoderLayer(8, 4, 6, activation='gelu', norm_first=True, layer_norm_eps=1e-3)"},
    "Decoder": {"layer": "TransformerDecoderLayer(8, 2, 10, batch_first=True)",
                "stack": "TransformerEncoder(TransformerEncoderLayer(8, 2, 10, batch_first=True), 2, norm=LayerNorm(8))"},
}


def case(kind, sizes, counted):
    model = kind()
    model.eval()
    for p in model.modules():
        if isinstance(p, (nn.BatchNorm1d, nn.BatchNorm2d)):
            p.running_mean.uniform_(-0.5, 0.5)
            p.running_var.uniform_(0.5, 1.5)
    inputs = []
    for size in sizes:
        if isinstance(size, str):
            top, dims = size.split(":")
            inputs.append(torch.randint(int(top), tuple(map(int, dims.split(",")))))
        else:
            inputs.append(torch.randn(size, requires_grad=True))
    try:
        traced = torch.fx.symbolic_trace(model)
        flow = str(traced.graph)
        names = [n.target for n in traced.graph.nodes if n.op == "placeholder"]
    except TypeError:
        # torch.fx refuses functions that make tensors of sizes.
        traced = model
        flow = textwrap.dedent(inspect.getsource(kind.forward))
        names = list(inspect.signature(kind.forward).parameters)[1:]
    output = model(*inputs)
    first = output[0] if isinstance(output, tuple) else output
    dy = torch.randn_like(first)
    (first * dy).sum().backward()
    printed = written(str(model))
    own = [(n, p) for n, p in model.named_parameters()]
    text = f"{printed}\n{flow}\n{shapes(own)}\n"
    # What is computed while tracing is a buffer of the traced module alone.
    buffers = [(n, b) for n, b in traced.named_buffers() if b.dtype != torch.int64]
    if buffers:
        text += shapes(buffers) + "\n"
    return {
        "name": kind.__name__, "op": "network", "args": {}, "text": text,
        "params": sum(p.numel() for p in model.parameters()),
        "macs": macs(model, inputs) if counted else -1,
        "order": names,
        "inputs": {**{n: tensor(x) for n, x in zip(names, inputs)}, "dy": tensor(dy)},
        "outputs": {"output": tensor(first),
                    **({f"output_{i}": tensor(y) for i, y in enumerate(output) if i > 0} if isinstance(output, tuple) else {})},
        "grads": {**{n: tensor(x.grad) for n, x in zip(names, inputs) if x.grad is not None},
                  **{n: tensor(p.grad) for n, p in model.named_parameters() if p.grad is not None}},
        "weights": {k: tensor(v.double()) for k, v in traced.state_dict().items() if v.dtype != torch.int64},
    }


# A step of a recurrent layer, an attention or an einsum multiplies too, which no hook sees.
UNCOUNTED = {
    "Transformer", "AttentionPooling", "LstmAttention", "ViT", "Capsules", "Attended", "NonLocal", "GruEncoder", "Rotary",
}


def write(family, cases, arguments):
    if len(arguments) > 1:
        for c in cases:
            base = os.path.join(arguments[1], c["name"])
            open(base + ".txt", "w").write(c["text"])
            np.savez(base + ".npz", **{k: np.reshape(v["data"], v["shape"]) for k, v in c["weights"].items()})
            for name in c["order"]:
                np.save(f"{base}.{name}.npy", np.reshape(c["inputs"][name]["data"], c["inputs"][name]["shape"]))
            np.save(base + ".output.npy", np.reshape(c["outputs"]["output"]["data"], c["outputs"]["output"]["shape"]))
        sys.exit()
    with gzip.GzipFile(f"src/test/resources/golden/{family}.jsonl.gz", "wb", mtime=0) as out:
        for c in cases:
            out.write((json.dumps(c) + "\n").encode())


if __name__ == "__main__":
    write("networks", [case(kind, sizes, kind.__name__ not in UNCOUNTED) for kind, sizes in CASES], sys.argv)
