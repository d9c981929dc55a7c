"""More networks of many kinds, as make_networks.py makes them: states of recurrent layers, attention with masks, weights by
functions, sizes of other tensors, keyword arguments in any order, several outputs.

Writes networks_more.jsonl.gz beside the other golden cases: /usr/bin/python3 src/test/golden/make_networks_more.py
With a folder as its argument it writes files for the program instead.
"""
import math
import sys

import torch
import torch.nn.functional as F
from torch import nn

import make_networks as base

torch.manual_seed(23)


class OddUNet(nn.Module):
    """Odd sizes: each level is stretched to the size of the one that it joins."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = base.block(1, 4), base.block(4, 6), base.block(6, 6)
        self.d, self.e, self.out = nn.Conv2d(12, 4, 3, padding=1), nn.Conv2d(8, 4, 3, padding=1), nn.Conv2d(4, 2, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool2d(a, 2, ceil_mode=True))
        c = self.c(F.max_pool2d(b, 2))
        c = F.interpolate(c, size=b.shape[-2:], mode="bilinear", align_corners=False)
        d = F.relu(self.d(torch.cat([c, b], 1)))
        d = F.interpolate(d, a.shape[2:])
        e = F.relu(self.e(torch.cat([d, a], 1)))
        return F.interpolate(self.out(e), size=(x.size(2), x.size(3)), mode="bilinear", align_corners=True)


class Seq2Seq(nn.Module):
    """A GRU of two layers goes on where another ended."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.GRU(3, 4, 2, batch_first=True), nn.GRU(2, 4, 2, batch_first=True)
        self.out = nn.Linear(4, 4)

    def forward(self, source, target):
        both = self.encoder(source)
        decoded = self.decoder(target, both[1])
        return self.out(decoded[0]) + decoded[1][0].unsqueeze(1)


class LstmStates(nn.Module):
    """All that an LSTM gives: states of the lower layer, of the cell, of both directions."""

    def __init__(self):
        super().__init__()
        self.first = nn.LSTM(3, 4, 2, bidirectional=True)
        self.second = nn.LSTM(8, 4, 2, bidirectional=True)
        self.fc = nn.Linear(12, 2)

    def forward(self, x):
        one = self.first(x)
        two = self.second(one[0], (one[1][0], one[1][1]))
        h, c = two[1][0], two[1][1]
        return self.fc(torch.cat([h[0], c[-1], one[1][1][1]], dim=1)) + two[0].mean((0, 2)).unsqueeze(1)


class Cells(nn.Module):
    """Steps that the trace unrolls."""

    def __init__(self):
        super().__init__()
        self.lstm, self.gru, self.rnn = nn.LSTMCell(3, 4), nn.GRUCell(4, 4), nn.RNNCell(4, 2, nonlinearity="relu")

    def forward(self, x, h, c):
        s = torch.zeros_like(h)
        for t in range(3):
            pair = self.lstm(x[:, t], (h, c))
            h, c = pair[0], pair[1]
            s = self.gru(h, s)
        return torch.cat([self.rnn(s), c], 1)


class Triplet(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 4))

    def forward(self, anchor, near, far):
        a, p, n = self.trunk(anchor), self.trunk(near), self.trunk(far)
        return torch.stack([F.cosine_similarity(a, p, dim=-1), F.pairwise_distance(a, n), (a - p).abs().sum(dim=1)], dim=1)


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(5, 3)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(5, 4), nn.ReLU(inplace=True)) for _ in range(3))

    def forward(self, x):
        gates = torch.softmax(self.gate(x), dim=-1)
        outs = torch.stack([expert(x) for expert in self.experts], dim=1)
        return torch.einsum("be,bed->bd", gates, outs) + (gates.unsqueeze(2) * outs).sum(1)


