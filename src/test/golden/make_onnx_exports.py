#!/usr/bin/python3
"""Writes src/test/resources/onnx/exports.zip: small networks exported by PyTorch (1.13), in ONNX's test layout.

Each folder has model.onnx, input_0.pb, ... and output_0.pb, ... as PyTorch computes them, and gradients.json: the
gradients of the sum of the first output, by the names of inputs and parameters.
"""
import io
import json
import os
import warnings
import zipfile

warnings.filterwarnings("ignore")

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.a, self.b = nn.Conv2d(4, 4, 3, 1, 1), nn.BatchNorm2d(4)
        self.last = nn.Linear(4, 3)

    def forward(self, x):
        y = self.first(x)
        y = F.relu(self.b(self.a(y)) + y)
        return self.last(torch.flatten(F.adaptive_avg_pool2d(y, 1), 1))


class Mobile(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.Hardswish(), nn.Conv2d(8, 8, 3, 1, 1, groups=8))
        self.less, self.more = nn.Conv2d(8, 2, 1), nn.Conv2d(2, 8, 1)
        self.last = nn.Sequential(nn.Linear(8, 4), nn.SiLU(), nn.Dropout(0.2), nn.Linear(4, 2))

    def forward(self, x):
        y = self.a(x)
        y = y * F.hardsigmoid(self.more(F.relu6(self.less(F.adaptive_avg_pool2d(y, 1)))))
        return self.last(y.mean([2, 3]))


class UNet(nn.Module):
    def __init__(self, up):
        super().__init__()
        self.up = up
        self.down, self.low = nn.Conv2d(1, 3, 3, 1, 1), nn.Conv2d(3, 4, 3, 1, 1)
        self.norm, self.transposed = nn.InstanceNorm2d(4, affine=True), nn.ConvTranspose2d(4, 4, 2, 2)
        self.last = nn.Conv2d(7, 1, 1)

    def forward(self, x):
        a = F.leaky_relu(self.down(x), 0.1)
        b = F.elu(self.norm(self.low(F.max_pool2d(a, 2))))
        b = self.transposed(b) if self.up is None else F.interpolate(b, scale_factor=2, mode=self.up)
        return torch.sigmoid(self.last(torch.cat([a, b], 1)))


class Recurrent(nn.Module):
    def __init__(self, kind, states):
        super().__init__()
        self.cells, self.last = getattr(nn, kind)(3, 4, 2, batch_first=True, bidirectional=True), nn.Linear(8, 2)

    def forward(self, x, *states):
        y, h = self.cells(x, (states[0] if len(states) == 1 else states) if states else None)
        return self.last(y[:, -1]), h


class Translator(nn.Module):
    """An encoder, and a decoder that attends to what it gave."""

    def __init__(self):
        super().__init__()
        self.words, self.encoder, self.decoder = nn.Embedding(9, 3), nn.GRU(3, 4, batch_first=True), nn.GRUCell(3, 4)
        self.query, self.last = nn.Linear(4, 4), nn.Linear(8, 9)

    def forward(self, source, target):
        memory, h = self.encoder(self.words(source))
        h, outputs = h[0], []
        for step in range(target.shape[1]):
            h = self.decoder(self.words(target[:, step]), h)
            shares = torch.softmax(torch.bmm(memory, self.query(h).unsqueeze(2)).squeeze(2), 1)
            seen = torch.bmm(shares.unsqueeze(1), memory).squeeze(1)
            outputs.append(self.last(torch.cat([h, seen], 1)))
        return F.log_softmax(torch.stack(outputs, 1), -1)


class TextCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.convs = nn.Embedding(12, 4, padding_idx=0), nn.ModuleList(nn.Conv1d(4, 3, k) for k in (2, 3))
        self.last = nn.Linear(6, 2)

    def forward(self, x):
        y = self.words(x).transpose(1, 2)
        return self.last(torch.cat([F.relu(conv(y)).max(2)[0] for conv in self.convs], 1))


class Patches(nn.Module):
    """A vision transformer of one block."""

    def __init__(self):
        super().__init__()
        self.cut, self.token, self.place = nn.Conv2d(3, 6, 4, 4), nn.Parameter(torch.randn(1, 1, 6)), nn.Parameter(torch.randn(1, 5, 6))
        self.norm, self.attention = nn.LayerNorm(6), nn.MultiheadAttention(6, 2, batch_first=True)
        self.mlp = nn.Sequential(nn.LayerNorm(6), nn.Linear(6, 8), nn.GELU(), nn.Linear(8, 6))
        self.last = nn.Linear(6, 3)

    def forward(self, x):
        y = self.cut(x).flatten(2).transpose(1, 2)
        y = torch.cat([self.token.expand(x.shape[0], -1, -1), y], 1) + self.place
        z = self.norm(y)
        y = y + self.attention(z, z, z, need_weights=False)[0]
        return self.last((y + self.mlp(y))[:, 0])


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1)
        self.head, self.pool = nn.Conv2d(8, 14, 1), nn.MaxPool2d(5, 1, 2)
        self.register_buffer("anchors", torch.tensor([[1.0, 2.0], [3.0, 1.5]]).view(1, 2, 1, 1, 2))

    def forward(self, x):
        a = F.silu(self.a(x))
        p = self.head(torch.cat([self.pool(a), F.interpolate(self.b(a), scale_factor=2)], 1))
        n, _, rows, columns = p.shape
        p = p.view(n, 2, 7, rows, columns).permute(0, 1, 3, 4, 2).contiguous()
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns))
        grid = torch.stack((x, y), 2).view(1, 1, rows, columns, 2).float()
        centre = (p[..., :2].sigmoid() * 2 - 0.5 + grid) * 2
        return torch.cat((centre, torch.exp(p[..., 2:4]) * self.anchors, p[..., 4:].sigmoid()), -1).view(n, -1, 7)


