package lamina.format;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Images as tensors {@code C x H x W}: grey 1 channel, colour 3, and one more for transparency
 * where the file has it. The first frame of an animation.
 */
final class Images {
  static {
    System.setProperty("java.awt.headless", "true");
  }

  private Images() {}

  /** Reads an image, in 0..1, or in whole numbers (0..255) if the options say so. */
  static Tensor read(InputStream in, ReadOptions options, String sourceName) throws IOException {
    DType dtype = options.dtype();
    // Otherwise ImageIO would copy what it reads to a temporary file.
    ImageIO.setUseCache(false);
    try (ImageInputStream image = ImageIO.createImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(image);
      if (!readers.hasNext()) {
        throw InputException.at(sourceName, "not an image (PNG, JPEG, GIF or BMP)");
      }
      ImageReader reader = readers.next();
      try {
        boolean animated = reader.getFormatName().equalsIgnoreCase("gif");
        reader.setInput(image, !animated, true);
        int frames = animated ? reader.getNumImages(true) : 1;
        if (frames > 1) {
          options.remarks().add(sourceName + ": the first of its " + frames + " frames is read");
        }
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        // Refuses sizes whose pixels or tensor do not fit, before either is allocated.
        Tensor.allocatable(dtype, 4, height, width);
        Tensor.allocatable(DType.FLOAT32, height, width);
        return tensor(reader.read(0), dtype, options.integerPixels());
      } finally {
        reader.dispose();
      }
    } catch (IIOException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw InputException.at(sourceName, "damaged or unsupported image: " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    // Others speak of arrays and arguments of the decoder, which tell a user nothing.
    boolean told = e instanceof IIOException && e.getMessage() != null;
    return told ? e.getMessage().lines().findFirst().orElse("") : "its bytes make no picture";
  }

  private static Tensor tensor(BufferedImage image, DType dtype, boolean integerPixels) {
    if (dtype == DType.INT64 && !integerPixels) {
      throw new InputException("pixels in 0..1 are no integers; use --pixels 0..255");
    }
    int width = image.getWidth();
    int height = image.getHeight();
    boolean indexed = image.getColorModel() instanceof IndexColorModel;
    boolean alpha = image.getColorModel().hasAlpha();
    Raster raster = image.getRaster();
    // Images with a palette are read by their colours, others sample by sample: getRGB would
    // squeeze
    // 16 bits into 8 and treat grey as linear light.
    boolean grey =
        indexed ? isGrey((IndexColorModel) image.getColorModel()) : raster.getNumBands() < 3;
    int channels = (grey ? 1 : 3) + (alpha ? 1 : 0);
    int bits = indexed ? 8 : raster.getSampleModel().getSampleSize(0);
    double scale = integerPixels ? 1 : 1.0 / ((1L << bits) - 1);
    Tensor tensor = Tensor.zeros(dtype, channels, height, width);
    int[] row = new int[width * Math.max(channels, raster.getNumBands())];
    for (int y = 0; y < height; y++) {
      if (indexed) {
        image.getRGB(0, y, width, 1, row, 0, width);
      } else {
        raster.getPixels(0, y, width, 1, row);
      }
      for (int c = 0; c < channels; c++) {
        int at = (c * height + y) * width;
        boolean isAlpha = alpha && c == channels - 1;
        int shift = isAlpha ? 24 : (grey ? 0 : 16 - 8 * c);
        for (int x = 0; x < width; x++) {
          int sample = indexed ? (row[x] >>> shift) & 0xff : row[x * raster.getNumBands() + c];
          set(tensor, at + x, sample, scale, integerPixels);
        }
      }
    }
    return tensor;
  }

  private static boolean isGrey(IndexColorModel palette) {
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  private static void set(Tensor tensor, int at, int sample, double scale, boolean integers) {
    double value = integers ? sample : sample * scale;
    switch (tensor.dtype()) {
      case FLOAT64 -> tensor.doubles()[at] = value;
      case FLOAT32 -> tensor.floats()[at] = (float) value;
      case INT64 -> tensor.longs()[at] = sample;
    }
  }
}
