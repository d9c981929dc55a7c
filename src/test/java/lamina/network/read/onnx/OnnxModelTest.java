package lamina.network.read.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import lamina.Program;
import org.junit.jupiter.api.Test;

/** ONNX models through the program. */
class OnnxModelTest {
  private static final String MODELS = "src/test/resources/onnx/";

  @Test
  void shapeShowsBranchesParametersAndMacs() {
    Program result =
        Program.run(
            "shape", MODELS + "light_squeezenet.onnx", "-f", "text", "--input", "1x3x224x224");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    // torchvision.models.squeezenet1_1 has the same layers: 1,235,496 parameters.
    assertThat(result.out())
        .contains("n9 (n6, n8)     Concat             1 x 128 x 55 x 55")
        .contains("output       1 x 1000 x 1 x 1")
        .contains("parameters   1,235,496 ");
  }

  @Test
  void runComparesWithTheOutputsOfATestFolder() {
    for (String name : new String[] {"test_basic_conv_with_padding", "test_batchnorm_example"}) {
      String folder = MODELS + name;
      Program result =
          Program.run(
              "run", folder + "/model.onnx", "--test-data", folder + "/test_data_set_0", "-q");
      assertThat(result.err()).isEmpty();
      assertThat(result.code()).isZero();
    }
  }

  @Test
  void aDifferenceIsNamedWithItsFirstElement() {
    String folder = MODELS + "test_basic_conv_with_padding";
    Program result =
        Program.run(
            "run",
            folder + "/model.onnx",
            "--test-data",
            folder + "/test_data_set_0",
            "--rtol=0",
            "--atol=0",
            "--input-tensor=x=ones:1x1x5x5");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).isEqualTo("lamina run: either INPUT or --test-data, not both\n");
  }

  @Test
  void inputsComeByPositionOrByName() {
    String model = MODELS + "test_basic_conv_with_padding/model.onnx";
    Program byPosition = Program.run("run", model, "arange:1x1x5x5", "ones:1x1x3x3");
    Program byName =
        Program.run(
            "run", model, "--input-tensor", "W=ones:1x1x3x3", "--input-tensor=x=arange:1x1x5x5");
    assertThat(byPosition.err()).isEmpty();
    // The sum of the nine numbers around the centre 12 is 108.
    assertThat(byPosition.out()).startsWith("{\"shape\":[1,1,5,5],").contains("108.0");
    assertThat(byName.out()).isEqualTo(byPosition.out());
    Program missing = Program.run("run", model, "--input-tensor", "W=ones:1x1x3x3", "[[1]]");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err().lines()).hasSize(1);
  }
}