class Finer(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.slope = nn.Conv2d(1, 4, 3, 1, 1), nn.Conv2d(4, 4, 3, 1, 1), nn.PReLU(4)

    def forward(self, x):
        return F.pixel_shuffle(self.b(self.slope(self.a(x))), 2), F.pixel_unshuffle(x, 2)


def named(*names):
    return {name: {axis: symbol for axis, symbol in enumerate(symbols) if symbol} for name, symbols in names}


def cases():
    r = torch.randn
    images, open_images = r(2, 3, 16, 16), named(("x0", ("N", "", "H", "W")))
    for opset in (9, 13, 17):
        yield f"residual_{opset}", Residual(), (images,), opset, {}
    yield "residual_open", Residual(), (images,), 13, dict(dynamic_axes=open_images)
    yield "residual_unfolded", Residual(), (images,), 11, dict(do_constant_folding=False, keep_initializers_as_inputs=True)
    yield "residual_float64", Residual().double(), (images.double(),), 13, {}
    yield "mobile", Mobile(), (images,), 14, {}
    yield "mobile_open", Mobile(), (images,), 11, dict(dynamic_axes=open_images)
    for up in (None, "nearest", "bilinear", "bicubic"):
        yield f"unet_{up or 'transposed'}_open", UNet(up), (r(1, 1, 8, 6),), 13, dict(dynamic_axes=open_images)
    for kind in ("RNN", "GRU", "LSTM"):
        steps = dict(dynamic_axes=named(("x0", ("N", "T"))))
        yield f"{kind.lower()}_both_ways", Recurrent(kind, False), (r(2, 4, 3),), 11, steps
        states = [r(4, 2, 4) for _ in range(2 if kind == "LSTM" else 1)]
        yield f"{kind.lower()}_states", Recurrent(kind, True), (r(2, 4, 3), *states), 13, {}
    yield "translator", Translator(), (torch.randint(0, 9, (2, 4)), torch.randint(0, 9, (2, 3))), 13, dict(
        dynamic_axes=named(("x0", ("N", "S")), ("x1", ("N",))))
    yield "textcnn", TextCnn(), (torch.randint(0, 12, (2, 7)),), 11, dict(dynamic_axes=named(("x0", ("N", "T"))))
    yield "patches", Patches(), (r(2, 3, 8, 8),), 14, dict(dynamic_axes=named(("x0", ("N",))))
    yield "patches_17", Patches(), (r(2, 3, 8, 8),), 17, {}
    yield "detector_open", Detector(), (r(1, 3, 8, 12),), 13, dict(dynamic_axes=open_images)
    yield "finer_open", Finer(), (r(1, 1, 6, 4),), 13, dict(dynamic_axes=open_images)
    yield "norms", nn.Sequential(
        nn.Conv2d(3, 6, 3), nn.GroupNorm(2, 6), nn.Mish(), nn.InstanceNorm2d(6), nn.Softplus(), nn.LocalResponseNorm(3), nn.CELU(),
        nn.Tanhshrink(), nn.GLU(1)), (r(2, 3, 6, 6),), 14, {}


def main(path):
    torch.manual_seed(5)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, model, inputs, opset, options in cases():
            model.eval()
            for module in model.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.running_mean.uniform_(-0.5, 0.5)
                    module.running_var.uniform_(0.5, 1.5)
            given = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
            outputs = []
            flatten(model(*given), outputs)
            names = [f"x{i}" for i in range(len(inputs))]
            file = io.BytesIO()
            torch.onnx.export(model, inputs, file, opset_version=opset, input_names=names,
                              output_names=[f"y{i}" for i in range(len(outputs))], **options)
            write(archive, f"{name}/model.onnx", file.getvalue())
            for kind, tensors in (("input", inputs), ("output", outputs)):
                for i, x in enumerate(tensors):
                    data = numpy_helper.from_array(x.detach().numpy(), f"{kind[0]}{i}").SerializeToString()
                    write(archive, f"{name}/{kind}_{i}.pb", data)
            outputs[0].sum().backward()
            gradients = {n: x.grad for n, x in zip(names, given) if x.grad is not None}
            kept = {t.name for t in onnx.load_model_from_string(file.getvalue()).graph.initializer}
            gradients.update((n, p.grad) for n, p in model.named_parameters() if p.grad is not None and n in kept)
            text = json.dumps({n: [float(f"{v:.7g}") for v in g.flatten().tolist()] for n, g in gradients.items()})
            write(archive, f"{name}/gradients.json", text.encode())


def flatten(output, into):
    if isinstance(output, torch.Tensor):
        into.append(output)
    else:
        for part in output:
            flatten(part, into)


def write(archive, name, data):
    # One time for all, so that the same networks are the same bytes.
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/onnx/exports.zip"))
