package wherefore.model.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;
import wherefore.model.Port;
import wherefore.model.ProvidesLoader;
import wherefore.tensor.ElementType;

/**
 * Reads ONNX files that the loader for graphs refuses, as functions without a graph: methods that
 * only evaluate work on them. It ranks below that loader.
 */
@Component(property = "service.ranking:Integer=-100")
@ProvidesLoader(loader = "onnxruntime")
public final class OnnxRuntimeLoader implements ModelLoader {
  private final Set<Session> open = Collections.newSetFromMap(new WeakHashMap<>());

  @Override
  public String format() {
    return "onnxruntime";
  }

  @Override
  public List<String> extensions() {
    return List.of("onnx");
  }

  /** A protocol buffer that begins with the field ir_version: all writers do so. */
  @Override
  public boolean accepts(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0x08;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Model load(Path file, ModelCard card) throws ModelException {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession session =
          environment.createSession(file.toString(), new OrtSession.SessionOptions());
      List<Port> inputs = ports(session.getInputInfo());
      List<Port> outputs = ports(session.getOutputInfo());
      if (outputs.isEmpty() || inputs.size() < session.getInputInfo().size()) {
        session.close();
        throw new ModelException(
            "%s: its inputs %s and outputs %s are not all tensors of numbers, which are needed"
                .formatted(
                    file, session.getInputInfo().keySet(), session.getOutputInfo().keySet()));
      }
      Session held = new Session(environment, session, outputs);
      synchronized (open) {
        open.add(held);
      }
      return new Model(
          name(file, card), format(), digest(file), file.toString(), card, inputs, outputs, held);
    } catch (OrtException e) {
      throw new ModelException(file + ": ONNX Runtime can't run it: " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw new ModelException(
          "%s: ONNX Runtime has no library for this machine: %s; it has those for Linux, macOS and Windows on x86-64 and Arm"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Those that are tensors; names of extents, where the file has them. */
  private static List<Port> ports(Map<String, NodeInfo> nodes) {
    List<Port> ports = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          if (node.getInfo() instanceof TensorInfo info) {
            type(info).ifPresent(type -> ports.add(new Port(name, type, axes(info))));
          }
        });
    return ports;
  }

  private static List<Port.Axis> axes(TensorInfo info) {
    long[] shape = info.getShape();
    String[] names = info.getDimensionNames();
    return IntStream.range(0, shape.length)
        .mapToObj(
            a ->
                shape[a] < 0
                    ? Port.Axis.free(a < names.length ? names[a] : "")
                    : Port.Axis.fixed((int) shape[a]))
        .toList();
  }

  private static Optional<ElementType> type(TensorInfo info) {
    return switch (info.type) {
      case FLOAT -> Optional.of(ElementType.FLOAT32);
      case DOUBLE -> Optional.of(ElementType.FLOAT64);
      case INT64, INT32 -> Optional.of(ElementType.INT64);
      case BOOL -> Optional.of(ElementType.BOOL);
      default -> Optional.empty();
    };
  }

  private static String name(Path file, ModelCard card) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return card.name().isEmpty() ? name.substring(0, dot > 0 ? dot : name.length()) : card.name();
  }

  private static String digest(Path file) throws ModelException {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e.getMessage(), e);
    }
  }

  /** Ends what runs and frees its memory. */
  @Deactivate
  public void close() {
    List<Session> all;
    synchronized (open) {
      all = Arrays.asList(open.toArray(Session[]::new));
    }
    all.forEach(Session::close);
  }
}
