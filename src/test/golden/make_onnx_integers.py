#!/usr/bin/python3
"""Writes src/test/resources/onnx/integers.zip: arithmetic on whole numbers of fewer than 64 bits.

Needs the Python package onnx (1.12) and numpy. Each test is a folder as ONNX lays it out:
model.onnx, input_0.pb, ..., output_0.pb. Inputs are drawn from the whole range of the type with a
fixed seed, so that results overflow; the outputs are NumPy's in the same type, which wrap as those
of ONNX Runtime do.
"""
import os
import zipfile

import numpy as np
from onnx import TensorProto, helper, numpy_helper

SEED = 5
TYPES = {
    np.int8: TensorProto.INT8,
    np.uint8: TensorProto.UINT8,
    np.int16: TensorProto.INT16,
    np.uint16: TensorProto.UINT16,
    np.int32: TensorProto.INT32,
    np.uint32: TensorProto.UINT32,
}
# The operator, its attributes, the shapes of its inputs, and the same in NumPy.
CASES = [
    ("Add", {}, [(2, 3), (2, 3)], lambda a, b: a + b),
    ("Sub", {}, [(2, 3), (3,)], lambda a, b: a - b),
    ("Mul", {}, [(2, 3), (2, 1)], lambda a, b: a * b),
    ("Neg", {}, [(2, 3)], lambda a: -a),
    ("Abs", {}, [(2, 3)], np.abs),
    ("Pow", {}, [(2, 3), ()], lambda a, b: a * a),
    ("MatMul", {}, [(2, 3), (3, 2)], lambda a, b: a @ b),
    ("Gemm", {"transA": 1}, [(3, 2), (3, 2)], lambda a, b: a.T @ b),
    ("Gemm", {}, [(2, 3), (3, 2), (2,)], lambda a, b, c: a @ b + c),
    ("ReduceSum", {}, [(2, 3)], lambda a: a.sum(keepdims=True, dtype=a.dtype)),
    ("ReduceProd", {}, [(2, 3)], lambda a: a.prod(keepdims=True, dtype=a.dtype)),
    ("ReduceSumSquare", {}, [(2, 3)], lambda a: (a * a).sum(keepdims=True, dtype=a.dtype)),
]


def main(path):
    random = np.random.RandomState(SEED)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number, (operator, attributes, shapes, function) in enumerate(CASES):
            for dtype, kind in TYPES.items():
                if operator == "Neg" and np.dtype(dtype).kind == "u":
                    continue
                range_ = np.iinfo(dtype)
                inputs = [
                    np.array(random.randint(range_.min, range_.max + 1, s, np.int64)).astype(dtype)
                    for s in shapes
                ]
                inputs[0].flat[0] = range_.min
                if operator == "Pow":
                    inputs[1] = np.array(2, dtype)
                    # Powers are computed in doubles, exact up to 53 bits.
                    inputs[0] = (inputs[0] >> 6) if np.dtype(dtype).itemsize == 4 else inputs[0]
                with np.errstate(over="ignore"):
                    y = np.asarray(function(*inputs))
                assert y.dtype == dtype
                names = ["abc"[i] for i in range(len(inputs))]
                infos = [helper.make_tensor_value_info(n, kind, x.shape) for n, x in zip(names, inputs)]
                # The value between tells nothing of its type, which follows from the operators.
                nodes = [
                    helper.make_node(operator, names, ["h"], **attributes),
                    helper.make_node("Identity", ["h"], ["y"]),
                ]
                graph = helper.make_graph(
                    nodes, "g", infos, [helper.make_tensor_value_info("y", kind, y.shape)]
                )
                model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
                files = {"model.onnx": model.SerializeToString()}
                for i, x in enumerate(inputs):
                    files[f"input_{i}.pb"] = numpy_helper.from_array(x, names[i]).SerializeToString()
                files["output_0.pb"] = numpy_helper.from_array(y, "y").SerializeToString()
                folder = f"{number:02}_{operator}_{np.dtype(dtype).name}"
                for name, data in files.items():
                    # One time for all, so that the same tests are the same bytes.
                    archive.writestr(zipfile.ZipInfo(f"{folder}/{name}"), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    main(os.path.join(here, "../resources/onnx/integers.zip"))
