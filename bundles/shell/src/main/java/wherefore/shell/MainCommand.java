package wherefore.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the one command that the process was started for, on the main thread.
 *
 * <p>The framework property {@value #COMMAND} is a text that the shell parses; {@value #ARGUMENTS}
 * is a verb of the scope {@value #SCOPE} and its arguments, joined by U+0000, which reach the
 * command as they are. The value is the exit code: 0 done, 1 failed, 127 no such command.
 */
@Component(service = Callable.class, property = "main.thread:Boolean=true")
public final class MainCommand implements Callable<Integer> {
  static final String COMMAND = "wherefore.command";
  static final String ARGUMENTS = "wherefore.argv";
  static final String SCOPE = "why";

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int NOT_FOUND = 127;
  private static final Logger LOG = LoggerFactory.getLogger(MainCommand.class);

  private final CommandProcessor processor;
  private final @Nullable String command;
  private final @Nullable String arguments;

  /**
   * @param context where the framework's properties are
   * @param processor the shell
   */
  @Activate
  public MainCommand(BundleContext context, @Reference CommandProcessor processor) {
    this.processor = processor;
    command = context.getProperty(COMMAND);
    arguments = context.getProperty(ARGUMENTS);
  }

  @Override
  public Integer call() {
    CommandSession session = processor.createSession(System.in, System.out, System.err);
    try {
      print(session, session.execute(text(session)));
      return DONE;
    } catch (Exception e) {
      return report(e);
    } finally {
      System.out.flush();
      session.close();
    }
  }

  private String text(CommandSession session) {
    if (command != null) {
      return command;
    }
    if (arguments == null) {
      throw new IllegalStateException(
          "neither of the framework properties " + COMMAND + " and " + ARGUMENTS + " is set");
    }
    return text(session, List.of(arguments.split("\0", -1)));
  }

  /** Arguments travel as variables, so that the shell's parser never sees what is in them. */
  private static String text(CommandSession session, List<String> words) {
    IntStream.range(1, words.size()).forEach(i -> session.put(variable(i), words.get(i)));
    return IntStream.range(1, words.size())
        .mapToObj(i -> " $" + variable(i))
        .collect(Collectors.joining("", SCOPE + ":" + words.get(0), ""));
  }

  private static String variable(int i) {
    return "wherefore_argument_" + i;
  }

  private static void print(CommandSession session, @Nullable Object result) {
    if (result != null) {
      PrintStream out = session.getConsole();
      out.println(session.format(result, Converter.INSPECT));
    }
  }

  private static int report(Exception failure) {
    if (isUnknownCommand(failure)) {
      System.err.println("wherefore: " + failure.getMessage());
      return NOT_FOUND;
    }
    LOG.error("command failed", failure);
    System.err.println("wherefore: " + oneLine(failure));
    return FAILED;
  }

  /** Gogo does not export this class, so a bundle that named it would resolve nowhere else. */
  private static boolean isUnknownCommand(Exception failure) {
    return failure.getClass().getSimpleName().equals("CommandNotFoundException");
  }

  private static String oneLine(Exception failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
