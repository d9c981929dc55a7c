#!/usr/bin/env python3
"""Makes wrong answers of well-known mistakes by numpy and by hand, for MistakeFinderTest.

Answers are small, and some are rounded as people write them. Each line is the mistake's name, the
command of lamina that gives the right answer, and the answer with the mistake in it.
Usage: python3 make_small_mistakes.py > small-mistakes.csv
"""

import json
import math

import numpy as np

random = np.random.default_rng(18)


def rand(*shape):
    return (random.standard_normal(shape) * 2).round(2)


def text(array):
    return json.dumps(np.asarray(array).tolist(), separators=(",", ":"))


def case(name, command, answer, decimals=None):
    if not isinstance(answer, (str, dict)):
        answer = np.asarray(answer, dtype=float)
        answer = text(answer if decimals is None else answer.round(decimals))
    print(f"{name}|{command}|{answer if isinstance(answer, str) else json.dumps(answer)}")


def correlate(x, k, stride=(1, 1)):
    """The sums of products of a plane and a kernel, by the definition."""
    height = (x.shape[0] - k.shape[0]) // stride[0] + 1
    width = (x.shape[1] - k.shape[1]) // stride[1] + 1
    y = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            row, column = i * stride[0], j * stride[1]
            y[i, j] = (x[row : row + k.shape[0], column : column + k.shape[1]] * k).sum()
    return y


def windows(x, size, stride, function):
    height = (x.shape[0] - size) // stride + 1
    width = (x.shape[1] - size) // stride + 1
    return np.array([[function(x[i * stride : i * stride + size, j * stride : j * stride + size]) for j in range(width)] for i in range(height)])


def conv():
    for n, m in ((5, 3), (5, 2), (6, 3)):
        x, k = rand(n, n), rand(m, m)
        command = f"conv '{text(x)}' -k '{text(k)}'"
        case("kernel-flipped", command, correlate(x, k[::-1, ::-1]), 2)
        case("window-mean", command, correlate(x, k) / k.size, 3)
        case("last-window-missed", command, correlate(x, k)[:-1, :-1])
        case("relu-applied", command, correlate(x, k).clip(min=0))
        case("flattened", command, correlate(x, k).flatten())
        for mode, name in (("reflect", "reflect"), ("edge", "replicate"), ("wrap", "circular")):
            case("padding-" + name, command + " --padding 1", correlate(np.pad(x, 1, mode=mode), k))
    for n in (5, 6):
        x, k = rand(n, n), rand(2, 2)
        command = f"conv '{text(x)}' -k '{text(k)}' --padding "
        case("padding-other-side", command + "same", correlate(np.pad(x, ((1, 0), (1, 0))), k))
        case("padding-swapped", command + "1,2", correlate(np.pad(x, ((2, 2), (1, 1))), k))
        case("padding-one-sided", command + "1", correlate(np.pad(x, ((0, 1), (0, 1))), k), 2)
        case("stride-swapped", command + "0 --stride 1,2", correlate(x, k, (2, 1)), 2)
        spread = np.zeros((3, 2))
        spread[::2] = k
        across = np.zeros((2, 3))
        across[:, ::2] = k
        case("dilation-swapped", command + "0 --dilation 1,2", correlate(x, spread))
        c = rand(3, n, n)
        filters = rand(1, 3, 2, 2)
        command = f"conv '{text(c)}' -k '{text(filters)}' -b '[0.5]'"
        apart = [correlate(plane, f) for plane, f in zip(c, filters[0])]
        case("channels-not-summed", command, apart)
        case("bias-for-each-channel", command, [sum(apart) + 1.5])
        case("channel-mean", command, [sum(apart) / 3 + 0.5], 3)


