#!/usr/bin/env python3
"""Makes wrong answers of well-known mistakes by PyTorch, for MistakeFinderTest.

Each line is the mistake's name, the command of lamina that gives the right answer, and the answer
that PyTorch gives with the mistake in it. Usage: python3 make_mistakes.py > mistakes.csv
"""

import json
import math

import torch
import torch.nn.functional as F

torch.manual_seed(18)
torch.set_default_dtype(torch.float64)


def rand(*shape):
    return (torch.randn(*shape) * 2).round(decimals=2)


def text(tensor):
    return json.dumps(tensor.tolist(), separators=(",", ":"))


def case(name, command, answer):
    if isinstance(answer, torch.Tensor):
        answer = text(answer)
    print(f"{name}|{command}|{answer}")


def conv():
    image = torch.tensor([[0.5, 0.2, 0.1, 0.7], [0.1, 0.6, 0.9, 0.5], [0, 0.8, 0.2, 0.7], [0.2, 0.4, 0, 0.4]])
    kernel = torch.tensor([[0.1, 0.2, 0.6], [0.4, 0.3, 0.5], [0.9, 0.8, 0.7]])
    tutorial = "conv tutorial9/image.csv -k tutorial9/kernel.json"
    for x, k, command in (
        (image, kernel, tutorial),
        *((x, k, f"conv '{text(x)}' -k '{text(k)}'") for x, k in ((rand(5, 5), rand(3, 3)), (rand(6, 4), rand(2, 2)))),
    ):
        one = lambda x, k, **options: F.conv2d(x[None, None], k[None, None], **options)[0, 0]
        case("kernel-flipped", command, one(x, k.flip(0, 1)))
        case("kernel-flipped", command + " --flip", one(x, k))
        case("kernel-transposed", command, one(x, k.T))
        case("kernel-mirrored", command, one(x, k.flip(1)))
        if x.shape[0] == x.shape[1]:
            case("input-transposed", command, one(x.T, k))
        case("padding-missing", command + " --padding 1", one(x, k))
        case("padding-added", command, one(x, k, padding=1))
        case("padding-doubled", command + " --padding 1", one(x, k, padding=2))
        case("stride-ignored", command + " --stride 2 --padding 2", one(x, k, padding=2))
        case("stride-off-by-one", command + " --stride 2 --padding 2", one(x, k, padding=2, stride=3))
        case("dilation-ignored", command + " --dilation 2 --padding 2", one(x, k, padding=2))
        case("bias-forgotten", command + " -b 0.75", one(x, k))
        case("window-mean", command, one(x, k) / k.numel())
        if command != tutorial:
            case("rounded-early", command, one(x.round(decimals=1), k.round(decimals=1)))
    for n in (2, 3):
        x, k, b = rand(n, 5, 5), rand(n, n, 3, 3), rand(n)
        command = f"conv '{text(x)}' -k '{text(k)}' -b '{text(b)}'"
        case("one-channel", command, F.conv2d(x[None, :1], k[:, :1], b)[0])
        case("channel-mean", command, F.conv2d(x[None], k / n, b)[0])
        case("kernel-channels-swapped", command, F.conv2d(x[None], k.transpose(0, 1), b)[0])
        case("bias-forgotten", command, F.conv2d(x[None], k)[0])
        case("bias-subtracted", command, F.conv2d(x[None], k, -b)[0])
        case("channels-last", command, F.conv2d(x[None], k, b)[0].permute(1, 2, 0))
        case("padding-zeros", command + " --padding 1 --padding-mode reflect", F.conv2d(x[None], k, b, padding=1)[0])
        y = F.conv2d(x[None], k, b)[0]
        case("rounded", command, y.round(decimals=2))
        case("cut-off", command, torch.trunc(y * 100) / 100)
        case("negated", command, -y)
        case("transposed", command, y.transpose(1, 2))


