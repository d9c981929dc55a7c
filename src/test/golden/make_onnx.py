#!/usr/bin/python3
"""Writes src/test/resources/onnx/node.zip: ONNX's own tests of single operators.

Needs the Python package onnx (1.12) and numpy. The inputs and expected outputs are those of the
package's backend tests (Apache-2.0), computed by their reference implementations in NumPy. Each
test is a folder as ONNX lays it out: model.onnx, input_0.pb, output_0.pb.

Then tests of the same form for operators of opsets after 17, computed by PyTorch (1.13).

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


def later():
    """Operators of opsets after 17, which the package has not, as PyTorch computes them: name, model, tensors."""
    import torch
    import torch.nn.functional as F
    from onnx import TensorProto, helper

    torch.manual_seed(1)

    def case(name, type, opset, attributes, inputs, output):
        given = [np.asarray(x.detach().numpy() if hasattr(x, "detach") else x) for x in inputs]
        output = np.asarray(output.detach().numpy() if hasattr(output, "detach") else output)
        info = lambda n, x: helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(x.dtype) if hasattr(
            helper, "np_dtype_to_tensor_dtype") else onnx.mapping.NP_TYPE_TO_TENSOR_TYPE[x.dtype], x.shape)
        names = [f"x{i}" for i in range(len(given))]
        node = helper.make_node(type, names, ["y"], **attributes)
        graph = helper.make_graph([node], name, [info(n, x) for n, x in zip(names, given)], [info("y", output)])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        return f"later_{name}", model, given, [output]

    x = torch.randn(2, 12, 10)
    yield case("col2im", "Col2Im", 18, dict(dilations=[1, 2], pads=[1, 0, 0, 1], strides=[2, 1]),
               [x, np.array([3, 6]), np.array([2, 2])], col2im(x.numpy(), (3, 6), (2, 2), (1, 2), (1, 0, 0, 1), (2, 1)))
    y = torch.randn(2, 3 * 6, 12)
    yield case("col2im_fold", "Col2Im", 18, {}, [y, np.array([4, 6]), np.array([2, 3])], F.fold(y, (4, 6), (2, 3)))
    z = torch.randn(3, 5, 4)
    yield case("center_crop_pad", "CenterCropPad", 18, dict(axes=[1, 2]), [z, np.array([2, 7])], F.pad(z[:, 1:3], (1, 2)))
    g, w, b = torch.randn(2, 6, 3, 2), torch.randn(6), torch.randn(6)
    yield case("group_norm_21", "GroupNormalization", 21, dict(num_groups=3, epsilon=0.01), [g, w, b], F.group_norm(g, 3, w, b, 0.01))
    yield case("group_norm_18", "GroupNormalization", 18, dict(num_groups=3), [g, w[:3], b[:3]],
               F.group_norm(g, 3) * w[:3].repeat_interleave(2).view(1, 6, 1, 1) + b[:3].repeat_interleave(2).view(1, 6, 1, 1))
    yield case("rms_norm", "RMSNormalization", 23, dict(axis=-1), [g, w[:2]], g / (g.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() * w[:2])
    yield case("gelu_20", "Gelu", 20, dict(approximate="tanh"), [z], 0.5 * z * (1 + torch.tanh((2 / np.pi) ** 0.5 * (z + 0.044715 * z**3))))
    v, grid = torch.randn(2, 2, 3, 4, 5), torch.rand(2, 2, 3, 2, 3) * 2.4 - 1.2
    for mode, outside, align in (("linear", "zeros", 0), ("linear", "reflection", 1), ("nearest", "border", 0)):
        yield case(f"grid_sample_3d_{mode}_{outside}", "GridSample", 20, dict(mode=mode, padding_mode=outside, align_corners=align),
                   [v, grid], F.grid_sample(v, grid, "bilinear" if mode == "linear" else mode, outside, bool(align)))
    i, flat = torch.randn(2, 2, 4, 5), torch.rand(2, 3, 2, 2) * 2.4 - 1.2
    for outside, align in (("zeros", 1), ("border", 0), ("reflection", 0)):
        yield case(f"grid_sample_cubic_{outside}", "GridSample", 20, dict(mode="cubic", padding_mode=outside, align_corners=align),
                   [i, flat], F.grid_sample(i, flat, "bicubic", outside, bool(align)))
    theta2, theta3 = torch.randn(2, 2, 3), torch.randn(2, 3, 4)
    yield case("affine_grid_2d", "AffineGrid", 20, {}, [theta2, np.array([2, 3, 4, 5])], F.affine_grid(theta2, (2, 3, 4, 5), False))
    yield case("affine_grid_3d", "AffineGrid", 20, dict(align_corners=1), [theta3, np.array([2, 1, 2, 3, 4])], F.affine_grid(theta3, (2, 1, 2, 3, 4), True))
    s = torch.randn(2, 6, 1)
    yield case("dft_20", "DFT", 20, dict(onesided=1), [s, np.array(8), np.array(1)], torch.view_as_real(torch.fft.rfft(s[..., 0], 8, 1)))
    c = torch.randn(2, 5, 3, 2)
    yield case("idft_20", "DFT", 20, dict(inverse=1), [c, np.array(5), np.array(-3)],
               torch.view_as_real(torch.fft.ifft(torch.view_as_complex(c), dim=1)))
    q = torch.randn(2, 6) * 20
    scale = torch.tensor([[0.5, 0.25], [1.0, 2.0]])
    wide = scale.repeat_interleave(3, 1)
    whole = torch.clamp(torch.round(q / wide), -128, 127)
    yield case("quantize_blocks", "QuantizeLinear", 21, dict(axis=1, block_size=3), [q, scale, np.zeros((2, 2), np.int8)], whole.numpy().astype(np.int8))
    yield case("dequantize_blocks", "DequantizeLinear", 21, dict(axis=1, block_size=3), [whole.numpy().astype(np.int8), scale], whole * wide)
    yield case("reduce_mean_18", "ReduceMean", 18, dict(keepdims=0), [z, np.array([-1, 0])], z.mean((-1, 0)))
    yield case("pad_axes_18", "Pad", 18, dict(mode="reflect"), [z, np.array([1, 2]), np.array(0, np.float32), np.array([-1])],
               F.pad(z, (1, 2), mode="reflect"))


def col2im(x, image, block, dilations, pads, strides):
    """The sum of blocks where a window would have taken them from, element by element."""
    n, channels = x.shape[0], x.shape[1] // (block[0] * block[1])
    steps = [(image[a] + pads[a] + pads[2 + a] - dilations[a] * (block[a] - 1) - 1) // strides[a] + 1 for a in (0, 1)]
    y = np.zeros((n, channels, *image), x.dtype)
    blocks = x.reshape(n, channels, block[0], block[1], steps[0], steps[1])
    for i, j, r, c in np.ndindex(*block, *steps):
        row, column = r * strides[0] - pads[0] + i * dilations[0], c * strides[1] - pads[1] + j * dilations[1]
        if 0 <= row < image[0] and 0 <= column < image[1]:
            y[:, :, row, column] += blocks[:, :, i, j, r, c]
    return y


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
            write(archive, case.name, files)
        for name, model, inputs, outputs in later():
            files = {"model.onnx": model.SerializeToString()}
            files.update((f"input_{i}.pb", serialized(x, f"x{i}")) for i, x in enumerate(inputs))
            files.update((f"output_{i}.pb", serialized(y, "y")) for i, y in enumerate(outputs))
            write(archive, name, files)


def write(archive, case, files):
    for name, data in files.items():
        # One time for all, so that the same tests are the same bytes.
        archive.writestr(zipfile.ZipInfo(f"{case}/{name}"), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    main(os.path.join(here, "../resources/onnx/node.zip"))
