"""Models of Keras with recurrent, convolutional-recurrent and locally connected layers, and with masks, step by step.

Keras is not needed: each step is written out from the formulae of its documentation (keras.io/api/layers), by loops over
samples, steps and windows, with no code in common with lamina. Writes keras_recurrent.jsonl.gz beside the other golden
cases: /usr/bin/python3 src/test/golden/make_keras_recurrent.py
"""
import gzip
import itertools
import json
import math
import numpy as np

random = np.random.default_rng(20236)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


FUNCTIONS = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "linear": lambda x: x,
    "softsign": lambda x: x / (1 + abs(x)),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "elu": lambda x: np.where(x < 0, np.exp(x) - 1, x),
    # Keras 3; Keras 2 had 0.2x + 0.5.
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hard_sigmoid2": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
}


def draw(*shape):
    return random.uniform(-1, 1, shape).round(3)


class Cell:
    """A recurrent cell: weights by Keras's names, one step at a time on one sample."""

    def __init__(self, kind, features, config, keras2):
        self.kind = kind.replace("CuDNN", "")
        self.config = config
        self.units = config["units"]
        gates = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}[self.kind]
        columns = gates * self.units
        self.weights = {"kernel": draw(features, columns), "recurrent_kernel": draw(self.units, columns)}
        self.cudnn = kind.startswith("CuDNN")
        self.after = self.cudnn or config.get("reset_after", False)
        if self.cudnn:
            self.weights["bias"] = draw(2 * columns)
        elif config.get("use_bias", True):
            two_rows = self.kind == "GRU" and self.after
            self.weights["bias"] = draw(2, columns) if two_rows else draw(columns)
        gate = config.get("recurrent_activation", "sigmoid")
        self.gate = FUNCTIONS[gate + "2" if keras2 and gate == "hard_sigmoid" else gate]
        self.function = FUNCTIONS[config.get("activation", "tanh")]

    def start(self):
        return np.zeros(self.units), np.zeros(self.units)

    def biases(self):
        """What the input's product and the state's product start from."""
        columns = self.weights["kernel"].shape[1]
        bias = self.weights.get("bias", np.zeros(columns))
        if bias.size == 2 * columns:
            first, second = bias.reshape(2, columns)
            return first, second
        return bias, np.zeros(columns)

    def step(self, x, state):
        h, c = state
        u = self.units
        b, r = self.biases()
        kernel, recurrent = self.weights["kernel"], self.weights["recurrent_kernel"]
        if self.kind == "SimpleRNN":
            h = self.function(x @ kernel + b + h @ recurrent + r)
            return h, (h, c)
        xs = x @ kernel + b
        if self.kind == "LSTM":
            sums = xs + h @ recurrent + r
            i, f, g, o = (sums[k * u:(k + 1) * u] for k in range(4))
            c = self.gate(f) * c + self.gate(i) * self.function(g)
            h = self.gate(o) * self.function(c)
            return h, (h, c)
        hs = h @ recurrent + r
        z = self.gate(xs[:u] + hs[:u])
        reset = self.gate(xs[u:2 * u] + hs[u:2 * u])
        if self.after:
            candidate = self.function(xs[2 * u:] + reset * hs[2 * u:])
        else:
            candidate = self.function(xs[2 * u:] + (reset * h) @ recurrent[:, 2 * u:])
        h = z * h + (1 - z) * candidate
        return h, (h, c)


def run(cell, x, mask, backwards, sequences, zeroed):
    """One sample (T, I): the outputs in the order of reading, or the last one."""
    order = range(len(x))[::-1] if backwards else range(len(x))
    state = cell.start()
    last = np.zeros(cell.units)
    outputs = []
    for t in order:
        if mask is None or mask[t]:
            last, state = cell.step(x[t], state)
            outputs.append(last)
        else:
            outputs.append(np.zeros(cell.units) if zeroed else last)
    return np.array(outputs) if sequences else outputs[-1]


def recurrent(kind, config, x, mask=None, keras2=False):
    cell = Cell(kind, x.shape[2], config, keras2)
    sequences = config.get("return_sequences", False)
    y = [run(cell, x[n], None if mask is None else mask[n], config.get("go_backwards", False), sequences,
             config.get("zero_output_for_mask", False)) for n in range(len(x))]
    return np.array(y), cell.weights