def pool():
    for n in (4, 5):
        x = -np.abs(rand(n, n)) - 0.01
        x[1, 1] = 1.25
        at = f"'{text(x)}' --size 2 --stride 2 --padding 1"
        padded = np.pad(x, 1)
        case("maximum-of-padding", "pool max " + at, windows(padded, 2, 2, np.max))
        x = rand(2 * n, 2 * n)
        case("last-window-missed", f"pool avg '{text(x)}' --size 2", windows(x, 2, 2, np.mean)[:-1, :-1])
        case("input-transposed", f"pool max '{text(x)}' --size 2", windows(x.T, 2, 2, np.max))
        case("stride-of-size", f"pool max '{text(x)}' --size 3 --stride 1", windows(x, 3, 3, np.max))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def activate():
    for x in (np.array([-1.5, 0.3, -2]), np.array([[0.7, -0.2], [1.1, -2.4]])):
        at = f"'{text(x)}'"
        grad = f"{at} --grad=2 --member grad_input"
        s, t = sigmoid(x), np.tanh(x)
        e = np.exp(x)
        leaky = np.where(x > 0, x, 0.1 * x)
        case("derivative-for-value", f"activate sigmoid {at}", s * (1 - s), 4)
        case("value-for-derivative", f"activate sigmoid {grad}", s, 4)
        case("derivative-of-value", f"activate sigmoid {grad}", 2 * sigmoid(s) * (1 - sigmoid(s)), 4)
        case("derivative-of-value", f"activate tanh {grad}", 2 * (1 - np.tanh(t) ** 2), 4)
        case("value-formula-of-x", f"activate sigmoid {grad}", 2 * x * (1 - x))
        case("value-formula-of-x", f"activate tanh {grad}", 2 * (1 - x**2))
        case("upstream-ignored", f"activate sigmoid {grad}", s * (1 - s), 4)
        case("negative-part", f"activate relu {at}", x.clip(max=0))
        case("absolute", f"activate relu {at}", np.abs(x))
        case("not-normalised", f"activate softmax {at}", e, 3)
        case("slope-negated", f"activate leaky-relu {at} --alpha 0.1", np.abs(leaky))
        case("percent", f"activate softmax {at}", 100 * e / e.sum(-1, keepdims=True), 2)
        case("softmax", f"activate log-softmax {at}", e / e.sum(-1, keepdims=True), 3)
        case("tanh", f"activate sigmoid {at}", t, 3)
        case("sigmoid", f"activate tanh {at}", s, 3)


def recurrent(kind, x, w, order=None, bias=1.0, first_state=None):
    """All hidden states of one layer, each gate from the block of rows that the order gives."""
    hidden = w["weight_hh_l0"].shape[1]
    h, c = np.zeros(hidden), np.zeros(hidden)
    outputs = []
    for v in x:
        sums = w["weight_ih_l0"] @ v + w["bias_ih_l0"] + w["weight_hh_l0"] @ h + w["bias_hh_l0"]
        if kind == "rnn":
            h = np.tanh(sums)
        else:
            block = lambda gate: sums[(order or "ifgo").index(gate) * hidden :][:hidden]
            c = sigmoid(block("f")) * c + sigmoid(block("i")) * np.tanh(block("g"))
            h = sigmoid(block("o")) * np.tanh(c)
        outputs.append(h)
    return np.array(outputs)


def weights(count, hidden, size, suffix=""):
    small = lambda *shape: (rand(*shape) / 4).round(3)
    return {
        "weight_ih_l0" + suffix: small(count * hidden, size),
        "weight_hh_l0" + suffix: small(count * hidden, hidden),
        "bias_ih_l0" + suffix: small(count * hidden),
        "bias_hh_l0" + suffix: small(count * hidden),
    }


def rnn():
    for size, hidden, steps in ((2, 2, 3), (3, 3, 4)):
        x = rand(steps, size)
        w = weights(4, hidden, size)
        literal = json.dumps({k: v.tolist() for k, v in w.items()}, separators=(",", ":"))
        command = f"rnn '{text(x)}' --cell lstm --weights '{literal}' --member "
        for name, order in (("gates-f-first", "figo"), ("gates-i-f-o-g", "ifog"), ("gates-tensorflow", "igfo")):
            case(name, command + "data", recurrent("lstm", x, w, order), 4)
        forget = w["bias_ih_l0"].copy()
        forget[hidden : 2 * hidden] += 1
        case("forget-bias-one", command + "data", recurrent("lstm", x, dict(w, bias_ih_l0=forget)), 4)
        case("input-bias-forgotten", command + "data", recurrent("lstm", x, dict(w, bias_ih_l0=0)), 4)
        case("state-of-first-step", command + "h_n", recurrent("lstm", x, w)[:1], 4)
        turned = w["weight_ih_l0"].reshape(4, hidden, size).transpose(0, 2, 1).reshape(4 * hidden, size)
        case("input-weights-transposed", command + "data", recurrent("lstm", x, dict(w, weight_ih_l0=turned)), 4)
        forward, backward = weights(1, hidden, size), weights(1, hidden, size)
        both = {**forward, **{k + "_reverse": v for k, v in backward.items()}}
        literal = json.dumps({k: v.tolist() for k, v in both.items()}, separators=(",", ":"))
        command = f"rnn '{text(x)}' --cell rnn --weights '{literal}' --direction bidirectional"
        there = recurrent("rnn", x, forward)
        back = recurrent("rnn", x[::-1], backward)[::-1]
        case("directions-swapped", command + " --member data", np.concatenate([back, there], 1), 4)
        case("last-row", command + " --mode many-to-one --member data", np.concatenate([there[-1], back[-1]]), 4)
        case("first-row", command + " --mode many-to-one --member data", np.concatenate([there[0], back[0]]), 4)


