package lamina.network.read.onnx;

import lamina.layer.Determinant;
import lamina.layer.Gather;
import lamina.layer.MatMul;
import lamina.op.BinaryFunction;
import lamina.op.Reductions;
import lamina.op.UnaryFunction;

/** The table of ONNX's operators: which family makes a layer of each. */
final class Operators {
  private Operators() {}

  /**
   * Makes layers of a node, or computes what it gives.
   *
   * @throws Unresolved if the operator is unknown, or what it depends on
   * @throws lamina.text.InputException if its inputs or attributes do not fit
   */
  static void apply(Operator op) {
    OnnxNode node = op.node();
    if (node.domain().equals(OptimizerOperators.DOMAIN)) {
      OptimizerOperators.apply(op);
      return;
    }
    if (!node.domain().isEmpty()) {
      throw new Unresolved("is of the domain '" + node.domain() + "', which is not known");
    }
    switch (node.type()) {
      case "Identity" -> op.put(0, op.whole(0));
      case "Dropout" -> SourceOperators.dropout(op);
      case "Constant" -> SourceOperators.constant(op);
      case "ConstantOfShape" -> SourceOperators.constantOfShape(op);
      case "EyeLike" -> SourceOperators.eyeLike(op);
      case "Range" -> SourceOperators.range(op);
      case "NonZero" -> SourceOperators.nonZero(op);
      case "If" -> ControlOperators.branch(op);
      case "Loop" -> ControlOperators.loop(op);
      case "Scan" -> ControlOperators.scan(op);
      case "Conv" -> WindowOperators.conv(op);
      case "DeformConv" -> DeformConvOperator.apply(op);
      case "ConvTranspose" -> WindowOperators.convTranspose(op);
      case "MaxPool", "AveragePool", "LpPool" -> WindowOperators.pool(op);
      case "GlobalMaxPool", "GlobalAveragePool" -> WindowOperators.globalPool(op);
      case "GlobalLpPool" -> ReductionOperators.globalNorm(op);
      case "BatchNormalization" -> NormalizationOperators.batch(op);
      case "InstanceNormalization" -> NormalizationOperators.instance(op);
      case "LayerNormalization" -> NormalizationOperators.layer(op);
      case "GroupNormalization" -> NormalizationOperators.group(op);
      case "LpNormalization" -> NormalizationOperators.norm(op);
      case "MeanVarianceNormalization" -> NormalizationOperators.meanVariance(op);
      case "LRN" -> NormalizationOperators.response(op);
      case "Softmax", "LogSoftmax", "Hardmax" -> PointwiseOperators.softmax(op);
      case "Add", "Mul", "Sum", "Max", "Min", "Mean" -> PointwiseOperators.merge(op);
      case "Sub" -> PointwiseOperators.binary(op, BinaryFunction.SUB);
      case "Div" -> PointwiseOperators.binary(op, BinaryFunction.DIV);
      case "Pow" -> PointwiseOperators.binary(op, BinaryFunction.POW);
      case "PRelu" -> PointwiseOperators.binary(op, BinaryFunction.PRELU);
      case "Mod" ->
          PointwiseOperators.binary(
              op, node.flag("fmod", false) ? BinaryFunction.FMOD : BinaryFunction.MOD);
      case "And" -> PointwiseOperators.binary(op, BinaryFunction.AND);
      case "Or" -> PointwiseOperators.binary(op, BinaryFunction.OR);
      case "Xor" -> PointwiseOperators.binary(op, BinaryFunction.XOR);
      case "Equal" -> PointwiseOperators.binary(op, BinaryFunction.EQUAL);
      case "Greater" -> PointwiseOperators.binary(op, BinaryFunction.GREATER);
      case "Less" -> PointwiseOperators.binary(op, BinaryFunction.LESS);
      case "GreaterOrEqual" -> PointwiseOperators.binary(op, BinaryFunction.GREATER_OR_EQUAL);
      case "LessOrEqual" -> PointwiseOperators.binary(op, BinaryFunction.LESS_OR_EQUAL);
      case "BitShift" ->
          PointwiseOperators.binary(
              op,
              node.oneOf("direction", "LEFT", "RIGHT").equals("LEFT")
                  ? BinaryFunction.SHIFT_LEFT
                  : BinaryFunction.SHIFT_RIGHT);
      case "BitwiseAnd" -> PointwiseOperators.binary(op, BinaryFunction.BITWISE_AND);
      case "BitwiseOr" -> PointwiseOperators.binary(op, BinaryFunction.BITWISE_OR);
      case "BitwiseXor" -> PointwiseOperators.binary(op, BinaryFunction.BITWISE_XOR);
      case "Abs" -> PointwiseOperators.unary(op, UnaryFunction.ABS);
      case "Neg" -> PointwiseOperators.unary(op, UnaryFunction.NEG);
      case "Sign" -> PointwiseOperators.unary(op, UnaryFunction.SIGN);
      case "Floor" -> PointwiseOperators.unary(op, UnaryFunction.FLOOR);
      case "Ceil" -> PointwiseOperators.unary(op, UnaryFunction.CEIL);
      case "Round" -> PointwiseOperators.unary(op, UnaryFunction.ROUND);
      case "Reciprocal" -> PointwiseOperators.unary(op, UnaryFunction.RECIPROCAL);
      case "Sqrt" -> PointwiseOperators.unary(op, UnaryFunction.SQRT);
      case "Exp" -> PointwiseOperators.unary(op, UnaryFunction.EXP);
      case "Log" -> PointwiseOperators.unary(op, UnaryFunction.LOG);
      case "Erf" -> PointwiseOperators.unary(op, UnaryFunction.ERF);
      case "Sin" -> PointwiseOperators.unary(op, UnaryFunction.SIN);
      case "Cos" -> PointwiseOperators.unary(op, UnaryFunction.COS);
      case "Tan" -> PointwiseOperators.unary(op, UnaryFunction.TAN);
      case "Asin" -> PointwiseOperators.unary(op, UnaryFunction.ASIN);
      case "Acos" -> PointwiseOperators.unary(op, UnaryFunction.ACOS);
      case "Atan" -> PointwiseOperators.unary(op, UnaryFunction.ATAN);
      case "Sinh" -> PointwiseOperators.unary(op, UnaryFunction.SINH);
      case "Cosh" -> PointwiseOperators.unary(op, UnaryFunction.COSH);
      case "Asinh" -> PointwiseOperators.unary(op, UnaryFunction.ASINH);
      case "Acosh" -> PointwiseOperators.unary(op, UnaryFunction.ACOSH);
      case "Atanh" -> PointwiseOperators.unary(op, UnaryFunction.ATANH);
      case "Not" -> PointwiseOperators.unary(op, UnaryFunction.NOT);
      case "BitwiseNot" -> PointwiseOperators.unary(op, UnaryFunction.BITWISE_NOT);
      case "IsNaN" -> PointwiseOperators.unary(op, UnaryFunction.IS_NAN);
      case "IsInf" -> PointwiseOperators.isInfinite(op);
      case "Clip" -> PointwiseOperators.clip(op);
      case "Shrink" -> PointwiseOperators.shrink(op);
      case "Cast", "CastLike" -> PointwiseOperators.cast(op);
      case "Where" -> PointwiseOperators.where(op);
      case "Gemm" -> ProductOperators.gemm(op);
      case "MatMul" -> op.emit(new MatMul(), op.input(0), op.input(1));
      case "Einsum" -> ProductOperators.einsum(op);
      case "Flatten" -> ShapeOperators.flatten(op);
      case "Reshape" -> ShapeOperators.reshape(op);
      case "Squeeze" -> ShapeOperators.squeeze(op);
      case "Unsqueeze" -> ShapeOperators.unsqueeze(op);
      case "Transpose" -> ShapeOperators.transpose(op);
      case "Concat" -> ShapeOperators.concat(op);
      case "Shape" -> ShapeOperators.shape(op);
      case "Size" -> ShapeOperators.size(op);
      case "Expand" -> ShapeOperators.expand(op);
      case "Tile" -> ShapeOperators.tile(op);
      case "Slice" -> SliceOperators.slice(op);
      case "Split" -> SliceOperators.split(op);
      case "Pad" -> SliceOperators.pad(op);
      case "DepthToSpace" -> ShapeOperators.depthToSpace(op);
      case "SpaceToDepth" -> ShapeOperators.spaceToDepth(op);
      case "Gather" -> SliceOperators.gather(op, Gather.Kind.ENTRIES);
      case "GatherElements" -> SliceOperators.gather(op, Gather.Kind.ELEMENTS);
      case "GatherND" -> SliceOperators.gather(op, Gather.Kind.ROWS);
      case "Scatter", "ScatterElements", "ScatterND" -> SliceOperators.scatter(op);
      case "Compress" -> SliceOperators.compress(op);
      case "ReverseSequence" -> SliceOperators.reverseSequence(op);
      case "Trilu" -> SliceOperators.triangle(op);
      case "OneHot" -> SliceOperators.oneHot(op);
      case "Resize", "Upsample" -> ResizeOperators.resize(op);
      case "ReduceSum" -> ReductionOperators.reduce(op, Reductions.SUM);
      case "ReduceMean" -> ReductionOperators.reduce(op, Reductions.MEAN);
      case "ReduceMax" -> ReductionOperators.reduce(op, Reductions.MAX);
      case "ReduceMin" -> ReductionOperators.reduce(op, Reductions.MIN);
      case "ReduceProd" -> ReductionOperators.reduce(op, Reductions.PROD);
      case "ReduceL1" -> ReductionOperators.reduce(op, Reductions.L1);
      case "ReduceL2" -> ReductionOperators.reduce(op, Reductions.L2);
      case "ReduceLogSum" -> ReductionOperators.reduce(op, Reductions.LOG_SUM);
      case "ReduceLogSumExp" -> ReductionOperators.reduce(op, Reductions.LOG_SUM_EXP);
      case "ReduceSumSquare" -> ReductionOperators.reduce(op, Reductions.SUM_SQUARE);
      case "ArgMax", "ArgMin" -> ReductionOperators.index(op);
      case "TopK" -> ReductionOperators.topK(op);
      case "CumSum" -> ReductionOperators.cumulativeSum(op);
      case "Det" -> op.emit(new Determinant(), op.input(0));
      case "Unique" -> UniqueOperator.apply(op);
      case "MaxUnpool" -> WindowOperators.maxUnpool(op);
      case "Col2Im" -> WindowOperators.overlap(op);
      case "CenterCropPad" -> SliceOperators.centre(op);
      case "RMSNormalization" -> NormalizationOperators.rootMeanSquare(op);
      case "AffineGrid" -> DetectionOperators.affineGrid(op);
      case "GridSample" -> DetectionOperators.gridSample(op);
      case "RoiAlign" -> DetectionOperators.roiAlign(op);
      case "NonMaxSuppression" -> DetectionOperators.suppress(op);
      case "SoftmaxCrossEntropyLoss" -> LossOperators.crossEntropy(op);
      case "NegativeLogLikelihoodLoss" -> LossOperators.negativeLogLikelihood(op);
      case "HannWindow" -> SignalOperators.window(op, 0.5, 0.5);
      case "HammingWindow" -> SignalOperators.window(op, 25 / 46.0, 21 / 46.0);
      case "BlackmanWindow" -> SignalOperators.window(op, 0.42, 0.5, 0.08);
      case "MelWeightMatrix" -> SignalOperators.melWeights(op);
      case "DFT" -> SignalOperators.transform(op);
      case "STFT" -> SignalOperators.frames(op);
      case "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Bernoulli",
          "Multinomial" ->
          throw SignalOperators.random(op);
      case "QuantizeLinear" -> QuantizedOperators.quantize(op);
      case "DequantizeLinear" -> QuantizedOperators.dequantize(op);
      case "DynamicQuantizeLinear" -> QuantizedOperators.dynamic(op);
      case "QLinearConv" -> QuantizedOperators.conv(op);
      case "QLinearMatMul" -> QuantizedOperators.matMul(op);
      case "ConvInteger" -> QuantizedOperators.convInteger(op);
      case "MatMulInteger" -> QuantizedOperators.matMulInteger(op);
      case "SequenceEmpty", "SequenceConstruct" -> SequenceOperators.construct(op);
      case "SequenceAt" -> SequenceOperators.at(op);
      case "SequenceInsert" -> SequenceOperators.insert(op);
      case "SequenceErase" -> SequenceOperators.erase(op);
      case "SequenceLength" -> SequenceOperators.length(op);
      case "SequenceMap" -> SequenceOperators.map(op);
      case "ConcatFromSequence" -> SequenceOperators.concat(op);
      case "SplitToSequence" -> SequenceOperators.split(op);
      case "Optional", "OptionalGetElement", "OptionalHasElement" -> SequenceOperators.optional(op);
      case "Attention" -> AttentionOperators.attention(op);
      case "RotaryEmbedding" -> AttentionOperators.rotary(op);
      case "TfIdfVectorizer" -> NgramOperator.apply(op);
      case "Swish" -> PointwiseOperators.swish(op);
      case "ImageDecoder" ->
          throw op.unresolved("decodes a picture; give its pixels as the input after it");
      case "RNN", "GRU", "LSTM" -> RecurrentOperators.recurrent(op);
      default -> PointwiseOperators.activation(op);
    }
  }
}