def bidirectional(kind, config, mode, x, mask=None):
    sequences = config.get("return_sequences", False)
    backwards = config.get("go_backwards", False)
    cells = [Cell(kind, x.shape[2], config, False) for _ in range(2)]
    ys = []
    for n in range(len(x)):
        one = None if mask is None else mask[n]
        first = run(cells[0], x[n], one, backwards, sequences, sequences)
        second = run(cells[1], x[n], one, not backwards, sequences, sequences)
        second = second[::-1] if sequences else second
        ys.append({"concat": lambda a, b: np.concatenate([a, b], -1), "sum": lambda a, b: a + b,
                   "ave": lambda a, b: (a + b) / 2, "mul": lambda a, b: a * b}[mode](first, second))
    weights = {"forward_" + k: v for k, v in cells[0].weights.items()}
    weights.update({"backward_" + k: v for k, v in cells[1].weights.items()})
    return np.array(ys), weights


def convolve(x, kernel, strides, dilation, padding):
    """x (spatial..., C), kernel (k..., C, F), without a flip; "same" pads the larger half behind."""
    axes = x.ndim - 1
    sizes, before = [], []
    for a in range(axes):
        span = dilation[a] * (kernel.shape[a] - 1) + 1
        if padding == "same":
            size = math.ceil(x.shape[a] / strides[a])
            before.append(max((size - 1) * strides[a] + span - x.shape[a], 0) // 2)
        else:
            size = (x.shape[a] - span) // strides[a] + 1
            before.append(0)
        sizes.append(size)
    y = np.zeros(sizes + [kernel.shape[-1]])
    for place in itertools.product(*map(range, sizes)):
        for tap in itertools.product(*map(range, kernel.shape[:axes])):
            at = tuple(place[a] * strides[a] - before[a] + tap[a] * dilation[a] for a in range(axes))
            if all(0 <= at[a] < x.shape[a] for a in range(axes)):
                y[place] += x[at] @ kernel[tap]
    return y


def conv_lstm(config, x, axes, keras2=False):
    """x (N, T, spatial..., C)."""
    f = config["filters"]
    k = config["kernel_size"]
    strides = config.get("strides", [1] * axes)
    dilation = config.get("dilation_rate", [1] * axes)
    padding = config.get("padding", "valid")
    weights = {"kernel": draw(*k, x.shape[-1], 4 * f), "recurrent_kernel": draw(*k, f, 4 * f)}
    if config.get("use_bias", True):
        weights["bias"] = draw(4 * f)
    name = config.get("recurrent_activation", "hard_sigmoid" if keras2 else "sigmoid")
    gate = FUNCTIONS[name + "2" if keras2 and name == "hard_sigmoid" else name]
    function = FUNCTIONS[config.get("activation", "tanh")]
    ys = []
    for sample in x:
        h = c = None
        outputs = []
        for step in sample[::-1] if config.get("go_backwards") else sample:
            sums = convolve(step, weights["kernel"], strides, dilation, padding) + weights.get("bias", 0)
            if h is None:
                h = c = np.zeros(sums.shape[:-1] + (f,))
            sums = sums + convolve(h, weights["recurrent_kernel"], [1] * axes, [1] * axes, "same")
            i, forget, g, o = (sums[..., n * f:(n + 1) * f] for n in range(4))
            c = gate(forget) * c + gate(i) * function(g)
            h = gate(o) * function(c)
            outputs.append(h)
        ys.append(np.array(outputs) if config.get("return_sequences") else outputs[-1])
    return np.array(ys), weights


def local(config, x, axes, first):
    """x (N, spatial..., C), or (N, C, spatial...) if the channels are first."""
    f, k = config["filters"], config["kernel_size"]
    strides = config.get("strides", [1] * axes)
    spatial = x.shape[2:] if first else x.shape[1:-1]
    channels = x.shape[1] if first else x.shape[-1]
    sizes = [(spatial[a] - k[a]) // strides[a] + 1 for a in range(axes)]
    taps = int(np.prod(k)) * channels
    weights = {"kernel": draw(int(np.prod(sizes)), taps, f)}
    if config.get("use_bias", True):
        weights["bias"] = draw(*sizes, f)
    y = np.zeros([len(x)] + sizes + [f])
    for n in range(len(x)):
        for p, place in enumerate(itertools.product(*map(range, sizes))):
            window = tuple(slice(place[a] * strides[a], place[a] * strides[a] + k[a]) for a in range(axes))
            patch = x[(n,) + ((slice(None),) + window if first else window + (slice(None),))]
            y[(n,) + place] = patch.reshape(-1) @ weights["kernel"][p]
    y = y + weights.get("bias", 0)
    return np.moveaxis(y, -1, 1) if first else y, weights


cases = []


def tensor(array):
    array = np.asarray(array, dtype=float)
    return {"shape": list(array.shape), "data": [round(float(v), 12) for v in array.reshape(-1)]}


def layer(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, **config}}


def case(name, layers, x, weights, y, version="3.3.3"):
    shape = [None] + list(x.shape[1:])
    layers[0]["config"]["batch_input_shape"] = shape
    model = {"class_name": "Sequential", "config": {"name": "m", "layers": layers}, "keras_version": version}
    inputs = {"x": tensor(x), **{k: tensor(v) for k, v in weights.items()}}
    cases.append({"name": name, "op": layers[-1]["class_name"], "args": {"model": json.dumps(model)}, "inputs": inputs,
                  "outputs": {"output": tensor(y)}, "grads": {}})


def named(prefix, weights):
    return {prefix + "." + k: v for k, v in weights.items()}


def single(kind, version="3.3.3", **config):
    x = draw(3, 5, 4)
    y, weights = recurrent(kind, config, x, keras2=version.startswith("2"))
    case(kind + " " + json.dumps(config), [layer(kind, "d", **config)], x, named("d", weights), y, version)


def both(kind, mode, **config):
    x = draw(3, 5, 4)
    y, weights = bidirectional(kind, config, mode, x)
    inner = layer(kind, "i", **config)
    case("Bidirectional " + mode + " " + kind + " " + json.dumps(config),
         [layer("Bidirectional", "d", layer=inner, merge_mode=mode)], x, named("d", weights), y)


for kind in ["SimpleRNN", "LSTM", "GRU"]:
    for sequences in [False, True]:
        for backwards in [False, True]:
            single(kind, units=3, return_sequences=sequences, go_backwards=backwards)
    single(kind, units=3, use_bias=False, unit_forget_bias=True)
    for function in ["relu", "linear", "softsign", "softplus", "elu", "hard_sigmoid"]:
        single(kind, units=2, activation=function, return_sequences=True)
    for mode in ["concat", "sum", "ave", "mul"]:
        for sequences in [False, True]:
            both(kind, mode, units=3, return_sequences=sequences)
    both(kind, "concat", units=2, return_sequences=True, go_backwards=True)
for kind in ["LSTM", "GRU"]:
    single(kind, units=3, recurrent_activation="hard_sigmoid", return_sequences=True)
    single(kind, version="2.2.4", units=3, recurrent_activation="hard_sigmoid", return_sequences=True)
    single(kind, units=3, recurrent_activation="relu", activation="linear")
for sequences in [False, True]:
    single("GRU", units=3, reset_after=True, return_sequences=sequences)
    single("GRU", units=3, reset_after=True, use_bias=False, return_sequences=sequences)
    both("GRU", "concat", units=3, reset_after=True, return_sequences=sequences)
    single("CuDNNLSTM", units=3, return_sequences=sequences)
    single("CuDNNGRU", units=3, return_sequences=sequences)
    both("CuDNNGRU", "sum", units=3, return_sequences=sequences)


def convolutional(axes, version="3.3.3", **config):
    x = draw(*([2, 3] + [6, 5, 4][:axes] + [2]))
    y, weights = conv_lstm(config, x, axes, version.startswith("2"))
    kind = "ConvLSTM%dD" % axes
    case(kind + " " + json.dumps(config), [layer(kind, "d", **config)], x, named("d", weights), y, version)
    first = np.moveaxis(x, -1, 2)
    y = np.moveaxis(y, -1, 2 if config.get("return_sequences") else 1)
    case(kind + " channels first " + json.dumps(config),
         [layer(kind, "d", data_format="channels_first", **config)], first, named("d", weights), y, version)


for axes in [1, 2, 3]:
    for padding in ["valid", "same"]:
        convolutional(axes, filters=2, kernel_size=[3, 2, 2][:axes], padding=padding, return_sequences=True)
    convolutional(axes, filters=3, kernel_size=[2, 3, 1][:axes], go_backwards=True, use_bias=False)
    convolutional(axes, filters=2, kernel_size=[2] * axes, strides=[2] * axes, padding="same")
convolutional(2, filters=2, kernel_size=[2, 2], dilation_rate=[2, 1], activation="relu")
convolutional(2, version="2.4.0", filters=2, kernel_size=[2, 2], recurrent_activation="hard_sigmoid")
convolutional(1, filters=2, kernel_size=[2], recurrent_activation="hard_sigmoid", return_sequences=True)

for axes in [1, 2]:
    for first in [False, True]:
        for config in [{"kernel_size": [3, 2][:axes]}, {"kernel_size": [2, 3][:axes], "strides": [2, 1][:axes]},
                       {"kernel_size": [2, 2][:axes], "use_bias": False}]:
            config = {"filters": 3, **config}
            spatial = [6, 5][:axes]
            x = draw(*([2, 2] + spatial if first else [2] + spatial + [2]))
            y, weights = local(config, x, axes, first)
            kind = "LocallyConnected%dD" % axes
            form = "channels_first" if first else "channels_last"
            case(kind + " " + form + " " + json.dumps(config), [layer(kind, "d", data_format=form, **config)], x,
                 named("d", weights), y)

# Masks: at the end, at the start, in the middle, everywhere, nowhere.
WORDS = np.array([[4, 2, 3, 0, 0], [0, 0, 1, 5, 2], [3, 0, 2, 0, 4], [0, 0, 0, 0, 0], [1, 2, 3, 4, 5]])


def table():
    return draw(6, 4)


def embedded(kind, **config):
    rows = table()
    y, weights = recurrent(kind, config, rows[WORDS], WORDS != 0)
    layers = [layer("Embedding", "e", input_dim=6, output_dim=4, mask_zero=True)]
    case("masked " + kind + " " + json.dumps(config), layers + [layer(kind, "d", **config)], WORDS,
         {"e.weight": rows, **named("d", weights)}, y)


for kind in ["SimpleRNN", "LSTM", "GRU"]:
    for sequences in [False, True]:
        embedded(kind, units=3, return_sequences=sequences)
        embedded(kind, units=3, return_sequences=sequences, go_backwards=True)
        embedded(kind, units=3, return_sequences=sequences, zero_output_for_mask=True)
        for mode in ["concat", "mul"]:
            rows = table()
            config = {"units": 2, "return_sequences": sequences}
            y, weights = bidirectional(kind, config, mode, rows[WORDS], WORDS != 0)
            layers = [layer("Embedding", "e", input_dim=6, output_dim=4, mask_zero=True),
                      layer("Dropout", "o", rate=0.5),
                      layer("Bidirectional", "d", layer=layer(kind, "i", **config), merge_mode=mode)]
            case("masked Bidirectional " + mode + " " + kind + str(sequences), layers, WORDS,
                 {"e.weight": rows, **named("d", weights)}, y)

# The mask goes on through a layer that returns sequences, and through a Dense.
rows, dense = table(), draw(3, 3)
first, one = recurrent("LSTM", {"units": 3, "return_sequences": True}, rows[WORDS], WORDS != 0)
second, two = recurrent("GRU", {"units": 2}, first @ dense.T, WORDS != 0)
case("mask through LSTM and Dense", [
    layer("Embedding", "e", input_dim=6, output_dim=4, mask_zero=True),
    layer("LSTM", "a", units=3, return_sequences=True), layer("Dense", "b", units=3, use_bias=False),
    layer("GRU", "d", units=2)], WORDS,
    {"e.weight": rows, **named("a", one), "b.weight": dense, **named("d", two)}, second)

# It ends at layers that know none: a convolution of one tap.
rows, kernel = table(), draw(3, 4, 1)
y, weights = recurrent("LSTM", {"units": 2}, rows[WORDS] @ kernel[:, :, 0].T)
case("mask ends at Conv1D", [
    layer("Embedding", "e", input_dim=6, output_dim=4, mask_zero=True),
    layer("Conv1D", "c", filters=3, kernel_size=1, use_bias=False), layer("LSTM", "d", units=2)], WORDS,
    {"e.weight": rows, "c.weight": kernel, **named("d", weights)}, y)

# The mean of the steps that stay.
rows = table()
some = WORDS[[0, 1, 2, 4]]
y = np.array([rows[words[words != 0]].mean(0) for words in some])
case("masked mean", [layer("Embedding", "e", input_dim=6, output_dim=4, mask_zero=True),
                     layer("GlobalAveragePooling1D", "d")], some, {"e.weight": rows}, y)

# Masking: steps of which every feature is the value, at the input and behind another layer.
x = draw(3, 5, 2)
x[0, 3:] = -1
x[1, :2] = -1
x[2, 1] = -1
x[2, 3, 0] = -1
mask = (x != -1).any(-1)
y, weights = recurrent("GRU", {"units": 3, "return_sequences": True}, x * mask[..., None], mask)
case("Masking", [layer("Masking", "m", mask_value=-1.0), layer("GRU", "d", units=3, return_sequences=True)], x,
     named("d", weights), y)
dense = draw(4, 2)
inner = np.maximum(x @ dense.T, 0)
mask = (inner != 0).any(-1)
y, weights = recurrent("LSTM", {"units": 3}, inner, mask)
case("Masking behind Dense", [layer("Dense", "b", units=4, use_bias=False, activation="relu"),
                              layer("Masking", "m", mask_value=0.0), layer("LSTM", "d", units=3)], x,
     {"b.weight": dense, **named("d", weights)}, y)

with gzip.GzipFile("src/test/resources/golden/keras_recurrent.jsonl.gz", "wb", mtime=0) as file:
    for each in cases:
        file.write((json.dumps(each) + "\n").encode())
print(len(cases), "cases")
