package lamina.report.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Pass;
import lamina.network.LayerAnalysis;
import lamina.network.RunnableNetwork;
import lamina.report.Confusion;
import lamina.report.html.TrainingPage.Picture;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.train.Trainer;
import lamina.train.data.Dataset;
import lamina.train.data.Preparation;

/** What is to be seen of a network that learned images. */
public final class TrainingPictures {
  private static final int WRONG = 24;
  private static final int FILTERS = 64;
  private static final int MAPS = 16;
  private static final int LAYERS = 6;

  private final Trainer trainer;
  private final Dataset data;

  /** Channels, height and width of an image. */
  private final int[] shape;

  private TrainingPictures(Trainer trainer, Dataset data, int[] shape) {
    this.trainer = trainer;
    this.data = data;
    this.shape = shape;
  }

  /**
   * Wrong answers, filters of the first layer, and feature maps of an example, by headings; nothing
   * if the samples are no images.
   *
   * @param confusion how the samples' classes were told apart, or null
   */
  public static Map<String, List<Picture>> of(
      Trainer trainer, Dataset data, Preparation preparation, Confusion confusion) {
    Map<String, List<Picture>> pictures = new LinkedHashMap<>();
    int[] shape = imageShape(data, preparation);
    if (shape == null) {
      return pictures;
    }
    TrainingPictures maker = new TrainingPictures(trainer, data, shape);
    if (confusion != null && !confusion.wrong().isEmpty()) {
      pictures.put("Wrong answers, the surest first", maker.wrong(confusion));
    }
    List<Picture> filters = maker.filters();
    if (!filters.isEmpty()) {
      pictures.put("Filters of the first layer: blue positive, orange negative", filters);
    }
    maker.featureMaps(pictures, confusion);
    return pictures;
  }

  /** Channels, height and width; rows of a square are taken for an image if image files can be. */
  private static int[] imageShape(Dataset data, Preparation preparation) {
    int[] sample = data.sampleShape();
    if (data.inputs().dtype() == DType.INT64) {
      return null;
    }
    if (sample.length == 3 && (sample[0] == 1 || sample[0] == 3)) {
      return sample;
    }
    if (preparation.white() == 0) {
      return null;
    }
    if (sample.length == 2) {
      return new int[] {1, sample[0], sample[1]};
    }
    int side = sample.length == 1 ? (int) Math.round(Math.sqrt(sample[0])) : 0;
    return side >= 4 && side * side == sample[0] ? new int[] {1, side, side} : null;
  }

  private Picture sample(int index, String caption) {
    int width = shape[0] * shape[1] * shape[2];
    return new Picture(
        Pixels.picture(data.inputs(), index * width, shape[0], shape[1], shape[2]), caption);
  }

  private List<Picture> wrong(Confusion confusion) {
    List<Picture> pictures = new ArrayList<>();
    for (Confusion.Wrong each :
        confusion.wrong().subList(0, Math.min(WRONG, confusion.wrong().size()))) {
      pictures.add(
          sample(
              each.sample(),
              data.places().apply(each.sample())
                  + ": is "
                  + confusion.name(each.actual())
                  + ", given "
                  + confusion.name(each.given())));
    }
    return pictures;
  }

  private RunnableNetwork network() {
    return trainer.networkFor(1);
  }

  /** The kernels of a first convolution, or the rows of a first matrix over all pixels. */
  private List<Picture> filters() {
    List<Picture> pictures = new ArrayList<>();
    for (LayerAnalysis layer : network().report().layers()) {
      Tensor weight = trainer.weights().get(layer.name() + ".weight");
      if (weight == null || weight.rank() < 2) {
        if (layer.weights().isEmpty()) {
          continue;
        }
        return pictures;
      }
      boolean isKernel = weight.rank() == 4;
      int pixels = shape[0] * shape[1] * shape[2];
      if (!isKernel && (weight.rank() != 2 || weight.dim(1) != pixels)) {
        return pictures;
      }
      int height = isKernel ? weight.dim(2) : shape[1];
      int width = isKernel ? weight.dim(3) : shape[2];
      int size = weight.size() / weight.dim(0);
      if (height * width == 1) {
        return pictures;
      }
      for (int i = 0; i < Math.min(FILTERS, weight.dim(0)); i++) {
        pictures.add(
            new Picture(
                Pixels.signed(weight, i * size, height, width),
                (isKernel ? "filter " : "unit ") + (i + 1)));
      }
      return pictures;
    }
    return pictures;
  }

  private void featureMaps(Map<String, List<Picture>> pictures, Confusion confusion) {
    Tensor input = data.select(new int[] {0}).inputs();
    List<Picture> all = new ArrayList<>();
    String place = data.places().apply(0);
    all.add(sample(0, confusion == null ? place : place + ": " + name(confusion)));
    int[] layers = {0};
    network()
        .forward(
            input,
            trainer.weights(),
            Pass.inference(),
            (layer, output) -> {
              if (output.rank() == 4 && output.dim(2) * output.dim(3) > 1 && layers[0]++ < LAYERS) {
                addMaps(layer, output, all);
              }
              return false;
            });
    if (all.size() > 1) {
      pictures.put("Feature maps of one sample", all);
    }
  }

  private String name(Confusion confusion) {
    return confusion.name((int) data.targets().longs()[0]);
  }

  private static void addMaps(LayerAnalysis layer, Tensor output, List<Picture> all) {
    int plane = output.dim(2) * output.dim(3);
    for (int map = 0; map < Math.min(MAPS, output.dim(1)); map++) {
      all.add(
          new Picture(
              Pixels.picture(output, map * plane, 1, output.dim(2), output.dim(3)),
              "layer " + layer.name() + " " + layer.type() + ", map " + (map + 1)));
    }
  }
}
