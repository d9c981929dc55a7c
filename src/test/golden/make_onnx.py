#!/usr/bin/python3
"""Writes src/test/resources/onnx/node.zip: ONNX's own tests of single operators.

Needs the Python package onnx (1.12) and numpy. The inputs and expected outputs are those of the
package's backend tests (Apache-2.0), computed by their reference implementations in NumPy. Each
test is a folder as ONNX lays it out: model.onnx, input_0.pb, output_0.pb.

Left out: strings, sequences and optional values that go in or come out, optimisers, random numbers,
which lamina does not read, tests of more than 40 kB, and variants in which the same operator is spelt
out by others.
"""
import io
import os
import sys
import warnings
import zipfile

warnings.filterwarnings("ignore")

import numpy as np

np.float, np.bool, np.int, np.object = np.float64, np.bool_, np.int64, object

import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

UNREAD = (
    "adagrad adam momentum nesterov str tfidf bernoulli random training_dropout bfloat16 string"
    " optional identity_sequence identity_opt if_opt if_seq loop13_seq loop16_seq scan_sum"
    " sequence_insert sequence_map split_to_sequence batch_diagonal"
).split()


def serialized(value, name):
    if not isinstance(value, onnx.TensorProto):
        value = numpy_helper.from_array(np.asarray(value), name)
    return value.SerializeToString()


def main(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        # Of two with one name the last one counts.
        cases = {case.name: case for case in collect_testcases(None)}
        for name, case in sorted(cases.items()):
            if any(word in case.name.lower() for word in UNREAD) or case.name.endswith("_expanded"):
                continue
            graph = case.model.graph
            inputs, outputs = case.data_sets[0]
            files = {"model.onnx": case.model.SerializeToString()}
            for i, (value, info) in enumerate(zip(inputs, graph.input)):
                files[f"input_{i}.pb"] = serialized(value, info.name)
            for i, (value, info) in enumerate(zip(outputs, graph.output)):
                files[f"output_{i}.pb"] = serialized(value, info.name)
            if sum(map(len, files.values())) > 40_000:
                continue
            for name, data in files.items():
                # One time for all, so that the same tests are the same bytes.
                archive.writestr(zipfile.ZipInfo(f"{case.name}/{name}"), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    main(os.path.join(here, "../resources/onnx/node.zip"))
