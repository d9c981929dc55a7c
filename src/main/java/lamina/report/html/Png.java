package lamina.report.html;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Small pictures of pixels as addresses that hold them, by the PNG specification. */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private Png() {}

  /**
   * A picture as {@code data:image/png;base64,...}.
   *
   * @param colours {@code 0xRRGGBB} of each pixel, row by row
   */
  static String address(int width, int height, int[] colours) {
    byte[] rows = new byte[height * (3 * width + 1)];
    int at = 0;
    for (int i = 0; i < colours.length; i++) {
      // Each row begins with its filter, 0.
      at += i % width == 0 ? 1 : 0;
      rows[at++] = (byte) (colours[i] >> 16);
      rows[at++] = (byte) (colours[i] >> 8);
      rows[at++] = (byte) colours[i];
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(SIGNATURE);
    // 8 bits, RGB.
    byte[] header =
        ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 2).array();
    chunk(png, "IHDR", header, header.length);
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    deflater.setInput(rows);
    deflater.finish();
    byte[] packed = new byte[rows.length + rows.length / 1000 + 64];
    int length = deflater.deflate(packed);
    deflater.end();
    chunk(png, "IDAT", packed, length);
    chunk(png, "IEND", new byte[0], 0);
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data, int length) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, length);
    png.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
    png.writeBytes(name);
    png.write(data, 0, length);
    png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
