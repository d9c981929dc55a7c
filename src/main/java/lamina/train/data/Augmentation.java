package lamina.train.data;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Images shifted by a few pixels and mirrored left to right at random, so that a network cannot
 * learn single images by heart. What happens to an image depends on the seed and its position in
 * the training alone: not on batches, threads, or where a run was taken up again.
 */
public final class Augmentation {
  private final int shift;
  private final boolean flip;
  private final long seed;
  private final int channels;
  private final int height;
  private final int width;

  /** What comes in at the edges: black, as the preparation makes it, for each channel. */
  private final float[] black;

  /**
   * Random shifts and flips.
   *
   * @param shift the most pixels by which an image moves, up, down, left or right; 0 for none
   * @param flip whether every other image is mirrored
   * @param preparation of the images: samples {@code (C, H, W)} or {@code (H, W)}
   * @throws InputException if the samples are no images, or smaller than the shift
   */
  public Augmentation(int shift, boolean flip, long seed, Preparation preparation) {
    int[] shape = preparation.sampleShape();
    if (shape.length != 2 && shape.length != 3) {
      throw new InputException(
          "only images can be shifted or flipped, but samples have shape " + Tensor.text(shape));
    }
    this.shift = shift;
    this.flip = flip;
    this.seed = seed;
    this.channels = shape.length == 3 ? shape[0] : 1;
    this.height = shape[shape.length - 2];
    this.width = shape[shape.length - 1];
    if (shift < 0 || shift >= Math.min(height, width)) {
      throw new InputException(
          "a shift of " + shift + " pixels does not fit images of " + width + "x" + height);
    }
    this.black = new float[channels];
    for (int c = 0; preparation.mean() != null && shape.length == 3 && c < channels; c++) {
      black[c] = (float) (-preparation.mean()[c] / preparation.deviation()[c]);
    }
  }

  /**
   * Changes the first images of a batch in place; allocates nothing.
   *
   * @param batch {@code (N, C, H, W)} or {@code (N, H, W)} of float32 or float64
   * @param count how many images
   * @param firstPosition the number of images drawn before in the whole training: epoch times the
   *     number of samples, plus the place in the epoch
   */
  public void apply(Tensor batch, int count, long firstPosition) {
    for (int i = 0; i < count; i++) {
      long bits = RandomNumbers.at(seed, firstPosition + i);
      int range = 2 * shift + 1;
      int right = (int) (((bits >>> 48) * range) >>> 16) - shift;
      int down = (int) ((((bits >>> 32) & 0xffff) * range) >>> 16) - shift;
      boolean mirror = flip && (bits & 1) != 0;
      for (int c = 0; c < channels; c++) {
        int from = (i * channels + c) * height * width;
        if (batch.dtype() == DType.FLOAT32) {
          move(batch.floats(), from, right, down, black[c]);
          if (mirror) {
            mirror(batch.floats(), from);
          }
        } else {
          move(batch.doubles(), from, right, down, black[c]);
          if (mirror) {
            mirror(batch.doubles(), from);
          }
        }
      }
    }
  }

  private void move(float[] pixels, int from, int right, int down, float fill) {
    // From the side that the image moves to, so that no row is overwritten before it is moved.
    for (int i = 0; i < height; i++) {
      int y = down > 0 ? height - 1 - i : i;
      int to = from + y * width;
      if (y - down < 0 || y - down >= height) {
        Arrays.fill(pixels, to, to + width, fill);
        continue;
      }
      int source = from + (y - down) * width;
      int kept = width - Math.abs(right);
      System.arraycopy(pixels, source + Math.max(0, -right), pixels, to + Math.max(0, right), kept);
      Arrays.fill(pixels, right > 0 ? to : to + kept, right > 0 ? to + right : to + width, fill);
    }
  }

  private void move(double[] pixels, int from, int right, int down, double fill) {
    for (int i = 0; i < height; i++) {
      int y = down > 0 ? height - 1 - i : i;
      int to = from + y * width;
      if (y - down < 0 || y - down >= height) {
        Arrays.fill(pixels, to, to + width, fill);
        continue;
      }
      int source = from + (y - down) * width;
      int kept = width - Math.abs(right);
      System.arraycopy(pixels, source + Math.max(0, -right), pixels, to + Math.max(0, right), kept);
      Arrays.fill(pixels, right > 0 ? to : to + kept, right > 0 ? to + right : to + width, fill);
    }
  }

  private void mirror(float[] pixels, int from) {
    for (int y = 0; y < height; y++) {
      for (int left = from + y * width, right = left + width - 1; left < right; left++, right--) {
        float swapped = pixels[left];
        pixels[left] = pixels[right];
        pixels[right] = swapped;
      }
    }
  }

  private void mirror(double[] pixels, int from) {
    for (int y = 0; y < height; y++) {
      for (int left = from + y * width, right = left + width - 1; left < right; left++, right--) {
        double swapped = pixels[left];
        pixels[left] = pixels[right];
        pixels[right] = swapped;
      }
    }
  }
}
