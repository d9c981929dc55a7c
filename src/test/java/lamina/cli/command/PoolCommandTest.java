package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import lamina.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real program: exact output, messages and exit codes of {@code lamina pool}. */
class PoolCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max [[1,2],[3,4]] --size 2 | {'shape':[1,1],'data':[[4.0]]}",
        "max [[1,5],[3,4]] --size 2 --indices |"
            + " {'shape':[1,1],'data':[[5.0]],'indices':{'shape':[1,1],'dtype':'int64','data':[[1]]}}",
        "max [1,2,3,4,5] --size 2 | {'shape':[2],'data':[2.0,4.0]}",
        "max [1,2,3,4,5] --size 2 --ceil-mode | {'shape':[3],'data':[2.0,4.0,5.0]}",
        "max [1,2,3,4,5] --size 2 --stride 1 --dilation 3 | {'shape':[2],'data':[4.0,5.0]}",
        "max [1,2,3] --size 2 --padding same --stride 1 | {'shape':[3],'data':[2.0,3.0,3.0]}",
        "max [1,\"NaN\",3,4] --size 2 | {'shape':[2],'data':['NaN',4.0]}",
        "avg [[1,2],[3,4]] --size 2 | {'shape':[1,1],'data':[[2.5]]}",
        "avg [1,2,3] --size 2 --padding 1 | {'shape':[2],'data':[0.5,2.5]}",
        "avg [1,2,3] --size 2 --padding 1 --no-count-include-pad | {'shape':[2],'data':[1.0,2.5]}",
        "avg [1,2,3] --size 2 --padding 1 --compat onnx | {'shape':[2],'data':[1.0,2.5]}",
        "avg [1,2,3] --size 2 --padding 1 --compat tf | {'shape':[2],'data':[1.0,2.5]}",
        "avg [1,2,3] --size 2 --padding 1 --compat onnx --count-include-pad | {'shape':[2],'data':[0.5,2.5]}",
        "avg [1,2,3] --size 2 --divisor 1 | {'shape':[1],'data':[3.0]}",
        "max [1,2,3,4,5] --size 2 --compat caffe | {'shape':[3],'data':[2.0,4.0,5.0]}",
        "avg ones:2x2x3 --size 2 --layout hwc | {'shape':[1,1,3],'data':[[[1.0,1.0,1.0]]]}",
        "avg arange:1x2x4 --size 2 --dims 1 |"
            + " {'shape':[1,2,2],'data':[[[0.5,2.5],[4.5,6.5]]]}",
        "max arange:2x2x2 --size 2,2,2 | {'shape':[1,1,1],'data':[[[7.0]]]}",
        "lp [3,4] --size 2 --norm 2 | {'shape':[1],'data':[5.0]}",
        "lp [-3,4] --size 2 --norm 1 --compat onnx | {'shape':[1],'data':[7.0]}",
        "global-avg arange:2x2x2 | {'shape':[2,1,1],'data':[[[1.5]],[[5.5]]]}",
        "global-max [[1,9],[3,4]] --indices |"
            + " {'shape':[1,1],'data':[[9.0]],'indices':{'shape':[1,1],'dtype':'int64','data':[[1]]}}",
        "adaptive-avg [1,2,3,4,5] --output-size 3 | {'shape':[3],'data':[1.5,3.0,4.5]}",
        "adaptive_max [1,2,3,4,5] --output-size 2 | {'shape':[2],'data':[3.0,5.0]}",
        "max [[1,5],[3,4]] --size 2 --grad 2 |"
            + " {'shape':[1,1],'data':[[5.0]],'grad_input':{'shape':[2,2],'data':[[0.0,2.0],[0.0,0.0]]}}",
        "avg [1,2,3,4] --size 2 --grad [2,4] |"
            + " {'shape':[2],'data':[1.5,3.5],'grad_input':{'shape':[4],'data':[1.0,1.0,2.0,2.0]}}",
        "lp [3,4] --size 2 --grad 5 |"
            + " {'shape':[1],'data':[5.0],'grad_input':{'shape':[2],'data':[3.0,4.0]}}",
        "adaptive-avg [1,2] --output-size 1 --grad 1 |"
            + " {'shape':[1],'data':[1.5],'grad_input':{'shape':[2],'data':[0.5,0.5]}}",
      })
  void pools(String words, String document) {
    Program program = Program.run(("pool " + words.strip()).split(" "));
    assertThat(program.err()).isEmpty();
    assertThat(program.out().replace('"', '\'').strip()).isEqualTo(document.strip());
    assertThat(program.code()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max [1,2] | 2 | --size K is missing",
        "maxx [1,2] --size 2 | 2 | unknown kind of pooling 'maxx'",
        "max [1,2] --size 0 | 2 | --size takes whole numbers from 1 on",
        "max [1,2] --size 2 --stride 0 | 2 | --stride takes whole numbers from 1 on",
        "max [1,2] --size 1,2,3,4 | 2 | at most 3 spatial dimensions",
        "max [[1,2]] --size 1,2 --dims 1 | 2 | --size has 2 numbers",
        "max [1,2] --size 2 --padding -1 | 2 | --padding takes numbers",
        "max [1,2] --size 2 --divisor 2 | 2 | --divisor does not go with max",
        "max [1,2] --size 2 --norm 2 | 2 | --norm does not go with max",
        "avg [1,2] --size 2 --indices | 2 | --indices does not go with avg",
        "avg [1,2] --size 2 --divisor 0 | 2 | --divisor takes a whole number from 1 on",
        "avg [1,2] --size 2 --count-include-pad --no-count-include-pad | 2 | exclude each other",
        "lp [1,2] --size 2 --norm 0 | 2 | --norm takes a number above 0",
        "global-avg [1,2] --size 2 | 2 | --size does not go with global-avg",
        "adaptive-avg [1,2] | 2 | --output-size O is missing",
        "adaptive-avg [1,2] --output-size 0 | 2 | --output-size takes whole numbers from 1 on",
        "max [1,2] --size 2 --output-size 1 | 2 | --output-size does not go with max",
        "max [1,2] --size 2 --compat keras | 2 | --compat takes one of torch",
        "max [1,2] [3] --size 2 | 2 | unexpected argument '[3]'",
        "max [1,2] --size 3 | 3 | the window spans 3 elements on spatial axis 0 but the padded input has only 2",
        "max [1,2] --size 2 --padding 2 | 3 | padding 2 on spatial axis 0 is more than half",
        "max [1,2] --size 2 --grad [1,2] | 3 | --grad has shape 2 but the output has 1",
        "max 5 --size 2 | 3 | rank 0",
        "max ones:1x1x1x1x1x1 --size 1 | 3 | rank 6",
        "max [] --size 1 | 3 | empty",
        "max [1,[2]] --size 1 | 3 | [",
        "max nosuch.npy --size 1 | 3 | nosuch.npy",
        "max [1,2] --size 1 --layout hw | 3 | layout 'hw' names 2 axes",
      })
  void refuses(String words, int code, String message) {
    Program program = Program.run(("pool " + words.strip()).split(" "));
    assertThat(program.out()).isEmpty();
    assertThat(program.code()).as(program.err()).isEqualTo(code);
    assertThat(program.err()).startsWith("lamina pool: ").contains(message.strip());
    assertThat(program.err().lines().count()).isLessThanOrEqualTo(code == 2 ? 2 : 1);
  }
}
