package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.osgi.service.component.annotations.Component;
import wherefore.graph.GraphException;
import wherefore.model.Input;
import wherefore.model.InputReader;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.ProvidesReader;
import wherefore.tensor.Tensor;

/** Reads {@code .pb} files that hold one tensor each, as ONNX's test folders have them. */
@Component
@ProvidesReader(reader = "onnx-tensor")
public final class OnnxTensorReader implements InputReader {
  /** For the service registry and {@link ServiceLoader}. */
  public OnnxTensorReader() {}

  @Override
  public String id() {
    return "onnx-tensor";
  }

  @Override
  public List<String> extensions() {
    return List.of("pb");
  }

  @Override
  public Input read(Path file, Port port, ModelCard card) throws ModelException {
    Tensor tensor = tensor(file);
    if (!port.accepts(tensor.shape())) {
      throw new ModelException(
          "%s: holds a tensor of shape %s; %s takes %s"
              .formatted(file, tensor.shape(), port.name(), port));
    }
    return new Input(file.toString(), tensor, Optional.empty(), card.features());
  }

  private static Tensor tensor(Path file) throws ModelException {
    try {
      Path folder = file.toAbsolutePath().getParent();
      TensorProto proto = TensorProto.parseFrom(Files.readAllBytes(file));
      return new TensorReader(folder == null ? Path.of("").toAbsolutePath() : folder).read(proto);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelException(file + ": is no ONNX tensor, or is cut off: " + e.getMessage(), e);
    } catch (GraphException e) {
      throw new ModelException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e.getMessage(), e);
    }
  }
}
