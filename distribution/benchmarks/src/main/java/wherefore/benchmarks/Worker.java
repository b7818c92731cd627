package wherefore.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One side in a process of its own: prepares a trial, then does what the lines of its standard
 * input say. An answer is a line that begins with {@link #MARK}; whatever else a library prints is
 * not for the parent.
 */
public final class Worker {
  /** What answers begin with. */
  static final String MARK = "@wherefore ";

  static final String WARM = "warm";
  static final String ROUND = "round";
  static final String ANSWER = "answer";
  static final String DETAIL = "detail";
  static final String FLOPS = "flops";
  static final String MEMORY = "memory";
  static final String PROFILE = "profile";

  private static final double SECOND = 1e9;

  private final Trial trial;
  private final PrintStream answers;

  private Worker(Trial trial, PrintStream answers) {
    this.trial = trial;
    this.answers = answers;
  }

  /** Arguments: case, side, model, batch. */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    PrintStream answers = System.out;
    System.setOut(System.err);
    Load load = new Load(args[2], Integer.parseInt(args[3]));
    try (Trial trial = Cases.named(args[0]).prepare(Side.of(args[1]), load)) {
      System.gc(); // the weights that the model was made of
      new Worker(trial, answers).serve();
    }
    System.exit(0); // some libraries leave threads behind
  }

  private void serve() throws IOException {
    answer("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int space = (line + " ").indexOf(' ');
      answer(done(line.substring(0, space), line.substring(space).strip()));
    }
  }

  private void answer(String text) {
    answers.println(MARK + text);
    answers.flush();
  }

  private String done(String command, String argument) throws IOException {
    return switch (command) {
      case WARM -> warm(Double.parseDouble(argument));
      case ROUND -> Long.toString(time(Integer.parseInt(argument)));
      case ANSWER -> written(trial.answer(), Path.of(argument));
      case DETAIL -> trial.detail();
      case FLOPS -> Double.toString(trial.flops());
      case PROFILE -> Files.writeString(Path.of(argument), trial.profile()).toString();
      case MEMORY -> Long.toString(Memory.peakBytes());
      default -> throw new IllegalArgumentException("no command is named " + command);
    };
  }

  /**
   * Runs for so many seconds, at least once; the time of the last calls, in nanoseconds each. The
   * answer that was asked for before has warmed up what takes longer than that.
   */
  private String warm(double seconds) {
    long end = System.nanoTime() + (long) (seconds * SECOND);
    int calls = 1;
    long each;
    do {
      each = time(calls) / calls;
      calls = Math.min(2 * calls, 1 << 12);
    } while (System.nanoTime() < end);
    return Long.toString(each);
  }

  /** The time of so many calls, in nanoseconds. */
  private long time(int calls) {
    long before = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      trial.run();
    }
    return System.nanoTime() - before;
  }

  private static String written(float[] values, Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
    return Integer.toString(values.length);
  }
}
