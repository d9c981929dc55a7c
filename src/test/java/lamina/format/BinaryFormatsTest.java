package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryFormatsTest {
  @TempDir Path folder;

  private static double[] expected(char kind) {
    return switch (kind) {
      case 'f' -> new double[] {-2.5, 0, 1, 3.5, 100, 0.125};
      case 'i' -> new double[] {-2, 0, 1, 3, 100, 7};
      case 'u' -> new double[] {2, 0, 1, 3, 100, 255};
      default -> new double[] {1, 0, 1, 1, 0, 0};
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"types-stored.npz", "types-deflated.npz"})
  void readsEveryTypeByteOrderAndMemoryOrderOfNumpy(String file) {
    for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
      Map<String, Tensor> all =
          TensorArgument.parse(file).readAll(Fixtures.options(dtype, Fixtures.folder(), null));
      assertThat(all).hasSize(48);
      all.forEach(
          (name, tensor) ->
              assertThat(tensor.as(DType.FLOAT64))
                  .as(name)
                  .isEqualTo(Tensor.of(expected(name.charAt(0)), 2, 3)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"version1.npy", "version2.npy", "version3.npy"})
  void readsAllVersionsOfNpy(String file) {
    assertThat(Fixtures.read(file)).isEqualTo(Tensor.of(new double[] {0, 1, 2, 3, 4, 5}, 2, 3));
  }

  @Test
  void readsScalarsEmptyArraysAndUnsignedNumbers() {
    assertThat(Fixtures.read("scalar.npy")).isEqualTo(Tensor.scalar(2.5));
    assertThat(Fixtures.read("empty.npy").shape()).containsExactly(0, 3);
    // 2^53 + 1 rounds to even; numpy's astype('f8') gives the same three.
    assertThat(Fixtures.read("uint64.npy"))
        .isEqualTo(Tensor.of(new double[] {0x1p64, 0x1p63, 0x1p53}, 3));
  }

  @Test
  void readsEveryTypeOfSafetensors() {
    Map<String, Tensor> all =
        TensorArgument.parse("types.safetensors")
            .readAll(Fixtures.options(DType.FLOAT64, Fixtures.folder(), null));
    assertThat(all.keySet())
        .containsExactly("F64", "F32", "F16", "BF16", "I64", "I8", "U8", "BOOL", "0.weight");
    for (String name : all.keySet()) {
      if (!name.equals("0.weight")) {
        char kind = name.equals("BF16") ? 'f' : Character.toLowerCase(name.charAt(0));
        assertThat(all.get(name)).as(name).isEqualTo(Tensor.of(expected(kind), 2, 3));
      }
    }
    assertThat(all.get("0.weight")).isEqualTo(Tensor.scalar(7));
    assertThat(Fixtures.read("types.safetensors#0.weight")).isEqualTo(Tensor.scalar(7));
    assertThat(Fixtures.read("types.safetensors#U8").get(5)).isEqualTo(255);
  }

  @Test
  void everyTensorRoundTrips() throws IOException {
    for (DType dtype : DType.values()) {
      for (long seed = 0; seed < 50; seed++) {
        Random random = new Random(seed);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
          tensors.put(i + ".weight", RandomTensors.next(random, dtype));
        }
        ByteArrayOutputStream npz = new ByteArrayOutputStream();
        Npz.write(tensors, npz);
        assertThat(Npz.readAll(in(npz), dtype, "x")).as("npz, seed %d", seed).isEqualTo(tensors);

        ByteArrayOutputStream safe = new ByteArrayOutputStream();
        Safetensors.write(tensors, safe);
        assertThat(Safetensors.readAll(in(safe), safe.size(), dtype, "x"))
            .as("safetensors, seed %d", seed)
            .isEqualTo(tensors);

        Tensor one = tensors.get("0.weight");
        ByteArrayOutputStream npy = new ByteArrayOutputStream();
        Npy.write(one, npy);
        assertThat(Npy.read(in(npy), npy.size(), dtype, "x")).as("seed %d", seed).isEqualTo(one);
        assertThat(Npy.read(in(npy), -1, dtype, "x")).as("seed %d", seed).isEqualTo(one);
      }
    }
  }

  private static InputStream in(ByteArrayOutputStream bytes) {
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  @Test
  void tensorsLargerThanTheBuffersRoundTrip() throws IOException {
    Tensor large = Tensor.zeros(DType.FLOAT64, 300, 701);
    RandomTensors.fill(large, new Random(1));
    ByteArrayOutputStream npy = new ByteArrayOutputStream();
    Npy.write(large, npy);
    assertThat(Npy.read(in(npy), npy.size(), DType.FLOAT64, "x")).isEqualTo(large);
    assertThat(Npy.read(in(npy), -1, DType.FLOAT64, "x")).isEqualTo(large);
  }

  @Test
  void theSameTensorsGiveTheSameArchive() throws IOException {
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    Npz.write(Map.of("a", Tensor.scalar(1)), first);
    Npz.write(Map.of("a", Tensor.scalar(1)), second);
    assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
  }

  @Test
  void readsIdxOfEveryType() {
    assertThat(Fixtures.pipe(new byte[] {0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, (byte) 200}))
        .isEqualTo(Tensor.of(new double[] {7, 200}, 1, 2));
    assertThat(Fixtures.pipe(new byte[] {0, 0, 9, 1, 0, 0, 0, 1, (byte) 200}))
        .isEqualTo(Tensor.of(new double[] {-56}, 1));
    assertThat(Fixtures.pipe(new byte[] {0, 0, 11, 1, 0, 0, 0, 1, 1, 0}))
        .isEqualTo(Tensor.of(new double[] {256}, 1));
    assertThat(Fixtures.pipe(new byte[] {0, 0, 12, 1, 0, 0, 0, 1, 0, 0, 1, 0}))
        .isEqualTo(Tensor.of(new double[] {256}, 1));
    assertThat(Fixtures.pipe(new byte[] {0, 0, 13, 1, 0, 0, 0, 1, 0x3f, (byte) 0x80, 0, 0}))
        .isEqualTo(Tensor.of(new double[] {1}, 1));
    assertThat(
            Fixtures.pipe(
                new byte[] {0, 0, 14, 1, 0, 0, 0, 1, 0x3f, (byte) 0xf0, 0, 0, 0, 0, 0, 0}))
        .isEqualTo(Tensor.of(new double[] {1}, 1));
  }

  @Test
  void readsCompressedFilesWhateverTheirName() throws IOException {
    byte[] npy = Files.readAllBytes(Fixtures.folder().resolve("version1.npy"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gz = new GZIPOutputStream(bytes)) {
      gz.write(npy);
    }
    Files.write(folder.resolve("a.npy.gz"), bytes.toByteArray());
    Files.write(folder.resolve("nameless"), bytes.toByteArray());
    for (String name : new String[] {"a.npy.gz", "nameless"}) {
      assertThat(
              TensorArgument.parse(name).read(Fixtures.options(DType.FLOAT64, folder, null)).size())
          .isEqualTo(6);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "complex.npy|complex.npy: elements of type '<c16' are not read; save it with"
            + " .astype('float64'), or as float32, float16, int8 to int64, uint8 to uint64 or bool",
        "text.npy|text.npy: elements of type '<U1' are not read; save numbers;"
            + " numpy.unique(a, return_inverse=True)[1] numbers the words of a",
        "structured.npy|structured.npy: a structured array; save its fields as arrays of their own",
        "scalar.npz|scalar.npz: no such file; did you mean 'scalar.npy'?",
        "types.safetensors#none|types.safetensors: has no entry 'none'; its entries are F64, F32,"
            + " F16, BF16, I64, I8, U8, BOOL, 0.weight",
      })
  void refusesWhatItCannotRead(String argument, String message) {
    assertThatThrownBy(() -> Fixtures.read(argument))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void refusesNumbersBeyondTheType() throws IOException {
    Npy.write(
        Tensor.of(new double[] {1, 1e300}, 2, 1), Files.newOutputStream(folder.resolve("a.npy")));
    assertThatThrownBy(
            () -> TensorArgument.parse("a.npy").read(Fixtures.options(DType.FLOAT32, folder, null)))
        .hasMessage(
            "a.npy: at [1][0]: 1.0E300 is beyond the range of float32; use --dtype float64");
    assertThatThrownBy(() -> Fixtures.read("scalar.npy", DType.INT64))
        .hasMessage("scalar.npy: 2.5 is not an integer of 64 bits");
  }

  /** Every prefix of every file is refused in one line, whether its length is known or not. */
  @ParameterizedTest
  @ValueSource(strings = {"version1.npy", "types.safetensors", "rgb.png", "grey.png"})
  void refusesTruncatedFiles(String file) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.folder().resolve(file));
    // The pixels of a PNG end before its last chunks.
    int needed = file.endsWith(".png") ? whole.length - 25 : whole.length;
    for (int length = 0; length < needed; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      Path path = folder.resolve(length + "-" + file);
      Files.write(path, part);
      String entry = file.endsWith("safetensors") ? "#0.weight" : "";
      assertThatThrownBy(
              () ->
                  TensorArgument.parse(path + entry)
                      .read(Fixtures.options(DType.FLOAT64, folder, null)))
          .as("%d bytes of %s", length, file)
          .isInstanceOf(InputException.class)
          .hasMessageNotContaining("\n");
      assertThatThrownBy(() -> Fixtures.pipe(part))
          .as("%d bytes of %s", length, file)
          .isInstanceOf(InputException.class);
    }
  }

  @Test
  void sizesThatAreNotThereTakeNoMemory() throws IOException {
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,), }";
    byte[] npy =
        ("\u0093NUMPY\u0001\0" + (char) header.length() + "\0" + header)
            .getBytes(StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve("a.npy"), npy);
    assertThatThrownBy(
            () -> TensorArgument.parse("a.npy").read(Fixtures.options(DType.FLOAT64, folder, null)))
        .hasMessage(
            "a.npy: shape 2000000000 needs 16000000000 bytes but only 0 follow: the file is"
                + " truncated");
    assertThatThrownBy(() -> Fixtures.pipe(npy))
        .hasMessage(
            "standard input: shape 2000000000 needs 16000000000 bytes but only 0 follow: the file"
                + " is truncated");
    assertThatThrownBy(
            () -> Fixtures.pipe(new byte[] {0, 0, 8, 2, -1, -1, -1, -1, 0, 0, 0, 2, 7, 9}))
        .hasMessage(
            "standard input: a size of 4294967295 in shape [4294967295, 2] is beyond 2147483639");
  }

  /** The names of types that {@code numpy.dtype} takes, with the bytes of 1 in them. */
  @ParameterizedTest
  @CsvSource({
    "float64,000000000000f03f",
    "f8,000000000000f03f",
    "=f8,000000000000f03f",
    "<d,000000000000f03f",
    "d,000000000000f03f",
    "double,000000000000f03f",
    "float,000000000000f03f",
    ">f8,3ff0000000000000",
    ">d,3ff0000000000000",
    "float32,0000803f",
    "f4,0000803f",
    "f,0000803f",
    "single,0000803f",
    ">f,3f800000",
    "float16,003c",
    "half,003c",
    "e,003c",
    "f2,003c",
    "int64,0100000000000000",
    "int,0100000000000000",
    "q,0100000000000000",
    "l,0100000000000000",
    "int32,01000000",
    "i4,01000000",
    "i,01000000",
    "int16,0100",
    "h,0100",
    "int8,01",
    "b,01",
    "|i1,01",
    "uint8,01",
    "B,01",
    "uint16,0100",
    "H,0100",
    "uint32,01000000",
    "I,01000000",
    "uint64,0100000000000000",
    "L,0100000000000000",
    "bool,01",
    "?,01",
    "|b1,01",
  })
  void knowsTheNamesOfTypes(String descr, String bytes) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1,)}\n";
    file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
    file.write(header.getBytes(StandardCharsets.US_ASCII));
    file.write(HexFormat.of().parseHex(bytes));
    assertThat(Fixtures.pipe(file.toByteArray()).doubles()).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "U1",
        "<U1",
        "O",
        "|O",
        "complex128",
        "<c16",
        "F",
        "datetime64[s]",
        "<M8[s]",
        "|S3",
        "f16",
        "longdouble",
        "f8 d",
        " ",
        "8",
        "V8"
      })
  void namesTypesThatItDoesNotRead(String descr) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1,)}\n";
    file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
    file.write(header.getBytes(StandardCharsets.US_ASCII));
    file.write(new byte[16]);
    assertThatThrownBy(() -> Fixtures.pipe(file.toByteArray()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("standard input: elements of type '" + descr + "' are not read");
  }
}
