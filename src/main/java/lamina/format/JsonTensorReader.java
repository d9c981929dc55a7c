package lamina.format;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/** Builds tensors from the tokens of one JSON text. */
final class JsonTensorReader {
  /** Deeper arrays are refused; NumPy has the same limit. */
  static final int MAX_RANK = 64;

  private final JsonParser parser;
  private final DType dtype;
  private final Source source;

  /** Names of the members around the current value. */
  private String path = "";

  JsonTensorReader(JsonParser parser, DType dtype, Source source) {
    this.parser = parser;
    this.dtype = dtype;
    this.source = source;
  }

  /** Goes to the first token. */
  void start() {
    if (parser.nextToken() == null) {
      throw source.error("is empty; a tensor such as [[1,2],[3,4]] was expected");
    }
  }

  /** Checks that nothing follows. */
  void end() {
    if (parser.nextToken() != null) {
      throw here(
          "more text after the end of the tensor; several tensors, one a line, are read with"
              + " --each or from a .jsonl file");
    }
  }

  /** The tensor that starts at the current token: nested arrays or a tensor document. */
  Tensor tensor() {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return array();
    }
    Tensor data = null;
    int[] shape = null;
    TokenStreamLocation start = parser.currentTokenLocation();
    StringBuilder others = new StringBuilder();
    String outer = path;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      path = join(outer, name);
      switch (name) {
        case "data" -> data = array();
        case "shape" -> shape = sizes();
        default -> {
          others.append(others.length() == 0 ? "" : ", ").append(name);
          parser.skipChildren();
        }
      }
      path = outer;
    }
    if (data == null) {
      throw source.error(
          start,
          subject()
              + "is an object without 'data', not a tensor"
              + (others.length() == 0
                  ? ""
                  : "; pick one of its members ("
                      + Source.printable(others.toString())
                      + ") with #name"));
    }
    return shaped(data, shape, start);
  }

  private Tensor shaped(Tensor data, int[] shape, TokenStreamLocation start) {
    if (shape == null || Arrays.equals(shape, data.shape())) {
      return data;
    }
    if (data.rank() > 1) {
      throw source.error(
          start,
          subject()
              + "'shape' says "
              + Tensor.text(shape)
              + " but 'data' is nested as "
              + Tensor.text(data.shape()));
    }
    // In 64 bits and with zeros: the product of what a text claims may be anything.
    double product = 1;
    for (int size : shape) {
      product *= size;
    }
    if (product != data.size()) {
      throw source.error(
          start,
          subject()
              + "'shape' "
              + Tensor.text(shape)
              + " does not fit 'data', which has "
              + data.size()
              + (data.size() == 1 ? " element" : " elements"));
    }
    return data.reshape(shape);
  }

  /** An object's member by its exact name, or along a path of names. */
  Tensor entry(String name) {
    Tensor found = member(name);
    if (found == null) {
      throw source.error("has no entry '" + name + "'");
    }
    return found;
  }

  private Tensor member(String name) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    Tensor found = null;
    int matched = 0;
    String outer = path;
    for (String key = parser.nextName(); key != null; key = parser.nextName()) {
      parser.nextToken();
      path = join(outer, key);
      if (key.length() <= matched) {
        parser.skipChildren();
      } else if (key.equals(name)) {
        found = tensor();
        matched = key.length();
      } else if (name.startsWith(key) && name.charAt(key.length()) == '.') {
        Tensor inner = member(name.substring(key.length() + 1));
        if (inner != null) {
          found = inner;
          matched = key.length();
        }
      } else {
        parser.skipChildren();
      }
      path = outer;
    }
    return found;
  }

  /** All tensors of an object by name; groups within it give names with dots. */
  Map<String, Tensor> tensors() {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw here("an object of named tensors was expected, not " + what(parser.currentToken()));
    }
    Map<String, Tensor> all = new LinkedHashMap<>();
    Tensor self = group("", all);
    if (self != null) {
      throw source.error(
          "is a single tensor of shape "
              + Tensor.text(self.shape())
              + "; an object of named tensors was expected");
    }
    return all;
  }

  /**
   * Reads an object that is either a tensor document or a group of tensors.
   *
   * @return the document's tensor, or null if the members were added to {@code all}
   */
  private Tensor group(String prefix, Map<String, Tensor> all) {
    TokenStreamLocation start = parser.currentTokenLocation();
    Map<String, Tensor> members = new LinkedHashMap<>();
    // What is no tensor is wrong in a group but ignored in a document, and only 'data' tells.
    InputException wrong = null;
    int[] shape = null;
    String outer = path;
    int depth = parser.streamReadContext().getNestingDepth();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      path = join(outer, name);
      boolean isData = name.equals("data");
      try {
        if (parser.currentToken() == JsonToken.START_OBJECT && !isData) {
          Tensor inner = group(prefix + name + ".", members);
          if (inner != null) {
            members.put(prefix + name, inner);
          }
        } else {
          Tensor tensor = array();
          members.put(isData ? "data" : prefix + name, tensor);
          if (name.equals("shape")) {
            shape = asSizes(tensor);
          }
        }
      } catch (InputException e) {
        if (isData) {
          throw e;
        }
        wrong = wrong == null ? e : wrong;
        while (parser.streamReadContext().getNestingDepth() > depth) {
          parser.nextToken();
        }
      }
      path = outer;
    }
    Tensor data = members.get("data");
    if (data != null) {
      return shaped(data, shape, start);
    }
    if (wrong != null) {
      throw wrong;
    }
    all.putAll(members);
    return null;
  }

  private int[] asSizes(Tensor tensor) {
    int[] sizes = new int[tensor.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = (int) tensor.get(i);
      if (tensor.rank() != 1 || sizes[i] != tensor.get(i) || sizes[i] < 0) {
        throw here("must be a list of sizes, integers from 0");
      }
    }
    return sizes;
  }

  private int[] sizes() {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw here("must be a list of sizes, not " + what(parser.currentToken()));
    }
    int[] sizes = new int[4];
    int rank = 0;
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t != JsonToken.VALUE_NUMBER_INT) {
        throw here("a size must be an integer from 0, not " + what(t));
      }
      long size = parser.getLongValue();
      if (size < 0 || size > Tensor.MAX_ELEMENTS) {
        throw here("a size must be an integer from 0 to " + Tensor.MAX_ELEMENTS + ", not " + size);
      }
      if (rank == MAX_RANK) {
        throw here("more than " + MAX_RANK + " axes");
      }
      if (rank == sizes.length) {
        sizes = Arrays.copyOf(sizes, 2 * rank);
      }
      sizes[rank++] = (int) size;
    }
    return Arrays.copyOf(sizes, rank);
  }

  /** Nested arrays of numbers, or a bare number, from the current token on. */
  private Tensor array() {
    return new Nesting().read();
  }

  /** The state while nested arrays are read: what is open, and what the first ones have shown. */
  private final class Nesting {
    private final ElementBuffer elements = new ElementBuffer(dtype);

    /** Elements seen so far at each open level. */
    private int[] counts = new int[4];

    /** Size of each level, or -1 until its first array ends. */
    private int[] sizes = new int[4];

    private int depth;

    /** Known from the first number or the first array without arrays in it. */
    private int rank = -1;

    Tensor read() {
      JsonToken token = parser.currentToken();
      while (true) {
        switch (token) {
          case START_ARRAY -> open();
          case END_ARRAY -> close();
          case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT, VALUE_STRING -> number(token);
          default -> throw at("a number was expected, not " + what(token));
        }
        if (depth == 0) {
          return elements.toTensor(Arrays.copyOf(sizes, rank));
        }
        token = parser.nextToken();
      }
    }

    private void open() {
      if (depth == rank) {
        throw at("ragged: an array where the first elements of this level are numbers");
      }
      if (depth == MAX_RANK) {
        throw at("nested deeper than " + MAX_RANK + " levels");
      }
      if (depth == counts.length) {
        counts = Arrays.copyOf(counts, 2 * depth);
        sizes = Arrays.copyOf(sizes, 2 * depth);
      }
      counts[depth] = 0;
      if (rank < 0) {
        sizes[depth] = -1;
      }
      depth++;
    }

    private void close() {
      if (rank < 0) {
        rank = depth;
      } else if (depth < rank && counts[depth - 1] == 0 && sizes[depth - 1] != 0) {
        depth--;
        throw at("ragged: an empty array where the first one of this level is not");
      }
      depth--;
      int count = counts[depth];
      if (sizes[depth] < 0) {
        sizes[depth] = count;
      } else if (sizes[depth] != count) {
        throw at(
            "ragged: an array with "
                + count
                + (count == 1 ? " element" : " elements")
                + " where the first one of this level has "
                + sizes[depth]);
      }
      count();
    }

    private void number(JsonToken token) {
      if (depth != rank) {
        if (rank >= 0) {
          throw at("ragged: " + what(token) + " where the first elements of this level are arrays");
        }
        rank = depth;
      }
      String problem = null;
      switch (token) {
        case VALUE_NUMBER_FLOAT -> problem = fraction();
        case VALUE_NUMBER_INT -> problem = integer();
        default -> problem = elements.add(special());
      }
      if (problem != null) {
        throw at(problem);
      }
      count();
    }

    private String fraction() {
      if (dtype == DType.FLOAT32 && !parser.isNaN()) {
        float value = parser.getFloatValue();
        if (Float.isInfinite(value)) {
          return Source.printable(parser.getString()) + " is beyond the range of float32";
        }
        elements.addFloat(value);
        return null;
      }
      double value = parser.getDoubleValue();
      if (parser.isNaN()) {
        return elements.add(value);
      }
      if (Double.isInfinite(value)) {
        return Source.printable(parser.getString()) + " is beyond the range of float64";
      }
      return elements.add(value);
    }

    private String integer() {
      switch (parser.getNumberType()) {
        case INT, LONG -> {
          long value = parser.getLongValue();
          if (value == 0 && dtype != DType.INT64 && parser.getString().charAt(0) == '-') {
            elements.add(-0.0);
          } else {
            elements.addInteger(value);
          }
          return null;
        }
        default -> {
          if (dtype == DType.INT64) {
            return Source.printable(parser.getString()) + " is beyond the range of int64";
          }
          return fraction();
        }
      }
    }

    private double special() {
      String text = parser.getString();
      if (dtype != DType.INT64) {
        switch (text) {
          case "NaN" -> {
            return Double.NaN;
          }
          case "Infinity" -> {
            return Double.POSITIVE_INFINITY;
          }
          case "-Infinity" -> {
            return Double.NEGATIVE_INFINITY;
          }
          default -> {}
        }
      }
      throw at("a number was expected, not the string \"" + Source.printable(text) + "\"");
    }

    private void count() {
      if (depth > 0) {
        counts[depth - 1]++;
      }
    }

    private InputException at(String message) {
      StringBuilder index = new StringBuilder(path);
      for (int i = 0; i < depth; i++) {
        index.append('[').append(counts[i]).append(']');
      }
      return source.error(
          parser.currentTokenLocation(),
          (index.length() == 0 ? "" : "at " + index + ": ") + message);
    }
  }

  private InputException here(String message) {
    return source.error(parser.currentTokenLocation(), subject() + message);
  }

  private String subject() {
    return path.isEmpty() ? "" : "'" + path + "' ";
  }

  private static String join(String outer, String name) {
    return outer.isEmpty() ? name : outer + "." + name;
  }

  /** A token in words. */
  static String what(JsonToken token) {
    return switch (token) {
      case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
      case START_ARRAY, END_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NULL -> "null";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      default -> "a number";
    };
  }
}
