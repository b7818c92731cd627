package wherefore.backend.cpu;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import wherefore.backend.cpu.onednn.Library;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.compute.BackendInfo;
import wherefore.compute.ComputeBackend;
import wherefore.compute.ComputeException;
import wherefore.compute.Executable;
import wherefore.compute.ProvidesBackend;
import wherefore.graph.Graph;
import wherefore.natives.onednn.OneDnnLibrary;
import wherefore.tensor.ElementType;

/**
 * Graphs on the processor, in float32: oneDNN's kernels, and vectorised Java for what oneDNN lacks.
 * The library is loaded when the first graph is compiled.
 *
 * <p>Settings, as component configuration or system properties: {@code wherefore.threads}, {@code
 * wherefore.exactness}, {@code wherefore.cpu.tuning}, {@code wherefore.cpu.disable}, {@code
 * wherefore.native.memory}.
 */
@Component(enabled = false, property = "service.ranking:Integer=100")
@ProvidesBackend(backend = "cpu")
public final class CpuBackend implements ComputeBackend {
  private record Engine(
      OneDnn oneDnn, Team team, Constants constants, NativeMemory memory, Compiler compiler) {}

  private final Set<Program> open = ConcurrentHashMap.newKeySet();
  private final Settings settings;
  private final @Nullable Predicate<WinogradTiling> forced;
  private @Nullable Engine engine;

  /** Set by system properties. */
  public CpuBackend() {
    this(Map.of());
  }

  /** Set by these properties, or else by system properties. */
  @Activate
  public CpuBackend(Map<String, ?> properties) {
    this(properties, null);
  }

  /**
   * For tests.
   *
   * @param forced which convolutions are computed by Winograd, whether or not that is faster
   */
  CpuBackend(Map<String, ?> properties, @Nullable Predicate<WinogradTiling> forced) {
    this.forced = forced;
    Map<String, Object> all = new TreeMap<>();
    System.getProperties().forEach((k, v) -> all.put(k.toString(), v));
    all.putAll(properties);
    this.settings = Settings.of(all);
  }

  @Override
  public BackendInfo info() {
    Map<String, String> numeric = new TreeMap<>(settings.numeric());
    numeric.put("onednn", OneDnnLibrary.VERSION);
    String device = "%s, %d threads".formatted(System.getProperty("os.arch"), settings.threads());
    return new BackendInfo("cpu", device, ElementType.FLOAT32, numeric);
  }

  @Override
  public Executable compile(Graph graph) {
    Engine e = engine();
    Program program = new Program(graph, e.compiler(), e.oneDnn(), e.memory(), open::remove);
    program.load();
    open.add(program);
    return program;
  }

  @Override
  public long memory() {
    return settings.memory();
  }

  private synchronized Engine engine() {
    if (engine == null) {
      engine = start();
    }
    return engine;
  }

  private Engine start() {
    return switch (Library.load()) {
      case Library.Present present -> engine(present);
      case Library.Missing missing ->
          throw new ComputeException(
              "backend cpu: " + missing.message() + "; backend reference works without",
              missing.cause());
    };
  }

  private Engine engine(Library.Present library) {
    OneDnn oneDnn = library.oneDnn();
    Team team = new Team(settings.threads());
    NativeMemory memory = new NativeMemory(settings.memory());
    Constants constants = new Constants(oneDnn, memory);
    Compiler compiler =
        new Compiler(
            oneDnn, team, constants, memory, settings, trials -> choice(trials, library.file()));
    return new Engine(oneDnn, team, constants, memory, compiler);
  }

  private Predicate<WinogradTiling> choice(Tuner.Trials trials, Path library) {
    if (forced != null) {
      return forced;
    }
    return switch (settings.exactness()) {
      case DIRECT -> tiling -> false;
      case FAST -> {
        String here = "%s, %d threads".formatted(System.getProperty("os.arch"), settings.threads());
        Path file = settings.tuning().orElse(library.resolveSibling("tuning.properties"));
        yield new Tuner(trials, new TuningFile(file, here))::prefersWinograd;
      }
    };
  }

  /** Bytes outside of the heap that constants of open executables take. */
  synchronized long constantBytes() {
    return engine == null ? 0 : engine.constants().bytes();
  }

  /** Bytes outside of the heap that all open executables take. */
  synchronized long nativeBytes() {
    return engine == null ? 0 : engine.memory().used();
  }

  /** Frees all native memory and ends the threads. */
  @Deactivate
  public synchronized void close() {
    open.forEach(Program::close);
    if (engine != null) {
      engine.team().close();
      engine = null;
    }
  }
}
