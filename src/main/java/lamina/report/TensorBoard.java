package lamina.report;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import lamina.format.NamedOutput;
import lamina.text.InputException;
import lamina.train.GradientStatistics;
import lamina.train.Trainer;

/**
 * An event file as TensorBoard reads it: records in TensorFlow's frame, length and checksums around
 * each, whose content is the protocol buffer {@code Event} of tensorflow/core/util/event.proto with
 * a {@code Summary} of tensorflow/core/framework/summary.proto. Each epoch is flushed, so that
 * TensorBoard shows it while training goes on.
 */
public final class TensorBoard implements AutoCloseable {
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int BUCKETS = 30;

  // The wire types of protocol buffers.
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final OutputStream out;

  private TensorBoard(OutputStream out) {
    this.out = out;
  }

  /**
   * Starts a file in a folder, which is made if it is not there; runs beside it stay.
   *
   * @param called what messages call the folder
   * @throws InputException if it is no folder, or cannot be written
   */
  public static TensorBoard create(Path folder, String called) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new InputException("--tensorboard: '" + called + "' is no folder", e);
    }
    long seconds = System.currentTimeMillis() / 1000;
    String name =
        String.format(
            Locale.ROOT,
            "events.out.tfevents.%010d.lamina.%d",
            seconds,
            ProcessHandle.current().pid());
    Path file = folder.resolve(name);
    for (int i = 1; Files.exists(file); i++) {
      file = folder.resolve(name + "." + i);
    }
    TensorBoard board =
        new TensorBoard(new BufferedOutputStream(NamedOutput.open(file, called + "/" + name)));
    Message version = new Message().fixed64(1, wallTime());
    board.write(version.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8)));
    board.out.flush();
    return board;
  }

  private static double wallTime() {
    return System.currentTimeMillis() / 1000.0;
  }

  /**
   * Writes an epoch of a training.
   *
   * @param rate its learning rate
   * @param test the score of what is held out, or null
   */
  public void write(
      int epoch,
      double rate,
      Trainer.Score training,
      Trainer.Score test,
      GradientStatistics statistics)
      throws IOException {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/training", training.loss());
    scalars.put("accuracy/training", training.accuracy());
    if (test != null) {
      scalars.put("loss/held out", test.loss());
      scalars.put("accuracy/held out", test.accuracy());
    }
    scalars.put("learning rate", rate);
    for (GradientStatistics.Row row : statistics.rows()) {
      scalars.put("grad_l2/" + row.name(), row.gradL2());
      scalars.put("update_ratio/" + row.name(), row.updateRatio());
      scalars.put("dead/" + row.name(), row.dead());
      scalars.put("saturated/" + row.name(), row.saturated());
    }
    Map<String, float[]> histograms = new LinkedHashMap<>();
    statistics.gradientSamples().forEach((name, each) -> histograms.put("gradient/" + name, each));
    statistics.outputSamples().forEach((name, each) -> histograms.put("output/" + name, each));
    write(epoch, scalars, histograms);
  }

  /**
   * Writes what an epoch found.
   *
   * @param step the epoch
   * @param scalars numbers by tag; those that are NaN are left out
   * @param histograms elements by tag
   */
  public void write(long step, Map<String, Double> scalars, Map<String, float[]> histograms)
      throws IOException {
    Message summary = new Message();
    scalars.forEach(
        (tag, value) -> {
          if (!Double.isNaN(value)) {
            summary.message(1, value(tag).fixed32(2, value.floatValue()));
          }
        });
    histograms.forEach((tag, values) -> summary.message(1, value(tag).message(5, of(values))));
    write(new Message().fixed64(1, wallTime()).varint(2, step).message(5, summary));
    out.flush();
  }

  private static Message value(String tag) {
    return new Message().bytes(1, tag.getBytes(StandardCharsets.UTF_8));
  }

  /** A HistogramProto: buckets of one width, each by its upper limit. */
  private static Message of(float[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
      squares += (double) value * value;
    }
    int buckets = low < high ? BUCKETS : 1;
    double[] limits = new double[buckets];
    double[] counts = new double[buckets];
    for (int i = 0; i < buckets; i++) {
      limits[i] = i == buckets - 1 ? high : low + (high - low) * (i + 1) / buckets;
    }
    for (float value : values) {
      int bucket = (int) ((value - low) / (high - low) * buckets);
      counts[Math.max(0, Math.min(bucket, buckets - 1))]++;
    }
    return new Message()
        .fixed64(1, low)
        .fixed64(2, high)
        .fixed64(3, values.length)
        .fixed64(4, sum)
        .fixed64(5, squares)
        .bytes(6, packed(limits))
        .bytes(7, packed(counts));
  }

  private static byte[] packed(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return bytes.array();
  }

  /** A record: its length, the checksum of the length, the content, its checksum. */
  private void write(Message event) throws IOException {
    byte[] content = event.content.toByteArray();
    byte[] length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(content.length).array();
    out.write(length);
    out.write(checksum(length));
    out.write(content);
    out.write(checksum(content));
  }

  /** CRC-32C, rotated and shifted, because checksums of data with checksums in it are weak. */
  private static byte[] checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    int masked = Integer.rotateRight(value, 15) + MASK_DELTA;
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** A message of protocol buffers that grows field by field. */
  private static final class Message {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        content.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      content.write((int) rest);
    }

    private void key(int field, int type) {
      varint((long) field << 3 | type);
    }

    Message varint(int field, long value) {
      key(field, VARINT);
      varint(value);
      return this;
    }

    Message fixed64(int field, double value) {
      key(field, FIXED64);
      content.writeBytes(packed(new double[] {value}));
      return this;
    }

    Message fixed32(int field, float value) {
      key(field, FIXED32);
      content.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
      return this;
    }

    Message bytes(int field, byte[] value) {
      key(field, BYTES);
      varint(value.length);
      content.writeBytes(value);
      return this;
    }

    Message message(int field, Message value) {
      return bytes(field, value.content.toByteArray());
    }
  }
}
