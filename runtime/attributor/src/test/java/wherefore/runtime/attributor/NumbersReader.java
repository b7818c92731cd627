package wherefore.runtime.attributor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import wherefore.model.Input;
import wherefore.model.InputReader;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Reads files of numbers as square images, whatever the port says. */
final class NumbersReader implements InputReader {
  @Override
  public String id() {
    return "numbers";
  }

  @Override
  public List<String> extensions() {
    return List.of("txt");
  }

  @Override
  public Input read(Path file, Port port, ModelCard card) throws ModelException {
    try {
      double[] v =
          Arrays.stream(Files.readString(file).strip().split(" "))
              .mapToDouble(Double::parseDouble)
              .toArray();
      int side = (int) Math.sqrt(v.length);
      Tensor value = Tensor.of(Shape.of(1, 1, side, side), v);
      return new Input(file.toString(), value, Optional.empty(), List.of());
    } catch (IOException e) {
      throw new ModelException(file + ": there is no such file", e);
    }
  }
}
