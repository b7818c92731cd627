package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import wherefore.model.ModelException;

/**
 * A file's content, parsed and checked as far as that goes without looking at nodes. The file is
 * read once; tensors share its bytes.
 *
 * @param name the file's name, for errors
 * @param model the message
 * @param digest SHA-256 of the file
 * @param opsets version of the operators by domain; the standard one is ""
 * @param functions the file's own operators by domain and name
 * @param tensors what turns its tensors into ours
 */
record OnnxFile(
    String name,
    ModelProto model,
    String digest,
    Map<String, Integer> opsets,
    Map<String, FunctionProto> functions,
    TensorReader tensors) {
  /** The newest operator set whose changes the table knows. */
  static final int NEWEST_OPSET = 28;

  private static final int NEWEST_IR = 15;
  private static final long LIMIT = Integer.MAX_VALUE - 8;
  private static final int PIECE = 1 << 20;

  static OnnxFile read(Path file) throws ModelException {
    MessageDigest digest = sha256();
    byte[] bytes = bytes(file, digest);
    String name = file.toString();
    PackedNumbers.relabel(bytes);
    ModelProto model = parse(name, bytes);
    checkHead(name, model);
    Path folder = file.toAbsolutePath().getParent();
    return new OnnxFile(
        name,
        model,
        HexFormat.of().formatHex(digest.digest()),
        opsets(name, model.getOpsetImportList()),
        functions(model),
        new TensorReader(folder == null ? Path.of("").toAbsolutePath() : folder));
  }

  private static byte[] bytes(Path file, MessageDigest digest) throws ModelException {
    try {
      long size = Files.size(file);
      if (size > LIMIT || size > Runtime.getRuntime().maxMemory()) {
        throw new ModelException(
            "%s: has %d MiB; at most 2 GiB, and less than the heap (%d MiB), can be read"
                .formatted(file, size >> 20, Runtime.getRuntime().maxMemory() >> 20));
      }
      return read(file, (int) size, digest);
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e, e);
    }
  }

  private static ModelProto parse(String name, byte[] bytes) throws ModelException {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
    in.enableAliasing(true);
    try {
      return ModelProto.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelException(
          "%s: is not a whole ONNX file (%d bytes): %s"
              .formatted(name, bytes.length, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new ModelException(name + ": can't be read: " + e, e);
    }
  }

  private static void checkHead(String name, ModelProto model) throws ModelException {
    if (!model.hasGraph() || model.getGraph().getOutputCount() == 0) {
      throw new ModelException(name + ": is not an ONNX model: it has no graph with an output");
    }
    long ir = model.getIrVersion();
    if (ir < 1 || ir > NEWEST_IR) {
      throw new ModelException(
          "%s: is of IR version %d; 1 to %d can be read".formatted(name, ir, NEWEST_IR));
    }
  }

  /** The versions that a list of imports names, checked. */
  static Map<String, Integer> opsets(String name, List<OperatorSetIdProto> imports)
      throws ModelException {
    Map<String, Integer> opsets = new HashMap<>();
    for (OperatorSetIdProto set : imports) {
      String domain = domain(set.getDomain());
      opsets.put(domain, (int) Math.max(-1, Math.min(set.getVersion(), 1 << 20)));
    }
    Integer standard = opsets.get("");
    if (standard == null) {
      throw new ModelException(
          name + ": names no version of the standard operators (opset_import)");
    }
    if (standard < 1 || standard > NEWEST_OPSET) {
      throw new ModelException(
          "%s: is of opset %d; 1 to %d can be read".formatted(name, standard, NEWEST_OPSET));
    }
    return Map.copyOf(opsets);
  }

  static String domain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  private static Map<String, FunctionProto> functions(ModelProto model) {
    Map<String, FunctionProto> functions = new HashMap<>();
    model
        .getFunctionsList()
        .forEach(f -> functions.put(function(f.getDomain(), f.getName(), f.getOverload()), f));
    return Map.copyOf(functions);
  }

  /** What the function that a node may call is found by. */
  static String function(NodeProto node) {
    return function(node.getDomain(), node.getOpType(), node.getOverload());
  }

  private static String function(String domain, String name, String overload) {
    return domain(domain) + ":" + name + (overload.isEmpty() ? "" : ":" + overload);
  }

  /** Piece by piece: what is read at once is held twice. */
  private static byte[] read(Path file, int size, MessageDigest digest) throws IOException {
    byte[] bytes = new byte[size];
    try (InputStream in = Files.newInputStream(file)) {
      int at = 0;
      while (at < size) {
        int count = in.read(bytes, at, Math.min(PIECE, size - at));
        if (count < 0) {
          throw new EOFException("it ends after %d of %d bytes".formatted(at, size));
        }
        digest.update(bytes, at, count);
        at += count;
      }
    }
    return bytes;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