def pool():
    for size in (5, 7):
        x = rand(size, size)
        y = x[None, None]
        for kind, function, other in (("max", F.max_pool2d, F.avg_pool2d), ("avg", F.avg_pool2d, F.max_pool2d)):
            command = f"pool {kind} '{text(x)}' --size 2"
            case("other-pooling", command, other(y, 2)[0, 0])
            case("stride-ignored", command, function(y, 2, 1)[0, 0])
            case("ceil-mode", command, function(y, 2, ceil_mode=True)[0, 0])
            case("padding-missing", command + " --stride 2 --padding 1", function(y, 2, 2)[0, 0])
        case("minimum", f"pool max '{text(x)}' --size 2", -F.max_pool2d(-y, 2)[0, 0])
        padded = f"pool avg '{text(x)}' --size 3 --stride 2 --padding 1"
        case("padding-not-counted", padded, F.avg_pool2d(y, 3, 2, 1, count_include_pad=False)[0, 0])
        case("padding-counted", padded + " --no-count-include-pad", F.avg_pool2d(y, 3, 2, 1)[0, 0])
        case("sum", f"pool avg '{text(x)}' --size 2", F.avg_pool2d(y, 2, divisor_override=1)[0, 0])


def activate():
    for n in (5, 8):
        x = rand(3, n)
        x[1, 2] = x[2, 0] = 0
        at = f"'{text(x)}'"
        case("gelu-by-tanh", f"activate gelu {at}", F.gelu(x, approximate="tanh"))
        case("gelu-exact", f"activate gelu-tanh {at}", F.gelu(x))
        case("leaky", f"activate relu {at}", F.leaky_relu(x))
        case("default-alpha", f"activate leaky-relu {at} --alpha 0.25", F.leaky_relu(x))
        case("other-slope", f"activate leaky-relu {at}", F.leaky_relu(x, 0.3))
        case("softmax-axis", f"activate softmax {at}", x.softmax(0))
        case("softmax-axis", f"activate log-softmax {at} --axis 0", x.log_softmax(1))
        case("softmax-of-all", f"activate softmax {at}", x.flatten().softmax(0).reshape(x.shape))
        case("log-softmax", f"activate softmax {at}", x.log_softmax(1))
        dy = rand(3, n)
        grad = f"--grad='{text(dy)}' --member grad_input"
        case("kink-right", f"activate relu {at} {grad}", dy * (x >= 0))
        case("kink-mean", f"activate relu {at} {grad}", dy * ((x > 0) + 0.5 * (x == 0)))
        case("kink-right", f"activate leaky-relu {at} {grad}", dy * torch.where(x >= 0, 1.0, 0.01))
        case("upstream-ignored", f"activate tanh {at} {grad}", 1 - torch.tanh(x) ** 2)
        stats = f"activate relu {at} --stats --member stats"
        y = x.relu()
        case("other-variance", stats, json.dumps({"std": y.std(unbiased=True).item()}))
        case("dead-in-a-row", stats, json.dumps({"dead": int((y == 0).any(0).sum())}))


def cell_runs(kind, x, w, gates, reset_before=False, summed=False, inverted=False):
    """The outputs of one layer; gates maps each gate's name to its block of rows."""
    hidden = w["weight_hh_l0"].shape[1]
    block = lambda name, gate: w[name][gates[gate] * hidden : (gates[gate] + 1) * hidden]
    a = lambda gate, v: block("weight_ih_l0", gate) @ v + block("bias_ih_l0", gate)
    r_ = lambda gate, h: block("weight_hh_l0", gate) @ h + block("bias_hh_l0", gate)
    h = c = torch.zeros(hidden)
    outputs = []
    for v in x:
        if kind == "lstm":
            i, f, o = (torch.sigmoid(a(g, v) + r_(g, h)) for g in "ifo")
            c = f * c + i * torch.tanh(a("g", v) + r_("g", h))
            h = o * torch.tanh(c)
        else:
            r, z = (torch.sigmoid(a(g, v) + r_(g, h)) for g in "rz")
            bias = block("bias_hh_l0", "n")
            if reset_before:
                n = torch.tanh(a("n", v) + r_("n", r * h))
            elif summed:
                n = torch.tanh(a("n", v) + bias + r * (r_("n", h) - bias))
            else:
                n = torch.tanh(a("n", v) + r * r_("n", h))
            h = z * n + (1 - z) * h if inverted else (1 - z) * n + z * h
        outputs.append(h)
    return torch.stack(outputs)


