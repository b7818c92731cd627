package wherefore.shell;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import wherefore.attribution.Attributor;
import wherefore.attribution.ExplanationFormat;
import wherefore.attribution.MethodDescription;
import wherefore.compute.BackendInfo;
import wherefore.model.ModelCatalog;
import wherefore.model.ModelExporter;
import wherefore.render.Renderer;

/** The commands as Gogo finds them: a method for each, of its name. */
@Component(
    service = WhyCommands.class,
    property = {
      "osgi.command.scope=why",
      "osgi.command.function=models",
      "osgi.command.function=methods",
      "osgi.command.function=backends",
      "osgi.command.function=layers",
      "osgi.command.function=plan",
      "osgi.command.function=check",
      "osgi.command.function=predict",
      "osgi.command.function=intervene",
      "osgi.command.function=traverse",
      "osgi.command.function=explain",
      "osgi.command.function=render",
      "osgi.command.function=replay",
      "osgi.command.function=export",
      "osgi.command.function=candidates",
      "osgi.command.function=filenames",
      "osgi.command.function=completion"
    })
public final class WhyCommands {
  private static final String WORDS = "arguments and options; --help lists them";

  private final Attributor attributor;
  private final ModelCatalog models;

  @Reference(policy = ReferencePolicy.DYNAMIC)
  volatile List<Renderer> renderers = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC)
  volatile List<ModelExporter> exporters = List.of();

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable ExplanationFormat documents;

  /**
   * @param attributor answers requests
   * @param models finds models and reads inputs
   */
  @Activate
  public WhyCommands(@Reference Attributor attributor, @Reference ModelCatalog models) {
    this.attributor = attributor;
    this.models = models;
  }

  /** The models that can be asked by name. */
  @Descriptor("lists the models that can be asked by name")
  public @Nullable Object models(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("models", session, words);
  }

  /** The methods that are there. */
  @Descriptor("lists the attribution methods with options, needs and cost")
  public @Nullable Object methods(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("methods", session, words);
  }

  /** The backends that are there. */
  @Descriptor("lists what models can run on")
  public @Nullable Object backends(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("backends", session, words);
  }

  /** A model's layers. */
  @Descriptor("lists a model's layers")
  public @Nullable Object layers(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("layers", session, words);
  }

  /** A model's plan on a backend. */
  @Descriptor("shows the steps in which a backend runs a model, with their times")
  public @Nullable Object plan(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("plan", session, words);
  }

  /** What can be asked of a model, and what it costs. */
  @Descriptor("says which methods work on a model, and what they cost")
  public @Nullable Object check(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("check", session, words);
  }

  /** A model's outputs for an input. */
  @Descriptor("says what a model makes of an input")
  public @Nullable Object predict(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("predict", session, words);
  }

  /** A model's outputs when something within it is set. */
  @Descriptor("sets something within a model, and shows what becomes of its output")
  public @Nullable Object intervene(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("intervene", session, words);
  }

  /** A model's outputs along an axis within it. */
  @Descriptor("sweeps an axis within a model, and shows what becomes of its output")
  public @Nullable Object traverse(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("traverse", session, words);
  }

  /** The explanation of a prediction. */
  @Descriptor("explains what a model makes of an input")
  public @Nullable Object explain(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("explain", session, words);
  }

  /** A kept explanation, drawn. */
  @Descriptor("draws a kept explanation again")
  public @Nullable Object render(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("render", session, words);
  }

  /** A kept explanation, computed again. */
  @Descriptor("computes a kept explanation again and compares bit for bit")
  public @Nullable Object replay(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("replay", session, words);
  }

  /** A model in another format. */
  @Descriptor("writes a loaded model in another format")
  public @Nullable Object export(CommandSession session, @Descriptor(WORDS) Object[] words) {
    return run("export", session, words);
  }

  /** What a word of a command line may become. */
  @Descriptor("lists what the word of a command line may become; for completion")
  public List<String> candidates(
      CommandSession session,
      @Descriptor("the line's words") List<Object> words,
      @Descriptor("the number of the word") int index) {
    return new Completion(desk(session)).candidates(text(words.toArray()), index);
  }

  /** Whether a word of a command line may name a file. */
  @Descriptor("says whether the word of a command line may name a file; for completion")
  public boolean filenames(
      CommandSession session,
      @Descriptor("the line's words") List<Object> words,
      @Descriptor("the number of the word") int index) {
    return new Completion(desk(session)).takesFile(text(words.toArray()), index);
  }

  /** Teaches an interactive shell to complete the commands' arguments. */
  @Descriptor("makes an interactive shell complete the arguments of these commands")
  public void completion(CommandSession session) throws Exception {
    for (String line : Completion.script()) {
      session.execute(line);
    }
  }

  private @Nullable Object run(String name, CommandSession session, Object[] words) {
    return Commands.named(name).orElseThrow().run(text(words), desk(session));
  }

  private Desk desk(CommandSession session) {
    Path directory = session.currentDir();
    return new Desk(
        attributor, models, renderers, exporters, Optional.ofNullable(documents), directory);
  }

  /** Objects that other commands returned stand for what they are called by. */
  static List<String> text(Object[] words) {
    return Arrays.stream(words).filter(Objects::nonNull).map(WhyCommands::text).toList();
  }

  private static String text(Object word) {
    return switch (word) {
      case ModelCatalog.Entry e -> e.format().equals("function") ? e.name() : e.file();
      case MethodDescription m -> m.id();
      case BackendInfo b -> b.id();
      case LookUps.Layer l -> l.name();
      default -> word.toString();
    };
  }
}
