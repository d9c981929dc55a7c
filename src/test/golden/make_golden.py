#!/usr/bin/env python3
"""Golden vectors computed by PyTorch (float64), as neutral JSON lines: activation, conv, dense_norm, loss, optimizer,
pool, rnn and training.

usage: /usr/bin/python3 src/test/golden/make_golden.py 20231 12 src/test/resources/golden
       that is: make_golden.py SEED CASES_PER_OP OUT_DIR
Needs Debian's python3-torch (1.13). One file per family; one case per line:
{"name","op","args":{PyTorch argument names},"inputs":{name:{"shape","data"}},"outputs":{...},"grads":{...}}
Every "grads" entry is d(sum(output*dy))/d(that input) for the given input "dy".
"""
import gzip, json, math, os, random, sys
import torch, torch.nn.functional as F

seed, per_op, out_dir = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
torch.manual_seed(seed); random.seed(seed); torch.set_default_dtype(torch.float64); torch.set_num_threads(1)
os.makedirs(out_dir, exist_ok=True)
pick = random.choice

def rnd(*shape, scale=1.0):
    return (torch.randn(*shape) * scale * 1e3).round() / 1e3

def num(v):
    return v if math.isfinite(v) else ("NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity")

def doc(t):
    return {"shape": list(t.shape), "data": [num(v) for v in t.detach().reshape(-1).tolist()]}

class Family:
    def __init__(self, name): self.name, self.cases = name, []
    def add(self, op, args, inputs, fn, grads=(), params=None):
        """fn(**inputs) -> tensor or dict of tensors; grads: the names of inputs to differentiate;
        params: inputs that are already leaves of a module which fn calls"""
        leaves = {k: (v.clone().requires_grad_(True) if k in grads else v) for k, v in inputs.items() if v is not None}
        leaves.update(params or {})
        out = fn(**{k: leaves.get(k) for k in inputs})
        outs = out if isinstance(out, dict) else {"output": out}
        case = {"name": f"{op}-{len(self.cases):03d}", "op": op, "args": args,
                "inputs": {k: doc(v) for k, v in inputs.items() if v is not None},
                "outputs": {k: doc(v) for k, v in outs.items()}}
        if grads:
            y = next(iter(outs.values())); dy = rnd(*y.shape) if y.dim() else torch.tensor(1.0)
            case["inputs"]["dy"] = doc(dy)
            g = torch.autograd.grad((y * dy).sum(), [leaves[k] for k in grads if k in leaves], allow_unused=True)
            missing = [k for k, v in zip([k for k in grads if k in leaves], g) if v is None]
            if missing: raise SystemExit(f"{case['name']} {args}: no gradient reaches {missing}")
            case["grads"] = {k: doc(v) for k, v in zip([k for k in grads if k in leaves], g)}
        self.cases.append(case)
    def save(self):
        path = os.path.join(out_dir, self.name + ".jsonl.gz")
        with gzip.GzipFile(path, "wb", mtime=0) as f:
            for c in self.cases: f.write((json.dumps(c) + "\n").encode())
        print(self.name, len(self.cases))

def tup(v, d): return [v] * d if isinstance(v, int) else list(v)

