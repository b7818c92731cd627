package wherefore.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The parent's end of a {@link Worker}. */
final class WorkerProcess implements AutoCloseable {
  private static final double MILLI = 1e6;

  /** As {@code bin/wherefore} starts it for what computes. */
  private static final List<String> OURS = List.of("-XX:+UseParallelGC", "-XX:MaxRAMPercentage=60");

  /** A heap that is out of the way: the peers' tensors are outside of it. */
  private static final List<String> PEERS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx4g",
          "-Dorg.bytedeco.javacpp.maxBytes=0",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");

  private static final List<String> ALL =
      List.of(
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** A side ended without an answer. */
  static final class EndedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient WorkerProcess worker;

    private EndedException(WorkerProcess worker) {
      super(worker.name + " ended without an answer; what it said is above");
      this.worker = worker;
    }

    boolean isOf(WorkerProcess other) {
      return worker == other;
    }
  }

  private final String name;
  private final Process process;
  private final BufferedReader in;
  private final PrintWriter out;

  private WorkerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.in = process.inputReader(StandardCharsets.UTF_8);
    this.out = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
  }

  /** Starts one, and waits until it is prepared. */
  static WorkerProcess start(String testCase, Side side, Load load, Options options)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(ALL);
    command.addAll(side == Side.WHEREFORE ? OURS : PEERS);
    options.properties().forEach((k, v) -> command.add("-D" + k + "=" + v));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
    command.addAll(List.of(testCase, side.label(), load.model(), Integer.toString(load.batch())));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.putAll(side.environment());
    if (side != Side.WHEREFORE) {
      environment.putAll(options.peerEnvironment());
    }
    WorkerProcess worker = new WorkerProcess(testCase + " on " + side.label(), builder.start());
    worker.answer();
    return worker;
  }

  private String ask(String command) throws IOException {
    out.println(command);
    return answer();
  }

  private String answer() throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith(Worker.MARK)) {
        return line.substring(Worker.MARK.length());
      }
      System.err.println(line);
    }
    throw new EndedException(this);
  }

  /** Runs for so many seconds; the time of a call in ms. */
  double warm(double seconds) throws IOException {
    return Long.parseLong(ask(Worker.WARM + " " + seconds)) / MILLI;
  }

  /** The mean time of so many calls, in ms. */
  double round(int calls) throws IOException {
    return Long.parseLong(ask(Worker.ROUND + " " + calls)) / MILLI / calls;
  }

  float[] values() throws IOException {
    Path file = Files.createTempFile("wherefore-benchmark", ".f32");
    try {
      float[] values = new float[Integer.parseInt(ask(Worker.ANSWER + " " + file))];
      ByteBuffer.wrap(Files.readAllBytes(file))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
      return values;
    } finally {
      Files.delete(file);
    }
  }

  String detail() throws IOException {
    return ask(Worker.DETAIL);
  }

  double flops() throws IOException {
    return Double.parseDouble(ask(Worker.FLOPS));
  }

  void profile(Path file) throws IOException {
    ask(Worker.PROFILE + " " + file.toAbsolutePath());
  }

  long peakBytes() throws IOException {
    return Long.parseLong(ask(Worker.MEMORY));
  }

  /** Its standard input ends, and so does it. */
  @Override
  public void close() throws IOException {
    out.close();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}
