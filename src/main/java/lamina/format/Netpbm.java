package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The pictures of Netpbm: PBM (black and white), PGM (grey) and PPM (colour), as text and binary,
 * in 8 or 16 bits. The letters {@code P1} to {@code P6}, width, height and, but for PBM, the
 * largest sample, with comments from {@code #} to the end of a line anywhere before binary samples.
 */
final class Netpbm {
  private final InputStream in;
  private final String name;

  /** The next byte, or -1 at the end. */
  private int next;

  private Netpbm(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /** Whether the first bytes are those of such a picture. */
  static boolean matches(byte[] head) {
    return head.length > 2
        && head[0] == 'P'
        && head[1] >= '1'
        && head[1] <= '6'
        && (isBlank(head[2]) || head[2] == '#');
  }

  /**
   * Reads a picture as {@code C x H x W}, in 0..1, or in whole numbers if {@code integerPixels}:
   * 0..255, or 0..65535 where the file has 16 bits.
   */
  static Tensor read(InputStream in, DType dtype, boolean integerPixels, String sourceName)
      throws IOException {
    if (dtype == DType.INT64 && !integerPixels) {
      throw new InputException("pixels in 0..1 are no integers; use --pixels 0..255");
    }
    return new Netpbm(in, sourceName).picture(dtype, integerPixels);
  }

  private Tensor picture(DType dtype, boolean integers) throws IOException {
    int kind = kind();
    int width = number("width", Integer.MAX_VALUE);
    int height = number("height", Integer.MAX_VALUE);
    boolean bitmap = kind == 1 || kind == 4;
    int largest = bitmap ? 1 : number("largest sample", 65535);
    if (width == 0 || height == 0 || largest == 0) {
      throw error("width, height and the largest sample must be at least 1");
    }
    int channels = kind == 3 || kind == 6 ? 3 : 1;
    Tensor.allocatable(dtype, channels, height, width);
    Tensor picture = Tensor.zeros(dtype, channels, height, width);
    if (kind > 3 && !isBlank(next)) {
      throw error("no blank between its header and its samples");
    }
    int plane = height * width;
    int bits = 0;
    for (int pixel = 0; pixel < plane; pixel++) {
      for (int c = 0; c < channels; c++) {
        int sample;
        if (kind == 4) {
          // Rows begin at whole bytes.
          int bit = pixel % width % 8;
          bits = bit == 0 ? sampleByte(pixel, plane) : bits;
          sample = bits >> (7 - bit) & 1;
        } else if (kind == 1) {
          sample = bit(pixel, plane);
        } else if (kind < 4) {
          sample = number("sample " + (pixel * (long) channels + c + 1), 65535);
        } else {
          sample = sampleByte(pixel, plane);
          sample = largest > 255 ? sample << 8 | sampleByte(pixel, plane) : sample;
        }
        if (sample > largest) {
          throw error("the sample " + sample + " is beyond the largest one, " + largest);
        }
        // The 1 of a bitmap is black, as ink.
        set(picture, c * plane + pixel, bitmap ? 1 - sample : sample, largest, integers);
      }
    }
    end(kind > 3);
    return picture;
  }

  /** The digit behind the P that the file starts with. */
  private int kind() throws IOException {
    advance();
    if (next != 'P') {
      throw error("does not start with P1 to P6");
    }
    advance();
    int kind = next - '0';
    if (kind < 1 || kind > 6) {
      throw error("does not start with P1 to P6");
    }
    advance();
    return kind;
  }

  private static void set(Tensor picture, int index, int sample, int largest, boolean integers) {
    if (!integers) {
      double value = (double) sample / largest;
      if (picture.dtype() == DType.FLOAT32) {
        picture.floats()[index] = (float) value;
      } else {
        picture.doubles()[index] = value;
      }
      return;
    }
    long value = largest >= 255 ? sample : (sample * 255L * 2 + largest) / (2L * largest);
    switch (picture.dtype()) {
      case FLOAT64 -> picture.doubles()[index] = value;
      case FLOAT32 -> picture.floats()[index] = value;
      case INT64 -> picture.longs()[index] = value;
    }
  }

  /** Checks that nothing follows the picture. */
  private void end(boolean binary) throws IOException {
    if (binary) {
      advance();
    }
    while (isBlank(next)) {
      advance();
    }
    if (!binary) {
      skipBlanks();
    }
    if (next >= 0) {
      throw error("more follows the last sample; one picture a file is read");
    }
  }

  private void advance() throws IOException {
    next = in.read();
  }

  private int sampleByte(int pixel, int pixels) throws IOException {
    advance();
    if (next < 0) {
      throw truncated(pixel, pixels);
    }
    return next;
  }

  /** A sample of a bitmap as text; nothing need be between them. */
  private int bit(int pixel, int pixels) throws IOException {
    skipBlanks();
    int digit = next;
    if (digit < 0) {
      throw truncated(pixel, pixels);
    }
    if (digit != '0' && digit != '1') {
      throw error("'" + Source.printable(String.valueOf((char) digit)) + "' where 0 or 1 belongs");
    }
    advance();
    return digit - '0';
  }

  private int number(String what, int most) throws IOException {
    skipBlanks();
    if (next < 0) {
      throw error("ends before its " + what + ": the file is truncated");
    }
    if (next < '0' || next > '9') {
      throw error(
          "'" + Source.printable(String.valueOf((char) next)) + "' where its " + what + " belongs");
    }
    long number = 0;
    while (next >= '0' && next <= '9') {
      number = 10 * number + next - '0';
      if (number > most) {
        throw error("its " + what + " is beyond " + most);
      }
      advance();
    }
    return (int) number;
  }

  private void skipBlanks() throws IOException {
    while (isBlank(next) || next == '#') {
      if (next == '#') {
        while (next >= 0 && next != '\n' && next != '\r') {
          advance();
        }
      } else {
        advance();
      }
    }
  }

  private static boolean isBlank(int b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  private InputException truncated(int pixel, int pixels) {
    return error("ends in pixel " + (pixel + 1) + " of " + pixels + ": the file is truncated");
  }

  private InputException error(String message) {
    return InputException.at(name, "a Netpbm picture: " + message);
  }
}