# ---- convolution -------------------------------------------------------------------------------
fam = Family("conv")
for d in (1, 2, 3):
    for i in range(per_op):
        g = pick([1, 1, 2]); ci = g * pick([1, 2, 3]); co = g * pick([1, 2, 3]); n = pick([1, 2, 3])
        k = [pick([1, 2, 3]) for _ in range(d)]; s = [pick([1, 1, 2, 3]) for _ in range(d)]; dil = [pick([1, 1, 2]) for _ in range(d)]
        mode = pick(["zeros", "zeros", "reflect", "replicate", "circular"])
        if mode == "zeros" and i % 5 == 0: p = "same"; s = [1] * d
        elif mode == "zeros" and i % 5 == 1: p = "valid"
        else: p = [pick([0, 1, 2]) for _ in range(d)]
        size = [random.randint(6, 9) for _ in range(d)]
        x, w, b = rnd(n, ci, *size), rnd(co, ci // g, *k), (rnd(co) if i % 3 else None)
        conv = getattr(F, f"conv{d}d")
        def run(x, w, b, conv=conv, s=s, p=p, dil=dil, g=g, mode=mode, d=d):
            if mode == "zeros": return conv(x, w, b, s, p, dil, g)
            q = [v for a in reversed(p) for v in (a, a)]
            return conv(F.pad(x, q, mode={"reflect": "reflect", "replicate": "replicate", "circular": "circular"}[mode]), w, b, s, 0, dil, g)
        fam.add(f"conv{d}d", dict(stride=s, padding=p, dilation=dil, groups=g, padding_mode=mode), dict(x=x, w=w, b=b), run, ("x", "w", "b"))
    for i in range(per_op):
        g = pick([1, 1, 2]); ci = g * pick([1, 2]); co = g * pick([1, 2]); n = pick([1, 2])
        k = [pick([1, 2, 3, 4]) for _ in range(d)]; s = [pick([1, 2, 3]) for _ in range(d)]; dil = [pick([1, 2]) for _ in range(d)]
        p = [pick([0, 1]) if dl * (kk - 1) >= 1 else 0 for kk, dl in zip(k, dil)]
        op = [random.randint(0, max(ss, dl) - 1) for ss, dl in zip(s, dil)]
        x, w, b = rnd(n, ci, *[random.randint(3, 5) for _ in range(d)]), rnd(ci, co // g, *k), (rnd(co) if i % 2 else None)
        ct = getattr(F, f"conv_transpose{d}d")
        fam.add(f"conv_transpose{d}d", dict(stride=s, padding=p, output_padding=op, groups=g, dilation=dil), dict(x=x, w=w, b=b),
                lambda x, w, b, ct=ct, s=s, p=p, op=op, g=g, dil=dil: ct(x, w, b, s, p, op, g, dil), ("x", "w", "b"))
fam.save()

# ---- pooling -----------------------------------------------------------------------------------
fam = Family("pool")
for d in (1, 2, 3):
    for i in range(per_op):
        k = [pick([2, 3]) for _ in range(d)]; s = [pick([1, 2, 3]) for _ in range(d)]; p = [random.randint(0, kk // 2) for kk in k]
        ceil = bool(i % 2); x = rnd(pick([1, 2]), pick([1, 2]), *[random.randint(5, 9) for _ in range(d)])
        dil = [pick([1, 1, 2]) for _ in range(d)]
        mp = getattr(F, f"max_pool{d}d")
        fam.add(f"max_pool{d}d", dict(kernel_size=k, stride=s, padding=p, dilation=dil, ceil_mode=ceil), dict(x=x),
                lambda x, mp=mp, k=k, s=s, p=p, dil=dil, ceil=ceil: dict(zip(("output", "indices"), mp(x, k, s, p, dil, ceil, True))), ("x",))
        cip = bool((i // 2) % 2); args = dict(kernel_size=k, stride=s, padding=p, ceil_mode=ceil, count_include_pad=cip)
        if d > 1 and i % 5 == 4: args["divisor_override"] = 3
        ap = getattr(F, f"avg_pool{d}d")
        fam.add(f"avg_pool{d}d", args, dict(x=x), lambda x, ap=ap, args=args: ap(x, **args), ("x",))
        o = [random.randint(1, 5) for _ in range(d)]
        for kind in ("avg", "max"):
            fn = getattr(F, f"adaptive_{kind}_pool{d}d")
            fam.add(f"adaptive_{kind}_pool{d}d", dict(output_size=o), dict(x=x), lambda x, fn=fn, o=o: fn(x, o), ("x",))
    if d < 3:
        for i in range(per_op // 2):
            args = dict(norm_type=pick([1.0, 2.0, 3.0]), kernel_size=pick([2, 3]), stride=pick([1, 2]), ceil_mode=bool(i % 2))
            x = rnd(1, 2, *[random.randint(5, 8) for _ in range(d)]).abs() + 0.1
            lp = getattr(F, f"lp_pool{d}d")
            fam.add(f"lp_pool{d}d", args, dict(x=x), lambda x, lp=lp, args=args: lp(x, **args), ("x",))
fam.save()

# ---- activations -------------------------------------------------------------------------------
fam = Family("activation")
edge = torch.tensor([-1e3, -88.0, -20.0, -3.0, -1.0, -0.5, -1e-8, 0.0, 1e-8, 0.5, 1.0, 3.0, 6.0, 20.0, 88.0, 1e3])
acts = {
    "relu": ({}, F.relu), "relu6": ({}, F.relu6), "sigmoid": ({}, torch.sigmoid), "tanh": ({}, torch.tanh),
    "silu": ({}, F.silu), "mish": ({}, F.mish), "softsign": ({}, F.softsign), "hardsigmoid": ({}, F.hardsigmoid),
    "hardswish": ({}, F.hardswish), "selu": ({}, F.selu), "logsigmoid": ({}, F.logsigmoid), "tanhshrink": ({}, F.tanhshrink),
    "leaky_relu": ([{"negative_slope": a} for a in (0.01, 0.2, 1.0, 0.0)], F.leaky_relu),
    "elu": ([{"alpha": a} for a in (1.0, 0.5)], F.elu), "celu": ([{"alpha": a} for a in (1.0, 0.5)], F.celu),
    "gelu": ([{"approximate": a} for a in ("none", "tanh")], F.gelu),
    "softplus": ([{"beta": b, "threshold": t} for b, t in ((1, 20), (2, 20))], F.softplus),
    "hardtanh": ([{"min_val": a, "max_val": b} for a, b in ((-1.0, 1.0), (-2.0, 0.5))], F.hardtanh),
    "threshold": ([{"threshold": 0.5, "value": -2.0}], F.threshold),
    "hardshrink": ([{"lambd": 0.5}], F.hardshrink), "softshrink": ([{"lambd": 0.5}], F.softshrink)}
for op, (argsets, fn) in acts.items():
    for args in (argsets or [{}]):
        for x in (edge, rnd(3, 4, scale=2)):
            fam.add(op, args, dict(x=x), lambda x, fn=fn, args=args: fn(x, **args), ("x",))
for i in range(4):
    x = rnd(2, 3, 4, scale=2); dim = pick([0, 1, 2, -1])
    for op, fn in (("softmax", F.softmax), ("log_softmax", F.log_softmax), ("softmin", F.softmin)):
        fam.add(op, dict(dim=dim), dict(x=x), lambda x, fn=fn, dim=dim: fn(x, dim=dim), ("x",))
    fam.add("glu", dict(dim=2), dict(x=x), lambda x: F.glu(x, 2), ("x",))
    fam.add("prelu", {}, dict(x=rnd(2, 3, 4), weight=rnd(pick([1, 3])).abs()), lambda x, weight: F.prelu(x, weight), ("x", "weight"))
fam.save()

# ---- recurrent layers --------------------------------------------------------------------------
fam = Family("rnn")
for cell in ("RNN", "LSTM", "GRU"):
    for i in range(per_op):
        T, B, I, H = random.randint(1, 6), pick([1, 2, 3]), pick([1, 2, 4]), pick([1, 2, 3, 5])
        L, bi, bias, bf, h0 = pick([1, 1, 2]), bool(i % 2), bool(i % 4 != 3), bool(i % 3 == 0), bool(i % 2)
        args = dict(input_size=I, hidden_size=H, num_layers=L, bidirectional=bi, bias=bias, batch_first=bf)
        if cell == "RNN": args["nonlinearity"] = pick(["tanh", "relu"])
        m = getattr(torch.nn, cell)(**args)
        with torch.no_grad():
            for p in m.parameters(): p.copy_((p * 1e3).round() / 1e3)
        D = 2 if bi else 1
        inputs = dict(x=rnd(B, T, I) if bf else rnd(T, B, I))
        if h0:
            inputs["h0"] = rnd(L * D, B, H, scale=.5)
            if cell == "LSTM": inputs["c0"] = rnd(L * D, B, H, scale=.5)
        inputs.update({n: p.detach().clone() for n, p in m.named_parameters()})
        def run(m=m, cell=cell, **kw):
            state = None if "h0" not in kw else ((kw["h0"], kw["c0"]) if cell == "LSTM" else kw["h0"])
            out, st = m(kw["x"], state)
            return dict(output=out, h_n=st[0], c_n=st[1]) if cell == "LSTM" else dict(output=out, h_n=st)
        fam.add(cell, args, inputs, run, tuple(inputs), dict(m.named_parameters()))
fam.save()

# ---- dense, normalisation, embedding -----------------------------------------------------------
fam = Family("dense_norm")
for i in range(per_op):
    x = rnd(3, 4); fam.add("linear", {}, dict(x=x, weight=rnd(5, 4), bias=rnd(5) if i % 2 else None), lambda x, weight, bias: F.linear(x, weight, bias), ("x", "weight", "bias"))
    x = rnd(4, 3, 2, 2)
    fam.add("batch_norm", dict(training=bool(i % 2), momentum=0.1, eps=1e-5), dict(x=x, running_mean=rnd(3), running_var=rnd(3).abs() + .5, weight=rnd(3), bias=rnd(3)),
            (lambda tr: lambda x, running_mean, running_var, weight, bias: (lambda rm, rv: dict(output=F.batch_norm(x, rm, rv, weight, bias, tr, 0.1, 1e-5), running_mean=rm, running_var=rv))(running_mean.clone(), running_var.clone()))(bool(i % 2)),
            ("x", "weight", "bias"))
    fam.add("layer_norm", dict(normalized_shape=[2, 2], eps=1e-5), dict(x=x, weight=rnd(2, 2), bias=rnd(2, 2)), lambda x, weight, bias: F.layer_norm(x, [2, 2], weight, bias), ("x", "weight", "bias"))
    y = rnd(2, 4, 3); fam.add("group_norm", dict(num_groups=2, eps=1e-5), dict(x=y, weight=rnd(4), bias=rnd(4)), lambda x, weight, bias: F.group_norm(x, 2, weight, bias), ("x", "weight", "bias"))
    fam.add("instance_norm", dict(eps=1e-5), dict(x=x), lambda x: F.instance_norm(x), ("x",))
    fam.add("local_response_norm", dict(size=3, alpha=1e-4, beta=.75, k=1.0), dict(x=rnd(2, 5, 3, 3)), lambda x: F.local_response_norm(x, 3), ("x",))
fam.save()

# ---- losses ------------------------------------------------------------------------------------
fam = Family("loss")
for i in range(4):
    red = pick(["mean", "sum"]); z, t = rnd(5, 3), torch.tensor([random.randrange(3) for _ in range(5)])
    fam.add("cross_entropy", dict(reduction=red, label_smoothing=0.1 * (i % 2)), dict(x=z, target=t.double()), lambda x, target, red=red, i=i: F.cross_entropy(x, target.long(), reduction=red, label_smoothing=0.1 * (i % 2)), ("x",))
    fam.add("nll_loss", dict(reduction=red), dict(x=F.log_softmax(z, 1), target=t.double()), lambda x, target, red=red: F.nll_loss(x, target.long(), reduction=red), ("x",))
    y = rnd(5, 3)
    for op, fn in (("mse_loss", F.mse_loss), ("l1_loss", F.l1_loss), ("smooth_l1_loss", F.smooth_l1_loss), ("huber_loss", F.huber_loss)):
        fam.add(op, dict(reduction=red), dict(x=z, target=y), lambda x, target, fn=fn, red=red: fn(x, target, reduction=red), ("x",))
    b = (y > 0).double()
    fam.add("binary_cross_entropy_with_logits", dict(reduction=red), dict(x=z * 10, target=b), lambda x, target, red=red: F.binary_cross_entropy_with_logits(x, target, reduction=red), ("x",))
    fam.add("binary_cross_entropy", dict(reduction=red), dict(x=torch.sigmoid(z), target=b), lambda x, target, red=red: F.binary_cross_entropy(x, target, reduction=red), ("x",))
fam.save()

# ---- optimisers: 12 steps on a fixed ill-conditioned quadratic 0.5 (w-t)' A (w-t) ----------------
cases = []
opts = {"SGD": [dict(lr=.1), dict(lr=.05, momentum=.9), dict(lr=.05, momentum=.9, nesterov=True), dict(lr=.05, momentum=.8, dampening=.5, weight_decay=.1)],
        "Adam": [dict(lr=.1), dict(lr=.05, betas=[.8, .95], eps=1e-6, weight_decay=.1), dict(lr=.1, amsgrad=True)],
        "AdamW": [dict(lr=.1, weight_decay=.1)], "RMSprop": [dict(lr=.02), dict(lr=.02, alpha=.9, momentum=.5, centered=True)],
        "Adagrad": [dict(lr=.5), dict(lr=.5, lr_decay=.1, weight_decay=.01)], "Adadelta": [dict(lr=1.0)], "NAdam": [dict(lr=.05)]}
for op, sets in opts.items():
    for args in sets:
        w = rnd(4).requires_grad_(True); start = w.detach().clone(); t = rnd(4); A = torch.diag(torch.tensor([.1, 1., 3., 10.]))
        o = getattr(torch.optim, op)([w], **args); path = []
        for _ in range(12):
            o.zero_grad(); loss = .5 * (w - t) @ A @ (w - t); loss.backward(); o.step(); path.append(w.detach().tolist())
        cases.append({"name": f"{op}-{len(cases):03d}", "op": op, "args": args, "inputs": {"start": doc(start), "target": doc(t), "curvature": [.1, 1., 3., 10.]}, "trajectory": path})
with gzip.GzipFile(os.path.join(out_dir, "optimizer.jsonl.gz"), "wb", mtime=0) as f:
    for c in cases: f.write((json.dumps(c) + "\n").encode())
print("optimizer", len(cases))

# ---- whole training runs: given initial weights and data, the loss and every gradient norm per step --
cases = []
nets = {
  "cnn": (lambda: torch.nn.Sequential(torch.nn.Conv2d(1, 3, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Conv2d(3, 4, 3), torch.nn.LeakyReLU(0.1), torch.nn.Flatten(), torch.nn.Linear(16, 3)), lambda: rnd(6, 1, 8, 8), 3),
  "mlp": (lambda: torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2)), lambda: rnd(10, 4), 2)}
for kind, (make, data, classes) in nets.items():
    for op, args in (("SGD", dict(lr=.1, momentum=.9)), ("Adam", dict(lr=.01))):
        m = make(); x = data(); t = torch.tensor([random.randrange(classes) for _ in range(x.shape[0])])
        init = {k: doc(v) for k, v in m.state_dict().items()}
        o = getattr(torch.optim, op)(m.parameters(), **args); steps = []
        for _ in range(8):
            o.zero_grad(); loss = F.cross_entropy(m(x), t); loss.backward()
            steps.append({"loss": loss.item(), "grad_norm": {k: p.grad.norm().item() for k, p in m.named_parameters()}, "grad_zero_fraction": {k: (p.grad == 0).double().mean().item() for k, p in m.named_parameters()}})
            o.step()
        cases.append({"name": f"train-{kind}-{op}", "model": repr(m), "optimizer": op, "optimizer_args": args, "loss": "cross_entropy", "init": init, "inputs": {"x": doc(x), "target": t.tolist()}, "steps": steps, "final": {k: doc(v) for k, v in m.state_dict().items()}})
for cell in ("RNN", "LSTM", "GRU"):
    rnn = getattr(torch.nn, cell)(3, 5, batch_first=True); head = torch.nn.Linear(5, 2); x = rnd(6, 7, 3); t = torch.tensor([random.randrange(2) for _ in range(6)])
    params = dict([("rnn." + k, p) for k, p in rnn.named_parameters()] + [("head." + k, p) for k, p in head.named_parameters()])
    init = {k: doc(p) for k, p in params.items()}; o = torch.optim.SGD(params.values(), lr=.2, momentum=.9); steps = []
    for _ in range(8):
        o.zero_grad(); loss = F.cross_entropy(head(rnn(x)[0][:, -1]), t); loss.backward()
        steps.append({"loss": loss.item(), "grad_norm": {k: p.grad.norm().item() for k, p in params.items()}}); o.step()
    cases.append({"name": f"train-many-to-one-{cell}", "model": f"{cell}(3, 5, batch_first=True) -> last step -> Linear(5, 2)", "optimizer": "SGD", "optimizer_args": dict(lr=.2, momentum=.9), "loss": "cross_entropy", "init": init, "inputs": {"x": doc(x), "target": t.tolist()}, "steps": steps, "final": {k: doc(p) for k, p in params.items()}})
with gzip.GzipFile(os.path.join(out_dir, "training.jsonl.gz"), "wb", mtime=0) as f:
    for c in cases: f.write((json.dumps(c) + "\n").encode())
print("training", len(cases))