def rnn():
    for size, hidden, steps in ((2, 2, 3), (3, 4, 5)):
        x = rand(steps, size)
        for kind, count in (("lstm", 4), ("gru", 3)):
            w = {
                "weight_ih_l0": rand(count * hidden, size),
                "weight_hh_l0": rand(count * hidden, hidden),
                "bias_ih_l0": rand(count * hidden),
                "bias_hh_l0": rand(count * hidden),
            }
            weights = json.dumps({k: v.tolist() for k, v in w.items()}, separators=(",", ":"))
            command = f"rnn '{text(x)}' --cell {kind} --weights '{weights}' --member data"
            torch_gates = {g: i for i, g in enumerate("ifgo" if kind == "lstm" else "rzn")}
            module = (torch.nn.LSTM if kind == "lstm" else torch.nn.GRU)(size, hidden)
            module.load_state_dict(w)
            right = module(x)[0]
            assert torch.allclose(right, cell_runs(kind, x, w, torch_gates)), kind
            order = {g: i for i, g in enumerate("iofg" if kind == "lstm" else "zrn")}
            case("gates-onnx", command, cell_runs(kind, x, w, order))
            zero = dict(w, bias_ih_l0=w["bias_ih_l0"] * 0, bias_hh_l0=w["bias_hh_l0"] * 0)
            case("bias-forgotten", command, cell_runs(kind, x, zero, torch_gates))
            case("recurrent-bias-forgotten", command, cell_runs(kind, x, dict(w, bias_hh_l0=w["bias_hh_l0"] * 0), torch_gates))
            if kind == "gru":
                case("reset-before", command, cell_runs(kind, x, w, torch_gates, reset_before=True))
                case("reset-after", command + " --reset-before", right)
                case("biases-summed", command, cell_runs(kind, x, w, torch_gates, summed=True))
                case("update-inverted", command, cell_runs(kind, x, w, torch_gates, inverted=True))
            module.bidirectional = False
            backwards = module(x.flip(0))[0].flip(0)
            case("reversed", command, backwards)
            blocks = w["weight_hh_l0"].reshape(count, hidden, hidden).transpose(1, 2).reshape(count * hidden, hidden)
            case("recurrent-transposed", command, cell_runs(kind, x, dict(w, weight_hh_l0=blocks), torch_gates))


def losses():
    for n, classes in ((4, 3), (5, 4)):
        x, w, b = rand(n, 3), rand(classes, 3), rand(classes)
        t = torch.arange(n) % classes
        weights = json.dumps({"0.weight": w.tolist(), "0.bias": b.tolist()}, separators=(",", ":"))
        run = f"run 'Linear(3, {classes})' '{text(x)}' --weights '{weights}'"
        command = f"{run} --loss cross-entropy --target '{text(t)}' --member "
        x.requires_grad_()
        logits = F.linear(x, w, b)
        case("cross-entropy-of-probabilities", command + "loss", F.cross_entropy(logits.softmax(1), t).detach())
        case("binary-logarithm", command + "loss", (F.cross_entropy(logits, t) / math.log(2)).detach())
        (summed,) = torch.autograd.grad(F.cross_entropy(logits, t, reduction="sum"), x)
        case("summed", command + "grad_input", summed)
        target = rand(n, classes)
        mse = f"{run} --loss mse --target '{text(target)}' --member "
        (half,) = torch.autograd.grad(F.mse_loss(F.linear(x, w, b), target) / 2, x)
        case("half-mse", mse + "grad_input", half)
        case("l1-for-mse", mse + "loss", F.l1_loss(logits, target).detach())
        case("averaged-over-batch", mse + "loss", (F.mse_loss(logits, target, reduction="sum") / n).detach())
        x = x.detach()
        more = json.dumps({"0.weight": w.tolist(), "0.bias": b.tolist(), "2.weight": rand(2, classes).tolist(), "2.bias": [0.5, 1]})
        v = json.loads(more)
        last = lambda y: F.linear(y, torch.tensor(v["2.weight"]), torch.tensor(v["2.bias"]))
        for name in ("ReLU", "GELU"):
            net = f"run 'Linear(3, {classes}), {name}(), Linear({classes}, 2)' '{text(x)}' --weights '{more}'"
            case("activation-forgotten", net, last(F.linear(x, w, b)))
        case("gelu-by-tanh", net, last(F.gelu(F.linear(x, w, b), approximate="tanh")))
        act = f"run 'Linear(3, {classes}), ReLU()' '{text(x)}' --weights '{weights}'"
        case("layers-swapped", act, F.linear(x.relu(), w, b))
        d = x - x.mean(1, keepdim=True)
        case("unbiased-variance", f"run 'LayerNorm(3)' '{text(x)}'", d / torch.sqrt(x.var(1, unbiased=True, keepdim=True) + 1e-5 * 1.5))


