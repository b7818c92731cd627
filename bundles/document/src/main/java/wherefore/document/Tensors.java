package wherefore.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wherefore.tensor.Npy;
import wherefore.tensor.Tensor;

/** Tensors as {@code .npy} files in base64, with type, shape and digest to be read by people. */
final class Tensors {
  private Tensors() {}

  static Map<String, Object> tree(Tensor tensor) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", tensor.type().symbol());
    tree.put("shape", dims(tensor));
    tree.put("digest", tensor.digest());
    tree.put("npy", Base64.getEncoder().encodeToString(Npy.write(tensor)));
    return tree;
  }

  static Tensor tensor(Fields fields) throws DocumentException {
    String type = fields.text("type");
    List<Integer> shape = fields.integers("shape");
    String digest = fields.text("digest");
    Tensor tensor = decode(fields);
    fields.end();
    if (!tensor.digest().equals(digest)) {
      throw fields.failure(
          "the digest is %s, but that of the tensor in it is %s: it was changed or damaged"
              .formatted(digest, tensor.digest()));
    }
    if (!tensor.type().symbol().equals(type) || !shape.equals(dims(tensor))) {
      throw fields.failure(
          "says %s%s, but the tensor in it is %s%s"
              .formatted(type, shape, tensor.type().symbol(), tensor.shape()));
    }
    return tensor;
  }

  private static List<Integer> dims(Tensor tensor) {
    return Arrays.stream(tensor.shape().dims()).boxed().toList();
  }

  private static Tensor decode(Fields fields) throws DocumentException {
    try {
      byte[] bytes = Base64.getDecoder().decode(fields.text("npy"));
      return Npy.read(ByteBuffer.wrap(bytes), fields.place("npy"));
    } catch (DocumentException e) {
      throw e;
    } catch (IOException e) {
      throw new DocumentException(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw fields.failure("npy is not base64: " + e.getMessage());
    }
  }
}