class PyramidPooling(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(2, 3, 3, padding=1), nn.Linear(3 * 14, 4)

    def forward(self, x):
        x = F.elu(self.conv(x), inplace=True)
        parts = [torch.flatten(F.adaptive_max_pool2d(x, n), start_dim=1) for n in (1, 2, 3)]
        return self.fc(torch.cat(parts, -1))


class Positions(nn.Module):
    """Places by torch.arange, words by a table; the mask of what is no word."""

    def __init__(self):
        super().__init__()
        self.words, self.places, self.norm = nn.Embedding(9, 6, padding_idx=0), nn.Embedding(8, 6), nn.LayerNorm(6)

    def forward(self, tokens):
        at = torch.arange(tokens.size(1), device=tokens.device).unsqueeze(0)
        x = self.norm(self.words(tokens) * math.sqrt(6) + self.places(at))
        mask = (tokens != 0).unsqueeze(-1).float()
        return (x * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)


class ByFunctions(nn.Module):
    """Weights by themselves, given to functions in any order."""

    def __init__(self):
        super().__init__()
        make = lambda *shape: nn.Parameter(torch.randn(*shape) * 0.5)
        self.w1, self.b1, self.w2 = make(4, 2, 3, 3), make(4), make(4, 1, 3, 3)
        self.g, self.s, self.slope = make(4), make(4), make(4)
        self.up, self.ub = make(4, 3, 2, 2), make(3)
        self.lw, self.lb, self.fw, self.fb = make(6), make(6), make(5, 6), make(5)
        self.register_buffer("mean", torch.randn(4) * 0.1)
        self.register_buffer("var", torch.rand(4) + 0.5)

    def forward(self, x):
        x = F.conv2d(x, self.w1, self.b1, stride=2, padding=1)
        x = F.batch_norm(x, self.mean, self.var, self.g, bias=self.s, training=False, eps=1e-3)
        x = F.prelu(x, self.slope)
        x = F.conv2d(groups=4, weight=self.w2, input=x, padding=1)
        x = F.group_norm(x, 2, weight=self.g, bias=self.s)
        x = F.conv_transpose2d(x, self.up, bias=self.ub, stride=2)
        x = F.instance_norm(x)
        x = F.layer_norm(x, (6,), self.lw, self.lb)
        return F.linear(bias=self.fb, weight=self.fw, input=x).mean(dim=(-2, -3))


class StandardisedConv(nn.Module):
    """A kernel that is computed before it is used."""

    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(4, 3, 3)), nn.Parameter(torch.randn(4))

    def forward(self, x):
        w = self.weight
        w = (w - w.mean(dim=(1, 2), keepdim=True)) / (w.std(dim=(1, 2), keepdim=True) + 1e-5)
        return F.conv1d(x, w, self.bias, 1, 2, 2).relu()


class MaskedHeads(nn.Module):
    """nn.MultiheadAttention with masks; its weights are used."""

    def __init__(self):
        super().__init__()
        self.one = nn.MultiheadAttention(8, 2, batch_first=True)
        self.two = nn.MultiheadAttention(8, 4, bias=False, kdim=6, vdim=6)

    def forward(self, x, memory, lengths):
        steps = torch.arange(x.size(1)).unsqueeze(0)
        ignored = steps >= lengths.unsqueeze(1)
        causal = torch.triu(torch.ones(x.size(1), x.size(1)), diagonal=1).bool()
        one = self.one(x, x, x, key_padding_mask=ignored, attn_mask=causal, need_weights=False)
        two = self.two(one[0].transpose(0, 1), memory, memory, average_attn_weights=False)
        w = torch.amax(two[1], dim=1)
        return two[0].transpose(0, 1) + torch.bmm(w, memory.transpose(0, 1))[:, :, :1]


class Causal(nn.Module):
    """Attention by its formula with a mask that the model holds."""

    def __init__(self):
        super().__init__()
        self.qkv, self.out = nn.Linear(6, 18, bias=False), nn.Linear(6, 6)
        self.register_buffer("mask", torch.tril(torch.ones(5, 5)).view(1, 1, 5, 5))

    def forward(self, x):
        B, T, C = x.size(0), x.size(1), x.size(2)
        parts = self.qkv(x).split(6, dim=2)
        q, k, v = (parts[i].view(B, T, 3, 2).transpose(1, 2) for i in range(3))
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(2))
        att = att.masked_fill(self.mask[:, :, :4, :4] == 0, float("-inf"))
        y = F.softmax(att, dim=-1) @ v
        return self.out(y.transpose(1, 2).contiguous().view(B, T, C))


class Encoder(nn.Module):
    """Two layers of torch.nn's encoder under a mask, the second one normalises first."""

    def __init__(self):
        super().__init__()
        self.one = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True)
        self.two = nn.TransformerEncoderLayer(8, 4, 6, activation="gelu", norm_first=True, layer_norm_eps=1e-3)
        self.register_buffer("mask", torch.triu(torch.full((5, 5), float("-inf")), diagonal=1))

    def forward(self, x):
        x = self.one(x, src_mask=self.mask)
        return self.two(x.transpose(0, 1)).mean(0)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerDecoderLayer(8, 2, 10, batch_first=True)
        self.stack = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 10, batch_first=True), 2, norm=nn.LayerNorm(8))

    def forward(self, x, memory):
        causal = torch.triu(torch.ones(x.shape[1], x.shape[1]), diagonal=1) > 0
        return self.layer(x, self.stack(memory), tgt_mask=causal)


