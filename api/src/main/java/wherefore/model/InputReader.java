package wherefore.model;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import wherefore.tensor.Tensor;

/** Reads files of some kinds as inputs of a model. */
@ConsumerType
public interface InputReader {
  /** Its name: {@code image}. */
  String id();

  /** File name extensions without the dot, lower case. */
  List<String> extensions();

  /**
   * Reads a file as the model's card says.
   *
   * @param file the file
   * @param port the model's input that it is for
   * @param card the model's card
   * @throws ModelException if it can't be read, or does not fit the port
   */
  Input read(Path file, Port port, ModelCard card) throws ModelException;

  /**
   * Reads a file for all inputs of a model.
   *
   * @param ports the model's inputs; the file is for the first
   * @throws ModelException as {@link #read(Path, Port, ModelCard)}
   */
  default Input read(Path file, List<Port> ports, ModelCard card) throws ModelException {
    return read(file, ports.get(0), card);
  }

  /**
   * Reads all examples of a file; of a kind that holds one, that one.
   *
   * @param port the model's input that they are for
   * @return along the first axis
   * @throws ModelException as {@link #read(Path, Port, ModelCard)}
   */
  default Tensor examples(Path file, Port port, ModelCard card) throws ModelException {
    return read(file, port, card).value();
  }
}