def sizes():
    net = "shape 'Conv2d(3, 96, 11, stride=4)' --input 3x224x224 --member output"
    case("ceil-for-floor", net, "[96,55,55]")
    case("one-forgotten", net, "[96,53,53]")
    case("stride-ignored", net, "[96,214,214]")
    case("channels-last", net, "[54,54,96]")
    case("kernel-ignored", net, "[96,56,56]")
    hwc = "shape 'Conv2d(3, 96, 11, stride=4)' --input 224x224x3 --layout hwc --member output"
    case("ceil-for-floor", hwc, "[55,55,96]")
    case("one-forgotten", hwc, "[53,53,96]")
    case("channels-first", hwc, "[96,54,54]")
    case("stride-ignored", hwc, "[214,214,96]")
    padded = "shape 'Conv2d(3, 8, 5, 2, 2, 2), ReLU()' --input 3x65x47 --member output"
    case("padding-missing", padded, "[8,29,20]")
    case("dilation-ignored", padded, "[8,33,24]")
    case("padding-doubled", "shape 'Conv2d(3, 8, 3, 2, 1), ReLU()' --input 3x65x47 --member output", "[8,34,25]")
    case("kernel-ignored", "shape 'Conv2d(3, 8, 5)' --input 3x65x47 --member output", "[8,65,47]")
    case("padding-once", "shape 'Conv2d(3, 8, 7, padding=2)' --input 3x65x47 --member output", "[8,61,43]")
    case("channels-first", "shape 'Conv2d(3, 8, 5)' --input 65x47x3 --layout hwc --member output", "[8,61,43]")
    case("padding-once", "shape 'Conv2d(3, 8, 7, padding=3)' --input 3x65x47 --member output", "[8,62,44]")
    case("padding-doubled", "shape 'Conv2d(3, 8, 7, padding=3)' --input 3x65x47 --member output", "[8,71,53]")
    case("ceil-for-floor", "shape 'Conv2d(3, 8, 3), MaxPool2d(2)' --input 3x65x47 --member output", "[8,32,23]")
    case("bias-not-counted", "shape 'Conv2d(3, 96, 11, stride=4)' --input 3x224x224 --member params", "34848")
    case("bias-not-counted", "shape 'Linear(100, 10)' --input 100 --member params", "1000")


def tokens():
    for h, w in ((4, 4), (6, 4)):
        x = rand(h, w)
        at = f"tokenize '{text(x)}'"
        case("rows-for-columns", f"{at} --by rows", x.T)
        case("rows-for-columns", f"{at} --by columns", x)
        patches = x.unfold(0, 2, 2).unfold(1, 2, 2)
        case("order", f"{at} --by patches --size 2", patches.transpose(0, 1).reshape(-1, 4))
        case("overlap", f"{at} --by patches --size 2", x.unfold(0, 2, 1).unfold(1, 2, 1).reshape(-1, 4))
        case("no-overlap", f"{at} --by patches --size 2 --stride 1", patches.reshape(-1, 4))


for make in (conv, pool, activate, rnn, losses, sizes, tokens):
    make()