class Outputs(nn.Module):
    """An auto-encoder of one input that gives three tensors."""

    def __init__(self):
        super().__init__()
        self.enc, self.mu, self.logvar = nn.Linear(6, 5), nn.Linear(5, 2), nn.Linear(5, 2)
        self.dec = nn.Sequential(nn.Linear(2, 5), nn.ReLU(True), nn.Linear(5, 6))

    def forward(self, x):
        h = torch.tanh(self.enc(x))
        mu, logvar = self.mu(h), self.logvar(h)
        return self.dec(mu), mu, logvar


class Temporal(nn.Module):
    """Causal convolutions whose end is cut off, with a residual."""

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv1d(3 if d == 1 else 4, 4, 3, padding=2 * d, dilation=d) for d in (1, 2))
        self.down = nn.Conv1d(3, 4, 1)

    def forward(self, x):
        y = x
        for d, conv in zip((1, 2), self.convs):
            y = F.relu(conv(y)[:, :, : -2 * d].contiguous())
        return F.relu(y + self.down(x))[..., -1]


class Unpooling(nn.Module):
    """Convolutions down and transposed convolutions up, to the size that came in."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 4, 3, 2, 1), nn.LeakyReLU(0.2, inplace=True), nn.Conv2d(4, 6, 3, 2, 1), nn.SELU())
        self.up1, self.up2 = nn.ConvTranspose2d(6, 4, 3, 2, 1, output_padding=1), nn.ConvTranspose2d(4, 1, 4, 2, 1)

    def forward(self, x):
        code = self.down(x)
        return torch.sigmoid(self.up2(F.celu(self.up1(code), alpha=0.5))).mul(2).sub(1)


class ContextBlock(nn.Module):
    """Global context: where to look by a softmax over places, then a change for all of them."""

    def __init__(self):
        super().__init__()
        self.key = nn.Conv2d(4, 1, 1)
        self.change = nn.Sequential(nn.Conv2d(4, 2, 1), nn.LayerNorm([2, 1, 1]), nn.ReLU(inplace=True), nn.Conv2d(2, 4, 1))

    def forward(self, x):
        b, c, h, w = x.size(0), x.size(1), x.size(2), x.size(3)
        key = self.key(x).view(b, 1, h * w).softmax(2)
        context = torch.bmm(x.view(b, c, h * w), key.permute(0, 2, 1))
        context = torch.einsum("bcn,bmn->bcm", x.flatten(2), key) + context
        return x + self.change(context.unsqueeze(-1))


class Hierarchical(nn.Module):
    """Groups of channels, each with what the one before gave."""

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(2, 2, 3, padding=1, bias=False) for _ in range(3))
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        parts = torch.chunk(x, 4, dim=1)
        outs = [parts[0]]
        y = parts[1]
        for i, conv in enumerate(self.convs):
            y = F.hardswish(conv(y))
            outs.append(y)
            y = y + parts[min(i + 2, 3)]
        return self.fc(torch.cat(tensors=outs, dim=1).mean(dim=[2, 3]))


class Keywords(nn.Module):
    """Arguments by name in any order."""

    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(2, 4, 3), nn.Linear(4, 3)

    def forward(self, x):
        x = self.conv(input=x)
        x = F.max_pool2d(stride=1, input=x, kernel_size=(2, 3), padding=(1, 0))
        x = F.interpolate(mode="nearest", scale_factor=(2, 1), input=x)
        x = F.pad(mode="reflect", pad=(1, 0, 0, 2), input=x)
        x = F.leaky_relu(negative_slope=0.3, input=x)
        x = torch.add(other=1, input=x)
        x = torch.mean(keepdim=False, dim=(2, 3), input=x)
        x = self.fc(torch.unsqueeze(dim=1, input=x))
        x = torch.squeeze(dim=1, input=x)
        return F.softmax(dim=-1, input=torch.mul(input=x, other=2.0)) + F.gelu(x, approximate="tanh")


class MobileBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.expand, self.depth = nn.Conv2d(3, 6, 1), nn.Conv2d(6, 6, 5, padding=2, groups=6)
        self.down, self.up, self.project = nn.Conv2d(6, 2, 1), nn.Conv2d(2, 6, 1), nn.Conv2d(6, 3, 1)

    def forward(self, x):
        y = F.hardswish(self.depth(F.hardswish(self.expand(x), inplace=True)))
        s = F.hardsigmoid(self.up(F.relu(self.down(F.adaptive_avg_pool2d(y, 1)))), inplace=True)
        y = self.project(s * y)
        y += x
        return F.relu6(y, True)


class Angular(nn.Module):
    """A head of unit vectors: cosines times a scale."""

    def __init__(self):
        super().__init__()
        self.features, self.weight = nn.Linear(5, 4), nn.Parameter(torch.randn(3, 4))
        self.scale = nn.Parameter(torch.tensor(8.0))

    def forward(self, x):
        cosine = F.linear(F.normalize(self.features(x)), F.normalize(self.weight, dim=1))
        return self.scale * torch.where(cosine > 0.2, cosine - 0.1, cosine)


class Frequencies(nn.Module):
    """Coordinates as waves of many lengths."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(14, 8), nn.ReLU(), nn.Linear(8, 4))

    def forward(self, x):
        waves = [x]
        for k in range(3):
            waves += [torch.sin(x * 2.0**k), torch.cos(2.0**k * x)]
        out = self.fc(torch.cat(waves, dim=-1))
        return torch.cat([torch.sigmoid(out[..., :3]), F.softplus(out[..., 3:])], dim=-1)


