package wherefore.model.dl4j;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.hdf5.Attribute;
import org.bytedeco.hdf5.DataSet;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.DataType;
import org.bytedeco.hdf5.Group;
import org.bytedeco.hdf5.H5File;
import org.bytedeco.hdf5.PredType;
import org.bytedeco.hdf5.StrType;
import org.bytedeco.hdf5.global.hdf5;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import wherefore.tensor.Tensor;

/** Writes files as Keras 2 does, through the HDF5 library. */
final class KerasWriter {
  private static final String INITIALIZER =
      "{\"class_name\": \"GlorotUniform\", \"config\": {\"seed\": null}}";

  private final Map<String, Map<String, Tensor>> weights = new LinkedHashMap<>();

  static {
    Loader.load(hdf5.class);
  }

  /** Weights of a layer, by Keras' names without {@code :0}. */
  KerasWriter weights(String layer, Map<String, Tensor> values) {
    weights.put(layer, new LinkedHashMap<>(values));
    return this;
  }

  /** A layer's JSON, with settings that most layers have. */
  static String layer(String kind, String name, String settings) {
    return """
    {"class_name": "%s", "config": {"name": "%s", "trainable": true, "dtype": "float32",
     "use_bias": true, "kernel_initializer": %s, "bias_initializer": %s,
     "recurrent_initializer": %s, "embeddings_initializer": %s, "gamma_initializer": %s,
     "beta_initializer": %s, "moving_mean_initializer": %s, "moving_variance_initializer": %s,
     "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
     "recurrent_regularizer": null, "gamma_regularizer": null, "beta_regularizer": null,
     "embeddings_regularizer": null, "kernel_constraint": null, "bias_constraint": null,
     "recurrent_constraint": null, "gamma_constraint": null, "beta_constraint": null,
     "embeddings_constraint": null, "dropout": 0.0, "recurrent_dropout": 0.0%s}, "name": "%s"
     %s}"""
        .formatted(
            kind,
            name,
            INITIALIZER,
            INITIALIZER,
            INITIALIZER,
            INITIALIZER,
            INITIALIZER,
            INITIALIZER,
            INITIALIZER,
            INITIALIZER,
            settings.isEmpty() ? "" : ", " + settings,
            name,
            "");
  }

  /** The same with the layers that it reads. */
  static String node(String kind, String name, String settings, String... inbound) {
    String edges =
        List.of(inbound).stream()
            .map(n -> "[\"%s\", 0, 0, {}]".formatted(n))
            .collect(Collectors.joining(", "));
    String layer = layer(kind, name, settings);
    return layer.substring(0, layer.lastIndexOf('}'))
        + ", \"inbound_nodes\": [%s]}".formatted(inbound.length == 0 ? "" : "[" + edges + "]");
  }

  static String sequential(String... layers) {
    return "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": [%s]}}"
        .formatted(String.join(", ", layers));
  }

  static String functional(List<String> inputs, String output, String... layers) {
    String in =
        inputs.stream().map(n -> "[\"%s\", 0, 0]".formatted(n)).collect(Collectors.joining(", "));
    return ("{\"class_name\": \"Functional\", \"config\": {\"name\": \"f\", \"layers\": [%s],"
            + " \"input_layers\": [%s], \"output_layers\": [[\"%s\", 0, 0]]}}")
        .formatted(String.join(", ", layers), in, output);
  }

  void write(Path file, String configuration) {
    H5File h5 = new H5File(file.toString(), hdf5.H5F_ACC_TRUNC());
    text(h5, "model_config", configuration);
    text(h5, "keras_version", "2.4.0");
    text(h5, "backend", "tensorflow");
    Group root = h5.createGroup("/model_weights");
    weights.forEach((layer, tensors) -> layer(root, layer, tensors));
    root.close();
    h5.close();
  }

  private static void layer(Group root, String layer, Map<String, Tensor> tensors) {
    Group outer = root.createGroup(layer);
    text(
        outer,
        "weight_names",
        tensors.keySet().stream()
            .map(name -> layer + "/" + name + ":0")
            .collect(Collectors.joining("\0")));
    Group inner = outer.createGroup(layer);
    tensors.forEach((name, tensor) -> data(inner, name + ":0", tensor));
    inner.close();
    outer.close();
  }

  private static void text(Group group, String name, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    StrType type = new StrType(PredType.C_S1(), bytes.length + 1);
    Attribute attribute = group.createAttribute(name, type, new DataSpace(hdf5.H5S_SCALAR));
    Pointer content = new BytePointer(Arrays.copyOf(bytes, bytes.length + 1));
    attribute.write(type, content);
    attribute.close();
  }

  private static void data(Group group, String name, Tensor tensor) {
    int[] dims = tensor.shape().dims();
    long[] extents = Arrays.stream(dims).asLongStream().toArray();
    DataType type = new DataType(PredType.NATIVE_FLOAT());
    DataSet set = group.createDataSet(name, type, new DataSpace(extents.length, extents));
    float[] values = new float[(int) tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) tensor.get(i);
    }
    set.write((Pointer) new FloatPointer(values), type);
    set.close();
  }
}
