package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lamina.tensor.DType;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "h5~\\x89HDF\\r\\n\\x1a\\n~an HDF5 file",
        "mat~MATLAB 5.0 MAT-file, Platform: GLNXA64~a MATLAB file",
        "mat~MATLAB 7.3 MAT-file, Platform: GLNXA64~an HDF5 file",
        "pt~\\x80\\x02\\x8a\\x0al\\xfc\\x9cF\\xf9 j\\xa8P\\x19.~a Python pickle (torch.save",
        "pkl~\\x80\\x04\\x95\\x1a\\x00\\x00\\x00~a Python pickle",
        "onnx~\\x08\\x07\\x12\\x07pytorch~an ONNX model",
        "tif~II*\\x00\\x08\\x00\\x00\\x00~a TIFF picture; convert it to PNG",
        "tiff~MM\\x00*\\x00\\x00\\x00\\x08~a TIFF picture",
        "webp~RIFF\\x10\\x00\\x00\\x00WEBPVP8 ~a WebP picture",
        "wav~RIFF\\x10\\x00\\x00\\x00WAVEfmt ~a sound (WAV)",
        "heic~\\x00\\x00\\x00\\x18ftypheic\\x00~a HEIC or AVIF picture",
        "mp4~\\x00\\x00\\x00\\x18ftypisom\\x00~a film (MP4)",
        "pdf~%PDF-1.7\\n~a PDF",
        "bin~version https://git-lfs.github.com/spec/v1\\noid sha256:0\\nsize 1\\n~a Git LFS"
            + " pointer, not the file itself; fetch it with git lfs pull",
        "html~<!DOCTYPE html>\\n<html>~a web page (HTML)",
        "html~\\n <HTML lang=en>~a web page (HTML)",
        "svg~<?xml version='1.0'?><svg>~an SVG picture",
        "xml~<?xml version='1.0'?><a>~an XML file",
        "7z~7z\\xbc\\xaf'\\x1c~a 7-Zip archive; unpack it first",
        "xz~\\xfd7zXZ\\x00~an xz archive",
        "zst~(\\xb5/\\xfd~a zstd archive",
        "bz2~BZh91AY&SY~a bzip2 archive",
        "parquet~PAR1\\x15\\x04~a Parquet file",
        "xls~\\xd0\\xcf\\x11\\xe0\\xa1\\xb1\\x1a\\xe1~an old Excel or Word file",
        "pam~P7\\nWIDTH 1\\n~a PAM picture",
        "mtx~%%MatrixMarket matrix coordinate real general\\n1 1 1\\n1 1 5\\n~a Matrix Market file",
        "arff~@RELATION iris\\n~an ARFF file",
        "gguf~GGUF\\x03~a GGUF file",
        "sqlite~SQLite format 3\\x00~an SQLite database",
      })
  void saysWhatTheFileIs(String extension, String start, String message) throws IOException {
    byte[] bytes = bytes(start);
    for (String name : new String[] {"a." + extension, "a", "a.csv", "a.json", "a.npy", "a.png"}) {
      Files.write(folder.resolve(name), bytes);
      assertThatThrownBy(
              () -> TensorArgument.parse(name).read(Fixtures.options(DType.FLOAT64, folder, null)))
          .as(name)
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(name + ": is " + message);
    }
    assertThatThrownBy(() -> Fixtures.pipe(bytes))
        .hasMessageStartingWith("standard input: is " + message);
  }

  private static byte[] bytes(String escaped) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '\\') {
        i++;
        switch (escaped.charAt(i)) {
          case 'n' -> plain.append('\n');
          case 'r' -> plain.append('\r');
          default -> {
            plain.append((char) Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
            i += 2;
          }
        }
      } else {
        plain.append(c);
      }
    }
    byte[] start = plain.toString().getBytes(StandardCharsets.ISO_8859_1);
    return Arrays.copyOf(start, Math.max(start.length, 300));
  }

  @Test
  void saysThatBytesAreNoText() {
    assertThatThrownBy(() -> Fixtures.pipe(new byte[] {'a', 0, 1, 2, 'b', 7}))
        .hasMessage(
            "standard input: is a binary file of a format that is not known; save it as npy, npz or"
                + " safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.npy", "a.npz", "a.png", "a.idx", "a.safetensors", "a.pgm"})
  void saysThatAFileIsEmpty(String name) throws IOException {
    Files.write(folder.resolve(name), new byte[0]);
    assertThatThrownBy(
            () -> TensorArgument.parse(name).read(Fixtures.options(DType.FLOAT64, folder, null)))
        .hasMessage(name + ": is empty");
  }

  /** Texts of numbers that begin a little like something else. */
  @ParameterizedTest
  @ValueSource(
      strings = {"PAR1,PAR2\n1,2\n", "P1,P2\n1,2\n", "II,MM\n1,2\n", "BZh,X\n1,2\n", "MZ,GGU\n1,2"})
  void tablesAreTables(String csv) {
    assertThat(Fixtures.pipe(csv).doubles()).containsExactly(1, 2);
  }
}