class DeepSet(nn.Module):
    """A mean over those members of a set that are there."""

    def __init__(self):
        super().__init__()
        self.phi, self.rho = nn.Linear(3, 5), nn.Linear(5, 2)

    def forward(self, x):
        there = (x.abs().sum(-1, keepdim=True) > 1.5).float()
        y = torch.relu(self.phi(x)) * there
        count = there.sum(dim=1).clamp(min=1)
        top = y.masked_fill(there == 0, -1e9).max(dim=1)[0]
        return self.rho(y.sum(dim=1) / count) + self.rho(top.clamp(min=-1))


class Residuals(nn.Module):
    """Super-resolution: scaled residuals and sub-pixels."""

    def __init__(self):
        super().__init__()
        self.head = nn.Conv2d(1, 4, 3, padding=1)
        self.body = nn.ModuleList(nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(True), nn.Conv2d(4, 4, 3, padding=1)) for _ in range(2))
        self.tail = nn.Sequential(nn.Conv2d(4, 8, 3, padding=1), nn.PixelShuffle(2), nn.Conv2d(2, 1, 3, padding=1))

    def forward(self, x):
        x = self.head(x)
        y = x
        for block in self.body:
            y = torch.add(y, block(y), alpha=0.1)
        return self.tail(x + y).clamp(-1, 1)


class Coordinates(nn.Module):
    """A convolution that sees where it is."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 3, 3, padding=1)

    def forward(self, x):
        n, h, w = x.size(0), x.size(2), x.size(3)
        across = torch.linspace(-1, 1, w).view(1, 1, 1, w).expand(n, 1, h, w)
        down = torch.linspace(-1, 1, h).view(1, 1, h, 1).expand(n, 1, h, w)
        return self.conv(torch.cat([x, across, down], 1))


CASES = [
    (OddUNet, [(2, 1, 9, 7)]), (Seq2Seq, [(2, 4, 3), (2, 3, 2)]), (LstmStates, [(4, 2, 3)]),
    (Cells, [(2, 3, 3), (2, 4), (2, 4)]), (Triplet, [(3, 5), (3, 5), (3, 5)]), (Experts, [(4, 5)]),
    (PyramidPooling, [(2, 2, 7, 6)]), (Positions, ["9:2,5"]), (ByFunctions, [(2, 2, 6, 6)]),
    (StandardisedConv, [(2, 3, 8)]), (MaskedHeads, [(2, 5, 8), (4, 2, 6), "4:2"]), (Causal, [(2, 4, 6)]),
    (Encoder, [(2, 5, 8)]), (Decoder, [(2, 4, 8), (2, 6, 8)]), (Outputs, [(3, 6)]), (Temporal, [(2, 3, 9)]),
    (Unpooling, [(2, 1, 8, 12)]), (ContextBlock, [(2, 4, 3, 5)]), (Hierarchical, [(2, 8, 4, 5)]),
    (Keywords, [(2, 2, 6, 7)]), (MobileBlock, [(2, 3, 5, 6)]), (Angular, [(3, 5)]), (Frequencies, [(3, 2)]),
    (DeepSet, [(3, 5, 3)]), (Residuals, [(2, 1, 5, 6)]), (Coordinates, [(2, 2, 5, 6)]),
]

# Where more than Linear and convolutions that are modules multiply.
UNCOUNTED = {
    "Seq2Seq", "LstmStates", "Cells", "Experts", "ByFunctions", "StandardisedConv", "MaskedHeads", "Causal", "Encoder",
    "Decoder", "ContextBlock", "Angular",
}

if __name__ == "__main__":
    base.write("networks_more", [base.case(kind, sizes, kind.__name__ not in UNCOUNTED) for kind, sizes in CASES], sys.argv)
