package lamina.train.data;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import lamina.format.ReadOptions;
import lamina.format.Remarks;
import lamina.tensor.DType;

/** What the user said of the data. Each setter returns the options themselves. */
public final class DataOptions {
  /** The number of words kept unless the user says otherwise. */
  public static final int DEFAULT_VOCABULARY_SIZE = 10_000;

  private String label;
  private String text;
  private int vocabularySize = DEFAULT_VOCABULARY_SIZE;
  private int maxLength;
  private int[] resize;
  private int[] sampleShape;
  private DType dtype = DType.FLOAT32;
  private boolean numbersAsTargets;
  private boolean indicesAsInputs;
  private int classCount;
  private String answerBy;
  private List<String> inputNames;
  private String test;
  private double split;
  private long seed;
  private boolean normalize;
  private Path directory = Path.of("");
  private int csvHeader = ReadOptions.FIND_HEADER;
  private InputStream standardInput;
  private Remarks remarks = Remarks.NONE;

  /** {@code --label}: the column of the labels, by its name or its number from 1. */
  public DataOptions label(String name) {
    label = name;
    return this;
  }

  /** {@code --text}: the column of the texts; makes the data a CSV file of text. */
  public DataOptions text(String name) {
    text = name;
    return this;
  }

  /** {@code --vocab-size}: the most indices of words, padding and the unknown word included. */
  public DataOptions vocabularySize(int most) {
    vocabularySize = most;
    return this;
  }

  /** {@code --max-len}: the words of a text that are kept; 0 for the longest training text's. */
  public DataOptions maxLength(int most) {
    maxLength = most;
    return this;
  }

  /** {@code --resize WxH}: the size that every image is brought to. */
  public DataOptions resize(int width, int height) {
    resize = new int[] {width, height};
    return this;
  }

  /** The shape that every sample is given, such as 1x8x8 for rows of 64 numbers. */
  public DataOptions sampleShape(int... shape) {
    sampleShape = shape.clone();
    return this;
  }

  /** {@code --dtype}: float32 or float64. */
  public DataOptions dtype(DType type) {
    dtype = type;
    return this;
  }

  /** Whether the labels are numbers to be learned (mse, l1, huber, bce) instead of classes. */
  public DataOptions numbersAsTargets(boolean numbers) {
    numbersAsTargets = numbers;
    return this;
  }

  /** Whether the network begins with an embedding: the inputs are whole numbers, kept as int64. */
  public DataOptions indicesAsInputs(boolean indices) {
    indicesAsInputs = indices;
    return this;
  }

  /**
   * The number of classes that the network tells apart, 0 if that follows from the data. Where the
   * data has fewer labels, and they are numbers, they stand for themselves, as in PyTorch.
   */
  public DataOptions classCount(int classes) {
    classCount = classes;
    return this;
  }

  /** {@code --answer-by}: whether labels are texts to be written word by word, or by character. */
  public DataOptions answers(String by) {
    answerBy = by;
    return this;
  }

  /** The names of the inputs of a network that takes several; null for one. */
  public DataOptions inputNames(List<String> names) {
    inputNames = names;
    return this;
  }

  /** {@code --test}: the file or folder that is held out; null for none. */
  public DataOptions test(String source) {
    test = source;
    return this;
  }

  /** {@code --split}: the share of the data that is held out, 0 for none. */
  public DataOptions split(double share) {
    split = share;
    return this;
  }

  /** {@code --seed}: decides what is held out. */
  public DataOptions seed(long number) {
    seed = number;
    return this;
  }

  /** {@code --normalize}: to mean 0 and deviation 1, by the training part. */
  public DataOptions normalize(boolean wanted) {
    normalize = wanted;
    return this;
  }

  /** {@code --csv-header}: how many rows of a CSV file come before the samples. */
  public DataOptions csvHeader(int rows) {
    csvHeader = rows;
    return this;
  }

  /** What {@code -} reads. */
  public DataOptions standardInput(InputStream in) {
    standardInput = in;
    return this;
  }

  /** Takes what is to be said of data that is read all the same. */
  public DataOptions remarks(Remarks listener) {
    remarks = listener;
    return this;
  }

  /** What relative paths are relative to. */
  public DataOptions directory(Path folder) {
    directory = folder;
    return this;
  }

  String label() {
    return label;
  }

  String text() {
    return text;
  }

  int vocabularySize() {
    return vocabularySize;
  }

  int maxLength() {
    return maxLength;
  }

  /** Width and height, or null. */
  int[] resize() {
    return resize;
  }

  int[] sampleShape() {
    return sampleShape;
  }

  DType dtype() {
    return dtype;
  }

  boolean numbersAsTargets() {
    return numbersAsTargets;
  }

  boolean indicesAsInputs() {
    return indicesAsInputs;
  }

  /** The type that files are read in: whole numbers by way of float64, where they are checked. */
  DType readType() {
    return indicesAsInputs ? DType.FLOAT64 : dtype;
  }

  /** How tensors are read. */
  ReadOptions reading() {
    return new ReadOptions(
        readType(), null, csvHeader, false, seed, standardInput, directory, remarks);
  }

  int csvHeader() {
    return csvHeader;
  }

  InputStream standardInput() {
    return standardInput;
  }

  /** Whether labels are texts to be written token by token. */
  boolean areAnswers() {
    return answerBy != null;
  }

  boolean byCharacters() {
    return "characters".equals(answerBy);
  }

  int classCount() {
    return classCount;
  }

  /** The names of several inputs, or null. */
  List<String> inputNames() {
    return inputNames;
  }

  String test() {
    return test;
  }

  double split() {
    return split;
  }

  long seed() {
    return seed;
  }

  boolean normalize() {
    return normalize;
  }

  Path directory() {
    return directory;
  }
}
