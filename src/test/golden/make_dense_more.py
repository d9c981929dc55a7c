#!/usr/bin/env python3
"""More golden cases of dense layers and losses, in the format of make_golden.py.

usage: make_dense_more.py | gzip -n > src/test/resources/golden/dense_more.jsonl.gz   (needs PyTorch 1.13)
"""
import json, random
import torch, torch.nn.functional as F

torch.manual_seed(7); random.seed(7); torch.set_default_dtype(torch.float64)
count = 0


def rnd(*shape):
    return (torch.randn(shape) * 1e3).round() / 1e3


def doc(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def add(op, args, inputs, fn, grads=("x",)):
    global count
    leaves = {k: v.clone().requires_grad_(k in grads) for k, v in inputs.items()}
    y = fn(**leaves)
    dy = rnd(*y.shape)
    g = torch.autograd.grad((y * dy).sum(), [leaves[k] for k in grads])
    print(json.dumps({"name": f"{op}-{count:03d}", "op": op, "args": args,
                      "inputs": {**{k: doc(v) for k, v in inputs.items()}, "dy": doc(dy)},
                      "outputs": {"output": doc(y)}, "grads": {k: doc(v) for k, v in zip(grads, g)}}))
    count += 1


for mode, axes in (("nearest", 1), ("nearest", 2), ("nearest", 3), ("linear", 1), ("bilinear", 2), ("trilinear", 3), ("bicubic", 2)):
    for i in range(4):
        size = [random.randint(1, 5) for _ in range(axes)]
        x = rnd(2, 2, *size)
        align = None if mode == "nearest" else bool(i % 2)
        args = dict(mode=mode, align_corners=bool(align))
        if i < 2: args["size"] = [random.randint(1, 8) for _ in range(axes)]
        else: args["scale_factor"] = [random.choice([1.5, 2.0, 2.7, 3.0]) for _ in range(axes)]
        add("interpolate", args, dict(x=x), lambda x: F.interpolate(
            x, size=args.get("size"), scale_factor=args.get("scale_factor"), mode=mode, align_corners=align))
for r in (1, 2, 3):
    add("pixel_shuffle", dict(r=r), dict(x=rnd(2, 2 * r * r, 2, 3)), lambda x: F.pixel_shuffle(x, r))
    add("pixel_unshuffle", dict(r=r), dict(x=rnd(2, 2, 2 * r, 3 * r)), lambda x: F.pixel_unshuffle(x, r))
for padding in (None, 1, -1):
    idx = torch.tensor([[0, 3, 1], [1, 4, 4]])
    add("embedding", dict(padding_idx=padding), dict(indices=idx.double(), weight=rnd(5, 3)),
        lambda indices, weight: F.embedding(indices.long(), weight, padding_idx=padding), ("weight",))
for size in (1, 2, 4, 5):
    add("local_response_norm", dict(size=size, alpha=.5, beta=.6, k=2.0), dict(x=rnd(2, 4, 3)), lambda x: F.local_response_norm(x, size, .5, .6, 2.0))
for red in ("none", "mean", "sum"):
    for smooth in (0.0, 0.2):
        t = torch.tensor([[0, 2, -100], [1, 1, 3]])
        add("cross_entropy", dict(reduction=red, label_smoothing=smooth), dict(x=rnd(2, 4, 3), target=t.double()),
            lambda x, target: F.cross_entropy(x, target.long(), reduction=red, label_smoothing=smooth))
        add("cross_entropy", dict(reduction=red, label_smoothing=smooth), dict(x=rnd(3, 4), target=torch.softmax(rnd(3, 4), 1)),
            lambda x, target: F.cross_entropy(x, target, reduction=red, label_smoothing=smooth))
    add("nll_loss", dict(reduction=red), dict(x=rnd(2, 4, 3), target=t.double()), lambda x, target: F.nll_loss(x, target.long(), reduction=red))
    add("cross_entropy", dict(reduction=red, label_smoothing=0.0), dict(x=rnd(4), target=torch.tensor(2.0)), lambda x, target: F.cross_entropy(x, target.long(), reduction=red))
    for p in (0.5, 2.0):
        add("huber_loss", dict(reduction=red, parameter=p), dict(x=rnd(4, 3), target=rnd(4, 3)), lambda x, target: F.huber_loss(x, target, reduction=red, delta=p))
        add("smooth_l1_loss", dict(reduction=red, parameter=p), dict(x=rnd(4, 3), target=rnd(4, 3)), lambda x, target: F.smooth_l1_loss(x, target, reduction=red, beta=p))
    add("mse_loss", dict(reduction=red), dict(x=rnd(4, 3), target=rnd(4, 3)), lambda x, target: F.mse_loss(x, target, reduction=red))
    add("binary_cross_entropy", dict(reduction=red), dict(x=torch.rand(4, 3), target=torch.rand(4, 3)), lambda x, target: F.binary_cross_entropy(x, target, reduction=red))
    add("binary_cross_entropy_with_logits", dict(reduction=red), dict(x=rnd(4, 3) * 300, target=torch.rand(4, 3)), lambda x, target: F.binary_cross_entropy_with_logits(x, target, reduction=red))
