#!/usr/bin/env python3
"""Recurrent operators as ONNX Runtime (CPU, float32) computes them, as JSON lines.

usage: make_onnx_rnn.py src/test/resources/golden/onnx_rnn.jsonl.gz     needs the packages onnx, onnxruntime and numpy
One case a line: {"name","op","args":{attributes},"inputs":{"X","W","R","B","P","initial_h","initial_c","sequence_lens"},
"outputs":{"Y","Y_h","Y_c"}}, each tensor {"shape","data" (flat)}.
"""
import json, sys
import numpy as np, onnx, onnxruntime
from onnx import TensorProto, helper

rng = np.random.RandomState(20231)
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
NAMES = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]

def doc(a): return {"shape": list(a.shape), "data": [float(v) for v in a.reshape(-1)]}
def rnd(*shape, scale=1.0): return (np.round(rng.randn(*shape) * scale * 1e3) / 1e3).astype(np.float32)

cases = []
for op in ("RNN", "LSTM", "GRU"):
    for i in range(12):
        T, N, I, H = rng.randint(1, 6), rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 5)
        direction = ["forward", "reverse", "bidirectional"][i % 3]
        D, G = 2 if direction == "bidirectional" else 1, GATES[op]
        x = {"X": rnd(T, N, I), "W": rnd(D, G * H, I, scale=.7), "R": rnd(D, G * H, H, scale=.7)}
        if i % 4: x["B"] = rnd(D, 2 * G * H, scale=.5)
        if i % 3 != 1: x["initial_h"] = rnd(D, N, H, scale=.5)
        if i % 4 == 2: x["sequence_lens"] = rng.randint(1, T + 1, N).astype(np.int32)
        args = {"hidden_size": int(H), "direction": direction}
        if i % 2: args["clip"] = 0.5 if i % 4 == 1 else 1.5
        if op == "LSTM":
            if i % 3 != 1: x["initial_c"] = rnd(D, N, H)
            if i % 4 > 1: x["P"] = rnd(D, 3 * H, scale=.7)
        if op == "GRU": args["linear_before_reset"] = int(i % 4 < 2)
        if i in (5, 8, 11):
            args["activations"] = {"RNN": ["Relu"], "GRU": ["HardSigmoid", "Softsign"], "LSTM": ["HardSigmoid", "Softsign", "Tanh"]}[op] * D
        ins = [n if n in x else "" for n in (NAMES if op == "LSTM" else NAMES[:6])]
        while not ins[-1]: ins.pop()
        outs = ["Y", "Y_h"] + (["Y_c"] if op == "LSTM" else [])
        kind = lambda n: TensorProto.INT32 if n == "sequence_lens" else TensorProto.FLOAT
        graph = helper.make_graph([helper.make_node(op, ins, outs, **args)], "g",
            [helper.make_tensor_value_info(n, kind(n), list(x[n].shape)) for n in ins if n],
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outs])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        ys = session.run(None, x)
        cases.append({"name": f"onnx-{op}-{i:02d}", "op": op, "args": args, "inputs": {k: doc(v) for k, v in x.items()}, "outputs": dict(zip(outs, map(doc, ys)))})
import gzip
with gzip.GzipFile(sys.argv[1], "wb", mtime=0) as f:
    for c in cases: f.write((json.dumps(c) + "\n").encode())