def losses():
    for n, classes in ((2, 3), (3, 2)):
        x = random.standard_normal((n, classes)).round(5)
        target = list(range(n)) if n <= classes else [0, 1, 1]
        log = x - np.log(np.exp(x).sum(1, keepdims=True))
        loss = -np.mean([log[i, t] for i, t in enumerate(target)])
        command = f"run 'Identity()' '{text(x)}' --loss cross-entropy --target '{target}' --member loss"
        case("common-logarithm", command, loss / math.log(10), 5)
        case("binary-logarithm", command, loss / math.log(2), 5)
        case("averaged-over-elements", command, loss / classes, 5)
        case("nll-for-cross-entropy", command, -np.mean([x[i, t] for i, t in enumerate(target)]))
        p = np.exp(log)
        again = p - np.log(np.exp(p).sum(1, keepdims=True))
        case("cross-entropy-of-probabilities", command, -np.mean([again[i, t] for i, t in enumerate(target)]), 5)
        y = rand(n, classes)
        mse = f"run 'Identity()' '{text(x)}' --loss mse --target '{text(y)}' --member "
        case("root-of-mse", mse + "loss", math.sqrt(((x - y) ** 2).mean()), 5)
        case("summed", mse + "loss", ((x - y) ** 2).sum())
        case("mse-for-l1", mse.replace("mse", "l1") + "loss", ((x - y) ** 2).mean(), 5)
        case("probabilities-for-logits", f"run 'Identity()' '{text(x)}'", p, 3)
        w, b = rand(classes, classes), rand(classes)
        literal = json.dumps({"0.weight": w.tolist(), "0.bias": b.tolist()}, separators=(",", ":"))
        linear = f"run 'Linear({classes}, {classes})' '{text(x)}' --weights '{literal}'"
        case("weights-transposed", linear, x @ w + b)
        case("bias-forgotten", linear, x @ w.T)
        case("softmax-axis", f"run 'Softmax(1)' '{text(x)}'", np.exp(x) / np.exp(x).sum(0), 3)
        case("gelu-exact", f"run \"GELU(approximate='tanh')\" '{text(x)}'", [[v / 2 * (1 + math.erf(v / math.sqrt(2))) for v in row] for row in x])


def counts():
    """By hand: AlexNet's first layer has 96 filters of 11x11x3 on 54x54 places of 224x224."""
    for kernel, before, filters, side, after, stride in ((11, 3, 96, 224, 54, 4), (3, 16, 32, 30, 28, 1)):
        net = f"shape 'Conv2d({before}, {filters}, {kernel}, {stride})' --input {before}x{side}x{side} --member "
        weights = kernel * kernel * before * filters
        case("kernel-forgotten", net + "params", str(before * filters + filters))
        case("kernel-side", net + "params", str(kernel * before * filters + filters))
        case("channels-forgotten", net + "params", str(kernel * kernel * filters + filters))
        case("one-filter", net + "params", str(kernel * kernel * before + 1))
        case("one-bias", net + "params", str(weights + 1))
        case("not-shared", net + "params", str(weights * after * after + filters))
        case("bias-not-counted", net + "params", str(weights))
        case("positions-of-input", net + "macs", str(weights * side * side))
        case("positions-forgotten", net + "macs", str(weights))
        case("bias-counted", net + "macs", str((weights + filters) * after * after))
        case("bytes", net + "params", str(4 * (weights + filters)))
        case("kernel-forgotten", net + "macs", str(before * filters * after * after))
        case("kernel-side", net + "macs", str(kernel * before * filters * after * after))
        case("channels-forgotten", net + "macs", str(kernel * kernel * filters * after * after))
        case("one-filter", net + "macs", str(kernel * kernel * before * after * after))
        case("macs-doubled", net + "macs", str(2 * weights * after * after))
        case("flops-for-macs", net + "macs", str((2 * weights + filters) * after * after))
        case("macs-for-flops", net + "flops", str(weights * after * after))
        case("bias-not-counted", net + "flops", str(2 * weights * after * after))
    # The right field by hand: 7 + 4 * 2 + 4 * 4 = 31, and 5 + 6 * 3 + 8 * 9 = 95.
    for first, second, third, stride in ((7, 5, 5, 2), (5, 7, 9, 3)):
        net = f"shape 'Conv2d(3, 8, {first}, {stride}), Conv2d(8, 8, {second}, {stride}), Conv2d(8, 8, {third})'"
        command = net + " --input 3x200x200"
        field = "layers.2.receptive_field.size"
        jumps = stride * stride
        case("field-kernels-added", command, {field: first + second + third})
        case("stride-ignored", command, {field: first + second + third - 2})
        case("field-kernel-whole", command, {field: 1 + first + second * stride + third * jumps})
        case("field-kernels-multiplied", command, {field: first * second * third})


