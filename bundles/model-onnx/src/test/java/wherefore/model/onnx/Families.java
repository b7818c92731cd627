package wherefore.model.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Small networks of the usual families, with random weights, as PyTorch writes them. */
final class Families {
  private final SplittableRandom random;

  private Families(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The networks by name; the same seed gives the same weights. */
  static Map<String, Supplier<Onnx>> all(long seed) {
    Families f = new Families(seed);
    Map<String, Supplier<Onnx>> all = new LinkedHashMap<>();
    all.put("vision-transformer", f::visionTransformer);
    all.put("mobile", f::mobile);
    all.put("dense", f::dense);
    all.put("temporal", f::temporal);
    all.put("u-net", f::unet);
    all.put("siamese", f::siamese);
    all.put("text", f::text);
    return all;
  }

  private Tensor weights(double scale, int... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return Tensor.of(shape, values);
  }

  /** Weights and bias of a convolution or a dense layer. */
  private void layer(Onnx m, String name, int... dims) {
    int taps = 1;
    for (int i = 1; i < dims.length; i++) {
      taps *= dims[i];
    }
    m.weight(name + ".weight", weights(1 / Math.sqrt(taps), dims));
    m.weight(name + ".bias", weights(0.1, dims[0]));
  }

  private void conv(
      Onnx m, String in, String name, String out, int group, int stride, int... dims) {
    layer(m, name, dims);
    int pad = dims[2] / 2;
    m.node(
        "Conv /%s/Conv: %s %s.weight %s.bias -> %s".formatted(name, in, name, name, out),
        Attribute.of("kernel_shape", List.of(dims[2], dims[3])),
        Attribute.of("strides", List.of(stride, stride)),
        Attribute.of("pads", List.of(pad, pad, pad, pad)),
        Attribute.of("group", group));
  }

  private void gemm(Onnx m, String in, String name, String out, int outputs, int inputs) {
    layer(m, name, outputs, inputs);
    m.node(
        "Gemm /%s/Gemm: %s %s.weight %s.bias -> %s".formatted(name, in, name, name, out),
        Attribute.of("transB", 1));
  }

  private void norm(Onnx m, String in, String name, String out, int channels) {
    m.weight(name + ".weight", weights(1, channels));
    m.weight(name + ".bias", weights(0.1, channels));
    m.weight(name + ".running_mean", weights(0.1, channels));
    Tensor noise = weights(0.3, channels);
    float[] variance = new float[channels];
    for (int i = 0; i < channels; i++) {
      variance[i] = (float) (1 + Math.abs(noise.get(i)));
    }
    m.weight(name + ".running_var", Tensor.of(Shape.of(channels), variance));
    m.node(
        "BatchNormalization /%1$s/BatchNormalization: %2$s %1$s.weight %1$s.bias %1$s.running_mean %1$s.running_var -> %3$s"
            .formatted(name, in, out));
  }

  private void layerNorm(Onnx m, String in, String name, String out, int width) {
    m.weight(name + ".weight", weights(1, width));
    m.weight(name + ".bias", weights(0.1, width));
    m.node(
        "LayerNormalization /%1$s/LayerNormalization: %2$s %1$s.weight %1$s.bias -> %3$s"
            .formatted(name, in, out),
        Attribute.of("axis", -1));
  }

  private void linear(Onnx m, String in, String name, String out, int outputs, int inputs) {
    m.weight(name + ".w", weights(1 / Math.sqrt(inputs), inputs, outputs));
    m.weight(name + ".bias", weights(0.1, outputs));
    m.node("MatMul /%1$s/MatMul: %2$s %1$s.w -> %1$s.m".formatted(name, in));
    m.node("Add /%1$s/Add: %1$s.bias %1$s.m -> %2$s".formatted(name, out));
  }

  /** Patches, a class token, one block with two heads, an exact Gelu written out. */
  private Onnx visionTransformer() {
    Onnx m = new Onnx(17).input("image", -1, 3, 8, 8);
    layer(m, "patch", 8, 3, 4, 4);
    m.node(
        "Conv /patch/Conv: image patch.weight patch.bias -> p",
        Attribute.of("strides", List.of(4, 4)));
    m.node("Shape /Shape: image -> s").longs("zero", 0).longs("eight", 8).longs("minus", -1);
    m.node("Gather /Gather: s zero -> n", Attribute.of("axis", 0));
    m.node("Concat /Concat: n eight minus -> ps", Attribute.of("axis", 0));
    m.node("Reshape /Reshape: p ps -> tokens");
    m.node("Transpose /Transpose: tokens -> t0", Attribute.of("perm", List.of(0, 2, 1)));
    m.weight("cls", weights(1, 1, 1, 8)).weight("position", weights(0.3, 1, 5, 8));
    m.longs("one", 1).node("Concat /Concat_1: n one eight -> cs", Attribute.of("axis", 0));
    m.node("Expand /Expand: cls cs -> c");
    m.node("Concat /Concat_2: c t0 -> t1", Attribute.of("axis", 1));
    m.node("Add /Add: t1 position -> t2");
    layerNorm(m, "t2", "norm1", "n1", 8);
    linear(m, "n1", "qkv", "qkv", 24, 8);
    m.longs("heads", 0, 5, 3, 2, 4).node("Reshape /attn/Reshape: qkv heads -> five");
    m.node(
        "Transpose /attn/Transpose: five -> turned", Attribute.of("perm", List.of(2, 0, 3, 1, 4)));
    m.node("Split /attn/Split: turned -> q1 k1 v1", Attribute.of("axis", 0));
    m.longs("first", 0);
    for (String part : List.of("q", "k", "v")) {
      m.node("Squeeze /attn/Squeeze_%1$s: %1$s1 first -> %1$s".formatted(part));
    }
    m.node("Transpose /attn/Transpose_1: k -> kt", Attribute.of("perm", List.of(0, 1, 3, 2)));
    m.weight("half", Tensor.of(Shape.SCALAR, 0.5f));
    m.node("Mul /attn/Mul: q half -> qs").node("MatMul /attn/MatMul: qs kt -> scores");
    m.node("Softmax /attn/Softmax: scores -> seen", Attribute.of("axis", -1));
    m.node("MatMul /attn/MatMul_1: seen v -> mixed");
    m.node("Transpose /attn/Transpose_2: mixed -> mt", Attribute.of("perm", List.of(0, 2, 1, 3)));
    m.longs("joined", 0, 5, 8).node("Reshape /attn/Reshape_1: mt joined -> flat");
    linear(m, "flat", "proj", "projected", 8, 8);
    m.node("Add /Add_1: t2 projected -> t3");
    layerNorm(m, "t3", "norm2", "n2", 8);
    linear(m, "n2", "fc1", "f1", 16, 8);
    m.weight("root2", Tensor.of(Shape.SCALAR, (float) Math.sqrt(2)));
    m.weight("unit", Tensor.of(Shape.SCALAR, 1f));
    m.node("Div /act/Div: f1 root2 -> d").node("Erf /act/Erf: d -> e");
    m.node("Add /act/Add: e unit -> e1").node("Mul /act/Mul: f1 e1 -> g0");
    m.node("Mul /act/Mul_1: g0 half -> g");
    linear(m, "g", "fc2", "f2", 8, 16);
    m.node("Add /Add_2: t3 f2 -> t4");
    layerNorm(m, "t4", "norm", "last", 8);
    m.weight("index", Tensor.of(Shape.SCALAR, 0L));
    m.node("Gather /Gather_1: last index -> token", Attribute.of("axis", 1));
    gemm(m, "token", "head", "logits", 4, 8);
    return m.output("logits");
  }

  /** Depthwise convolutions, a gate over channels, hard activations, a residual. */
  private Onnx mobile() {
    Onnx m = new Onnx(17).input("image", -1, 3, 8, 8);
    conv(m, "image", "stem", "s", 1, 2, 8, 3, 3, 3);
    m.node("HardSwish /act/HardSwish: s -> h");
    conv(m, "h", "depthwise", "dw", 8, 1, 8, 1, 3, 3);
    norm(m, "dw", "bn", "b", 8);
    m.node("HardSwish /act/HardSwish_1: b -> h1");
    m.node("GlobalAveragePool /pool/GlobalAveragePool: h1 -> squeezed");
    conv(m, "squeezed", "reduce", "r0", 1, 1, 4, 8, 1, 1);
    m.node("Relu /relu/Relu: r0 -> r");
    conv(m, "r", "expand", "e", 1, 1, 8, 4, 1, 1);
    m.node("HardSigmoid /gate/HardSigmoid: e -> gate", Attribute.of("alpha", 1.0 / 6));
    m.node("Mul /Mul: gate h1 -> gated");
    conv(m, "gated", "project", "pw", 1, 1, 8, 8, 1, 1);
    m.node("Add /Add: pw h -> sum");
    m.node("GlobalAveragePool /pool2/GlobalAveragePool: sum -> g");
    m.node("Flatten /Flatten: g -> f", Attribute.of("axis", 1));
    gemm(m, "f", "head", "logits", 5, 8);
    return m.output("logits");
  }

  /** Normalisation and activation in front of each convolution, all features kept. */
  private Onnx dense() {
    Onnx m = new Onnx(17).input("image", -1, 3, 8, 8);
    conv(m, "image", "conv0", "x0", 1, 1, 4, 3, 3, 3);
    String features = "x0";
    for (int i = 1; i <= 3; i++) {
      int channels = 4 * i;
      norm(m, features, "norm" + i, "n" + i, channels);
      m.node("Relu /relu%1$d/Relu: n%1$d -> r%1$d".formatted(i));
      conv(m, "r" + i, "conv" + i, "c" + i, 1, 1, 4, channels, 3, 3);
      m.node(
          "Concat /Concat_%1$d: %2$s c%1$d -> x%1$d".formatted(i, features),
          Attribute.of("axis", 1));
      features = "x" + i;
    }
    norm(m, features, "transition", "tn", 16);
    m.node("Relu /relu4/Relu: tn -> tr");
    conv(m, "tr", "shrink", "ts", 1, 1, 8, 16, 1, 1);
    m.node(
        "AveragePool /pool/AveragePool: ts -> tp",
        Attribute.of("kernel_shape", List.of(2, 2)),
        Attribute.of("strides", List.of(2, 2)));
    m.node("GlobalAveragePool /gap/GlobalAveragePool: tp -> g");
    m.node("Flatten /Flatten: g -> f");
    gemm(m, "f", "head", "logits", 5, 8);
    return m.output("logits");
  }

  /** Causal convolutions with growing dilation; group normalisation as it is exported. */
  private Onnx temporal() {
    Onnx m = new Onnx(17).input("series", -1, 2, 16);
    String x = "series";
    int channels = 2;
    m.longs("groups", 0, 2, -1).weight("ones", Tensor.of(Shape.of(2), 1f, 1f));
    m.weight("zeros", Tensor.of(Shape.of(2), 0f, 0f));
    for (int i = 0; i < 2; i++) {
      int dilation = 1 << i;
      m.longs("pads" + i, 0, 0, 2L * dilation, 0, 0, 0);
      m.node("Pad /block%1$d/Pad: %2$s pads%1$d -> p%1$d".formatted(i, x));
      layer(m, "conv" + i, 4, channels, 3);
      m.node(
          "Conv /block%1$d/Conv: p%1$d conv%1$d.weight conv%1$d.bias -> c%1$d".formatted(i),
          Attribute.of("dilations", List.of(dilation)));
      m.node("Shape /block%1$d/Shape: c%1$d -> s%1$d".formatted(i));
      m.node("Reshape /block%1$d/Reshape: c%1$d groups -> g%1$d".formatted(i));
      m.node("InstanceNormalization /block%1$d/norm: g%1$d ones zeros -> i%1$d".formatted(i));
      m.node("Reshape /block%1$d/Reshape_1: i%1$d s%1$d -> j%1$d".formatted(i));
      m.weight("gamma" + i, weights(1, 4, 1)).weight("beta" + i, weights(0.1, 4, 1));
      m.node("Mul /block%1$d/Mul: j%1$d gamma%1$d -> k%1$d".formatted(i));
      m.node("Add /block%1$d/Add: k%1$d beta%1$d -> l%1$d".formatted(i));
      m.node("Relu /block%1$d/Relu: l%1$d -> m%1$d".formatted(i));
      x = "m" + i;
      channels = 4;
    }
    m.node(
        "ReduceMean /ReduceMean: m1 -> mean",
        Attribute.of("axes", List.of(2)),
        Attribute.of("keepdims", 0));
    gemm(m, "mean", "head", "logits", 3, 4);
    return m.output("logits");
  }

  /** Down by pooling, up by a transposed convolution and by interpolation, with skips. */
  private Onnx unet() {
    Onnx m = new Onnx(17).input("image", -1, 1, 8, 8);
    conv(m, "image", "down1", "d0", 1, 1, 4, 1, 3, 3);
    m.node("Relu /relu1/Relu: d0 -> d1");
    m.node(
        "MaxPool /pool/MaxPool: d1 -> q1",
        Attribute.of("kernel_shape", List.of(2, 2)),
        Attribute.of("strides", List.of(2, 2)));
    conv(m, "q1", "down2", "d2", 1, 1, 6, 4, 3, 3);
    m.node("Relu /relu2/Relu: d2 -> d3");
    m.weight("up.weight", weights(0.4, 6, 4, 2, 2)).weight("up.bias", weights(0.1, 4));
    m.node(
        "ConvTranspose /up/ConvTranspose: d3 up.weight up.bias -> u1",
        Attribute.of("strides", List.of(2, 2)));
    m.weight("scales", Tensor.of(Shape.of(4), 1f, 1f, 2f, 2f));
    m.node(
        "Resize /resize/Resize: d3 _ scales -> u2",
        Attribute.of("mode", "linear"),
        Attribute.of("coordinate_transformation_mode", "half_pixel"));
    m.node("Concat /Concat: u1 u2 d1 -> all", Attribute.of("axis", 1));
    conv(m, "all", "last", "mask", 1, 1, 2, 14, 1, 1);
    return m.output("mask");
  }

  /** One network for both inputs, then the distance and the angle between its results. */
  private Onnx siamese() {
    Onnx m = new Onnx(17).input("left", -1, 6).input("right", -1, 6);
    layer(m, "fc", 5, 6);
    for (String side : List.of("left", "right")) {
      m.node(
          "Gemm /fc/Gemm_%1$s: %1$s fc.weight fc.bias -> %1$sh".formatted(side),
          Attribute.of("transB", 1));
      m.node("Tanh /act/Tanh_%1$s: %1$sh -> %1$se".formatted(side));
      m.node(
          "LpNormalization /norm/Lp_%1$s: %1$se -> %1$su".formatted(side),
          Attribute.of("axis", -1));
    }
    m.node("Sub /Sub: lefte righte -> d").node("Mul /Mul: d d -> square");
    m.node("Mul /Mul_1: leftu rightu -> angles");
    m.longs("last", -1).node("ReduceSum /ReduceSum: angles last -> cosine");
    m.node("Concat /Concat: square cosine -> features", Attribute.of("axis", 1));
    gemm(m, "features", "head", "logits", 2, 6);
    return m.output("logits");
  }

  /** Tokens, an embedding, an LSTM in both directions, its last states. */
  private Onnx text() {
    Onnx m = new Onnx(17).typed("tokens", 7, -1, 7);
    m.weight("embedding.weight", weights(1, 11, 4));
    m.node("Gather /embedding/Gather: embedding.weight tokens -> e");
    m.node("Transpose /Transpose: e -> t", Attribute.of("perm", List.of(1, 0, 2)));
    m.weight("W", weights(0.5, 2, 12, 4)).weight("R", weights(0.5, 2, 12, 3));
    m.weight("B", weights(0.2, 2, 24));
    m.node(
        "LSTM /lstm/LSTM: t W R B -> y h c",
        Attribute.of("direction", "bidirectional"),
        Attribute.of("hidden_size", 3));
    m.node("Transpose /Transpose_1: h -> hb", Attribute.of("perm", List.of(1, 0, 2)));
    m.node("Flatten /Flatten: hb -> f", Attribute.of("axis", 1));
    gemm(m, "f", "head", "logits", 3, 6);
    return m.output("logits");
  }
}
