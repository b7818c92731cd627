package wherefore.runtime.launcher;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The process: reads the command line, runs the task, exits. */
public final class Main {
  /** Who presses Ctrl-C does not wait for a clean end of what was running. */
  private static final long INTERRUPTED_MILLIS = 2_000;

  private static @Nullable Home home;

  private Main() {}

  /**
   * Runs and ends the process. Exit codes: the command's own (0 done, 1 failed, 127 no such
   * command), 2 a command line or machine that the launcher can do nothing with.
   */
  public static void main(String[] arguments) {
    int code = LaunchException.FAILURE;
    try {
      code = run(List.of(arguments));
    } catch (LaunchException e) {
      print(e.getMessage());
      code = e.exitCode();
    } catch (Throwable e) { // Whatever it is: the framework's threads would keep the process alive.
      report(e);
    } finally {
      System.out.flush();
      System.exit(code);
    }
  }

  private static int run(List<String> arguments) throws Exception {
    Task task = Task.of(arguments);
    if (task instanceof Task.Help) {
      System.out.println(Task.USAGE);
      return 0;
    }
    Home found = Home.locate();
    home = found;
    Logging.start(found);
    try (Launcher launcher = Launcher.start(found, task, Main::print)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(launcher), "stop"));
      return launcher.run(task);
    }
  }

  private static void close(Launcher launcher) {
    try {
      launcher.close(INTERRUPTED_MILLIS);
    } catch (Exception e) {
      report(e);
    }
  }

  private static void report(Throwable failure) {
    Home found = home;
    LoggerFactory.getLogger(Main.class).error("failed", failure);
    print(OneLine.of(failure) + (found == null ? "" : " (log: " + Logging.file(found) + ")"));
  }

  private static void print(@Nullable String line) {
    System.err.println("wherefore: " + line);
  }
}