def sizes():
    def shape(layer, size, answer, name):
        case(name, f"shape '{layer}' --input {size} --member output", answer)

    shape("Conv2d(3, 8, (3, 7))", "3x65x47", "[8,59,45]", "axes-swapped")
    shape("Conv2d(3, 8, 5, stride=(1, 2))", "3x65x47", "[8,31,43]", "axes-swapped")
    shape("Conv2d(3, 8, 5, padding=(1, 2))", "3x65x47", "[8,65,45]", "axes-swapped")
    shape("Conv2d(3, 8, 5, stride=2)", "3x65x47", "[8,33,24]", "padding-same")
    shape("Conv2d(3, 8, 7, stride=3)", "3x65x47", "[8,22,16]", "padding-same")
    shape("Conv2d(3, 96, 11, stride=4)", "3x224x224", "[3,54,54]", "channels-kept")
    shape("Conv2d(16, 40, 3)", "16x65x47", "[16,63,45]", "channels-kept")
    shape("Conv2d(3, 96, 11, stride=4)", "3x224x224", "[288,54,54]", "channels-multiplied")
    shape("Conv2d(16, 40, 3)", "16x65x47", "[640,63,45]", "channels-multiplied")
    shape("Conv2d(3, 96, 11, stride=4)", "3x224x224", "[96,54.25,54.25]", "not-rounded")
    shape("MaxPool2d(2)", "8x65x47", "[8,32.5,23.5]", "not-rounded")
    shape("MaxPool2d(2)", "8x65x47", "[8,64,46]", "stride-ignored")
    shape("ConvTranspose2d(8, 4, 5, stride=2)", "8x16x20", "[4,6,8]", "convolution-for-transposed")
    shape("ConvTranspose2d(8, 4, 4, stride=2, padding=1)", "8x17x21", "[4,8,10]", "convolution-for-transposed")
    shape("ConvTranspose2d(8, 4, 5, stride=2)", "8x16x20", "[4,32,40]", "times-stride")
    shape("ConvTranspose2d(8, 4, 7, stride=3)", "8x17x21", "[4,51,63]", "times-stride")
    shape("ConvTranspose2d(8, 4, 5, stride=2, padding=2)", "8x16x20", "[4,39,47]", "padding-added")
    shape("ConvTranspose2d(8, 4, 5, stride=2, padding=1)", "8x17x21", "[4,39,47]", "padding-added")
    shape("ConvTranspose2d(8, 4, 5, stride=2, output_padding=1)", "8x16x20", "[4,35,43]", "output-padding-forgotten")
    shape("ConvTranspose2d(8, 4, 3, 2, 1, 1)", "8x17x21", "[4,33,41]", "output-padding-forgotten")
    # Two mistakes at once: another formula, and another order.
    shape("Conv2d(3, 96, 11, stride=4)", "3x224x224", "[55,55,96]", "ceil-for-floor")
    shape("Conv2d(3, 8, 5, padding=2, stride=2)", "3x65x47", "[32,23,8]", "one-forgotten")
    shape("MaxPool2d(3, ceil_mode=True)", "8x65x47", "[8,21,15]", "floor-for-ceil")
    shape("AvgPool2d(2, ceil_mode=True)", "8x65x47", "[8,32,23]", "floor-for-ceil")


for make in (conv, pool, activate, rnn, losses, counts, sizes):
    make()
