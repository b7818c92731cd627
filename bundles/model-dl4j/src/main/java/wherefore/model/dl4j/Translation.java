package wherefore.model.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.tensor.ElementType;

/**
 * From an archive to a network of ours. ND4J's memory is released before it returns.
 *
 * @param network how it computes
 * @param outputs the ports
 * @param card with the normalizer that the archive holds, if the card had none
 */
record Translation(TranslatedNetwork network, List<Port> outputs, ModelCard card) {

  static Translation of(Archive archive, ModelCard card, String file) throws ModelException {
    Translation bare = of(Restored.of(archive, file), card, file);
    Port input = bare.network().inputs().getFirst();
    return new Translation(
        bare.network(), bare.outputs(), withNormalizer(archive, card, input, file));
  }

  /** From a network as DL4J restored it, which is closed then. */
  static Translation of(Restored restored, ModelCard card, String file) throws ModelException {
    TranslatedNetwork network;
    try (restored) {
      ElementType element = element(restored.parameters());
      network =
          new TranslatedNetwork(
              sized(InputPorts.of(restored, element, file), card),
              TranslatedNetwork.steps(restored.stages(), file),
              outputs(restored.outputs()));
    } catch (RuntimeException e) {
      throw new ModelException(
          "%s: settings of the layers contradict each other: %s"
              .formatted(file, Restored.rootMessage(e)),
          e);
    }
    return new Translation(network, OutputPorts.of(network, file), card);
  }

  /** Where layers leave an image's size open, the card's holds. */
  private static List<Port> sized(List<Port> ports, ModelCard card) {
    return card.preprocessing().isPresent()
            && card.preprocessing().get() instanceof Preprocessing.Image image
        ? ports.stream().map(port -> sized(port, image)).toList()
        : ports;
  }

  private static Port sized(Port port, Preprocessing.Image image) {
    List<Port.Axis> axes =
        port.axes().stream()
            .map(
                axis ->
                    switch (axis.name()) {
                      case LayerForms.HEIGHT -> Port.Axis.fixed(image.height());
                      case LayerForms.WIDTH -> Port.Axis.fixed(image.width());
                      default -> axis;
                    })
            .toList();
    return new Port(port.name(), port.element(), axes);
  }

  private static ElementType element(@Nullable INDArray parameters) {
    return parameters != null && parameters.dataType() == DataType.DOUBLE
        ? ElementType.FLOAT64
        : ElementType.FLOAT32;
  }

  private static Map<String, String> outputs(List<String> names) {
    Map<String, String> outputs = new LinkedHashMap<>();
    names.forEach(name -> outputs.put(name, name));
    return outputs;
  }

  private static ModelCard withNormalizer(Archive archive, ModelCard card, Port input, String file)
      throws ModelException {
    if (archive.normalizer().isEmpty() || card.preprocessing().isPresent()) {
      return card;
    }
    return Normalizers.read(archive.normalizer().get(), input, file + ": normalizer.bin")
        .map(card::orPreprocessing)
        .orElse(card);
  }
}
