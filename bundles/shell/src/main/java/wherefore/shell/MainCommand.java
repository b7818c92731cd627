package wherefore.shell;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Runs the one command that the process was started for, on the main thread.
 *
 * <p>The framework property {@value #COMMAND} is a text that the shell parses; {@value #ARGUMENTS}
 * is a verb of the scope {@value #SCOPE} and its arguments, joined by U+0000, which reach the
 * command as they are. The value is the exit code: 0 done, 1 failed, 2 wrong use, 127 no such
 * command, or what the command itself told the shell.
 */
@Component(service = Callable.class, property = "main.thread:Boolean=true")
public final class MainCommand implements Callable<Integer> {
  static final String COMMAND = "wherefore.command";
  static final String ARGUMENTS = "wherefore.argv";
  static final String SCOPE = "why";

  private final CommandProcessor processor;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final @Nullable String command;
  private final @Nullable String arguments;
  private volatile int error;

  /**
   * @param context where the framework's properties are
   * @param processor the shell
   * @param commands are there before the first one is asked for
   */
  @Activate
  public MainCommand(
      BundleContext context,
      @Reference CommandProcessor processor,
      @Reference WhyCommands commands) {
    this(
        processor,
        context.getProperty(COMMAND),
        context.getProperty(ARGUMENTS),
        new FileInputStream(FileDescriptor.in),
        new PrintStream(new FileOutputStream(FileDescriptor.out), true),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true));
  }

  /** The streams are the process' own: Gogo's, in System, would write into themselves. */
  MainCommand(
      CommandProcessor processor,
      @Nullable String command,
      @Nullable String arguments,
      InputStream in,
      PrintStream out,
      PrintStream err) {
    this.processor = processor;
    this.in = in;
    this.out = out;
    this.err = err;
    this.command = command;
    this.arguments = arguments;
  }

  @Override
  public Integer call() {
    CommandSession session = processor.createSession(in, out, err);
    session.put(CommandSession.OPTION_NO_GLOB, true);
    session.setJobListener((job, previous, current) -> note(job, current));
    try {
      print(session, session.execute(text(session)));
      return error;
    } catch (Exception e) {
      Failure failure = Failures.ofShell(e);
      err.println(failure);
      return failure.exitCode();
    } finally {
      out.flush();
      session.close();
    }
  }

  /** What a command tells the shell beside its value. */
  private void note(Job job, Job.Status status) {
    Result result = job.result();
    if (status == Job.Status.Done && result != null) {
      error = result.error();
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
    String verb = words.get(0);
    Set<String> known = verbs(session);
    if (!known.contains(verb)) {
      throw new Failure(
          Failure.NOT_FOUND,
          "no command '%s'; known: %s".formatted(verb, String.join(", ", known)));
    }
    IntStream.range(1, words.size()).forEach(i -> session.put(variable(i), words.get(i)));
    return IntStream.range(1, words.size())
        .mapToObj(i -> " $" + variable(i))
        .collect(Collectors.joining("", SCOPE + ":" + verb, ""));
  }

  private static Set<String> verbs(CommandSession session) {
    Set<String> verbs = new TreeSet<>();
    if (session.get(".commands") instanceof Set<?> names) {
      names.stream()
          .map(String::valueOf)
          .filter(n -> n.startsWith(SCOPE + ":"))
          .forEach(n -> verbs.add(n.substring(SCOPE.length() + 1)));
    }
    verbs.removeAll(Set.of("candidates", "completion", "filenames"));
    return verbs;
  }

  private static String variable(int i) {
    return "wherefore_argument_" + i;
  }

  private void print(CommandSession session, @Nullable Object result) {
    if (result != null) {
      out.println(session.format(result, Converter.INSPECT));
    }
  }
}
