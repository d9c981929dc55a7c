#!/usr/bin/python3
"""Writes src/test/resources/onnx/node_later.zip: ONNX's tests of single operators after ONNX 1.12.

Usage: make_onnx_later.py LATER EARLIER, two folders data/node of Debian's package libonnx-testdata:
LATER of version 1.20 (opset 25), EARLIER of 1.12. Their tests are ONNX's (Apache-2.0), computed by
its reference implementations. Those are packed that only LATER has, in the layout of make_onnx.py.

Left out: tests of more than 12 kB, operators spelt out by others, and what UNREAD says.
"""
import glob
import os
import sys
import zipfile

UNREAD = {
    # Strings, images, decision trees, random numbers: not read, or not to be repeated.
    "ai_onnx_ml": "", "string": "", "regex": "", "image_decoder": "", "bernoulli": "", "training_dropout": "",
    # Expected values that come of whole numbers which overflowed in NumPy.
    "qlinearmatmul_2D_int8": "", "qlinearmatmul_3D_int8": "",
    # Zeros that are expected to be the rounding errors of float32.
    "dft_inverse": "",
}


def main(later, earlier, path):
    known = set(os.listdir(earlier))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(os.listdir(later)):
            if name in known or "_expanded" in name or any(word in name for word in UNREAD):
                continue
            files = [os.path.join(later, name, "model.onnx")]
            files += sorted(glob.glob(os.path.join(later, name, "test_data_set_0", "*.pb")))
            if sum(map(os.path.getsize, files)) > 12_000:
                continue
            for file in files:
                with open(file, "rb") as data:
                    # One time for all, so that the same tests are the same bytes.
                    info = zipfile.ZipInfo(f"{name}/{os.path.basename(file)}")
                    archive.writestr(info, data.read(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    main(sys.argv[1], sys.argv[2], os.path.join(here, "../resources/onnx/node_later.zip"))
