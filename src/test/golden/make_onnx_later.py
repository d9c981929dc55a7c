#!/usr/bin/python3
"""Writes src/test/resources/onnx/node_later.zip: ONNX's tests of single operators after ONNX 1.12.

Usage: make_onnx_later.py FOLDER, the folder data/node of Debian's package libonnx-testdata 1.20 (opset 25).
Its tests are ONNX's (Apache-2.0), computed by its reference implementations. Those are packed that
make_onnx.py does not pack, in its layout: sequences are there too.

Left out: tests of more than 12 kB, operators spelt out by others, and what UNREAD says.
"""
import glob
import os
import sys
import zipfile

UNREAD = (
    # Strings, pictures, decision trees, random numbers, gradients: not read, or not to be repeated.
    "ai_onnx_ml str regex image_decoder bernoulli training_dropout STRING tensorscatter "
    # Expected values that come of whole numbers which overflowed in NumPy, or of an epsilon that is not in the file.
    "qlinearmatmul_2D_int8 qlinearmatmul_3D_int8 adam_multiple "
    # Zeros that are expected to be the rounding errors of float32.
    "dft_inverse "
).split()


def main(folder, others, path):
    with zipfile.ZipFile(others) as archive:
        known = {name.split("/")[0] for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(os.listdir(folder)):
            if name in known or "_expanded" in name or any(word in name for word in UNREAD):
                continue
            files = [os.path.join(folder, name, "model.onnx")]
            files += sorted(glob.glob(os.path.join(folder, name, "test_data_set_0", "*.pb")))
            if sum(map(os.path.getsize, files)) > 12_000:
                continue
            for file in files:
                with open(file, "rb") as data:
                    # One time for all, so that the same tests are the same bytes.
                    info = zipfile.ZipInfo(f"{name}/{os.path.basename(file)}")
                    archive.writestr(info, data.read(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    resources = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/onnx")
    main(sys.argv[1], os.path.join(resources, "node.zip"), os.path.join(resources, "node_later.zip"))
