package wherefore.model.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.KerasSequentialModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import wherefore.model.ModelException;
import wherefore.model.Port.Axis;

/** A Keras file as DL4J imports it. Its loss belongs to training and is not read. */
final class KerasFile {
  private static final String CONFIGURATION = "model_config";

  private KerasFile() {}

  /** Lets DL4J import the model. One file at a time: the HDF5 library is not thread-safe. */
  static Restored read(Path file) throws ModelException {
    try {
      synchronized (Hdf5Archive.LOCK_OBJECT) {
        return isSequential(file) ? sequential(file) : functional(file);
      }
    } catch (ModelException e) {
      throw e;
    } catch (IOException
        | InvalidKerasConfigurationException
        | UnsupportedKerasConfigurationException
        | RuntimeException
        | StackOverflowError e) {
      throw new ModelException(
          "%s: DL4J can't import the Keras model: %s".formatted(file, Restored.rootMessage(e)), e);
    }
  }

  private static boolean isSequential(Path file)
      throws ModelException, UnsupportedKerasConfigurationException {
    try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
      if (!archive.hasAttribute(CONFIGURATION)) {
        throw new ModelException(
            "%s has no attribute %s: it holds weights alone, or is no model of Keras; save it by model.save(\"name.h5\")"
                .formatted(file, CONFIGURATION));
      }
      String json = archive.readAttributeAsJson(CONFIGURATION);
      Json.checkDepth(json, file + ": " + CONFIGURATION);
      return Json.names(json, "class_name", "Sequential");
    }
  }

  private static Restored sequential(Path file)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    Sequential model = new Sequential(builder(file));
    return Restored.layers(model.getMultiLayerNetwork(), model.forms());
  }

  private static Restored functional(Path file)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    Functional model = new Functional(builder(file));
    return Restored.graph(model.getComputationGraph(), model.forms());
  }

  private static KerasModelBuilder builder(Path file)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    return new KerasModel()
        .modelBuilder()
        .modelHdf5Filename(file.toString())
        .enforceTrainingConfig(false);
  }

  /** Hands out what the import knows of the inputs. */
  private static final class Sequential extends KerasSequentialModel {
    Sequential(KerasModelBuilder builder)
        throws IOException,
            InvalidKerasConfigurationException,
            UnsupportedKerasConfigurationException {
      super(builder);
    }

    Map<String, List<Axis>> forms() {
      InputType type = outputTypes.get(inputLayerNames.get(0));
      return type == null ? Map.of() : Map.of("input", axes(type));
    }
  }

  /** Hands out what the import knows of the inputs. */
  private static final class Functional extends KerasModel {
    Functional(KerasModelBuilder builder)
        throws IOException,
            InvalidKerasConfigurationException,
            UnsupportedKerasConfigurationException {
      super(builder);
    }

    Map<String, List<Axis>> forms() {
      Map<String, List<Axis>> forms = new HashMap<>();
      for (String name : inputLayerNames) {
        InputType type = outputTypes.get(name);
        if (type != null) {
          forms.put(name, axes(type));
        }
      }
      return forms;
    }
  }

  /** The form of an input, as DL4J has it. */
  private static List<Axis> axes(InputType type) {
    List<Axis> axes = new ArrayList<>(List.of(LayerForms.BATCH));
    switch (type) {
      case InputType.InputTypeRecurrent r -> recurrent(axes, r);
      case InputType.InputTypeConvolutional c -> image(axes, c);
      case InputType.InputTypeConvolutional3D c -> volume(axes, c);
      case InputType.InputTypeFeedForward f -> axes.add(extent(f.getSize(), ""));
      default -> axes.add(extent(type.arrayElementsPerExample(), ""));
    }
    return axes;
  }

  private static void recurrent(List<Axis> axes, InputType.InputTypeRecurrent type) {
    Axis features = extent(type.getSize(), "");
    Axis steps = extent(type.getTimeSeriesLength(), "steps");
    axes.addAll(
        type.getFormat() == RNNFormat.NWC ? List.of(steps, features) : List.of(features, steps));
  }

  private static void image(List<Axis> axes, InputType.InputTypeConvolutional type) {
    Axis channels = extent(type.getChannels(), "");
    Axis rows = extent(type.getHeight(), LayerForms.HEIGHT);
    Axis columns = extent(type.getWidth(), LayerForms.WIDTH);
    axes.addAll(
        type.getFormat() == CNN2DFormat.NHWC
            ? List.of(rows, columns, channels)
            : List.of(channels, rows, columns));
  }

  private static void volume(List<Axis> axes, InputType.InputTypeConvolutional3D type) {
    Axis channels = extent(type.getChannels(), "");
    List<Axis> places =
        List.of(
            extent(type.getDepth(), LayerForms.DEPTH_NAME),
            extent(type.getHeight(), LayerForms.HEIGHT),
            extent(type.getWidth(), LayerForms.WIDTH));
    boolean last = type.getDataFormat() == Convolution3D.DataFormat.NDHWC;
    if (!last) {
      axes.add(channels);
    }
    axes.addAll(places);
    if (last) {
      axes.add(channels);
    }
  }

  private static Axis extent(long extent, String name) {
    return extent > 0 ? Axis.fixed(Math.toIntExact(extent)) : Axis.free(name);
  }
}
