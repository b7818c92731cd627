package wherefore.conformance;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import wherefore.attribution.Attributor;
import wherefore.compute.BackendInfo;
import wherefore.model.InputReader;
import wherefore.model.ModelLoader;

/** {@code why:conformance}: certifies methods and backends on cases whose answers are known. */
@Component(
    service = ConformanceCommand.class,
    property = {"osgi.command.scope=why", "osgi.command.function=conformance"})
public final class ConformanceCommand {
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final String HELP =
      """
      conformance DIR [--backend ID]
        Runs every case below DIR and compares with what is expected: golden attributions (model.onnx,
        *.json, *.npy) and test folders of the ONNX project (model.onnx, test_data_set_*/*.pb).

        DIR                     where the cases lie
        --backend ID            what to run on instead of the best there is

        One line a case: its name, passed, failed or unsupported, the largest error in units of the
        tolerance (at most 1 passes), and the reason. The last line counts them.""";

  private final Attributor attributor;

  @Reference(policy = ReferencePolicy.DYNAMIC)
  volatile List<ModelLoader> loaders = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC)
  volatile List<InputReader> readers = List.of();

  /**
   * @param attributor answers
   */
  @Activate
  public ConformanceCommand(@Reference Attributor attributor) {
    this.attributor = attributor;
  }

  /** Runs every case below a folder; the process' exit code is 0 only if none failed. */
  @Descriptor("runs every case below a folder and compares with what is expected")
  public void conformance(
      CommandSession session,
      @Descriptor("what to run on instead of the best there is")
          @Parameter(names = "--backend", absentValue = "")
          String backend,
      @Descriptor("what it takes")
          @Parameter(
              names = {"-h", "--help"},
              presentValue = "true",
              absentValue = "false")
          boolean help,
      @Descriptor("the folder") String[] directory) {
    if (help) {
      System.out.println(HELP);
      return;
    }
    int code = run(session.currentDir(), backend, List.of(directory), System.out, System.err);
    Process process = Process.Utils.current();
    if (code != 0 && process != null) {
      process.error(code);
    }
  }

  /** Runs and prints; the value is the exit code. */
  int run(Path current, String backend, List<String> words, PrintStream out, PrintStream err) {
    if (words.size() != 1 || words.get(0).startsWith("-")) {
      return refuse(err, USAGE, usage(words));
    }
    Path folder = current.resolve(words.get(0)).normalize();
    if (!Files.isDirectory(folder)) {
      String found = Files.exists(folder) ? "is a file; a folder is needed" : "no such folder";
      return refuse(err, FAILED, folder + ": " + found);
    }
    List<String> known = attributor.backends().stream().map(BackendInfo::id).toList();
    if (!backend.isEmpty() && !known.contains(backend)) {
      return refuse(
          err,
          FAILED,
          "no backend is named %s; known: %s".formatted(backend, String.join(", ", known)));
    }
    Optional<String> asked = Optional.of(backend).filter(b -> !b.isEmpty());
    try {
      return run(folder, new Bench(attributor, loaders, readers, asked), out);
    } catch (IOException e) {
      return refuse(err, FAILED, folder + ": can't be read: " + e.getMessage());
    }
  }

  private static String usage(List<String> words) {
    String found = words.isEmpty() ? "DIR is missing" : "found " + String.join(" ", words);
    return "conformance: %s; usage: conformance DIR [--backend ID]".formatted(found);
  }

  private static int refuse(PrintStream err, int code, String message) {
    err.println("wherefore: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
    return code;
  }

  private static int run(Path folder, Bench bench, PrintStream out) throws IOException {
    Map<Verdict.Status, Integer> counts = new EnumMap<>(Verdict.Status.class);
    for (Case test : Cases.below(folder)) {
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
      Verdict verdict = test.run(bench);
      out.println(verdict.line());
      counts.merge(verdict.status(), 1, Integer::sum);
    }
    out.printf(
        "%d passed, %d failed, %d unsupported%n",
        count(counts, Verdict.Status.PASSED),
        count(counts, Verdict.Status.FAILED),
        count(counts, Verdict.Status.UNSUPPORTED));
    return count(counts, Verdict.Status.FAILED) == 0 ? 0 : FAILED;
  }

  private static int count(Map<Verdict.Status, Integer> counts, Verdict.Status status) {
    @Nullable Integer count = counts.get(status);
    return count == null ? 0 : count;
  }
}
