package wherefore.runtime.attributor;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import wherefore.model.BlackBox;
import wherefore.model.Input;
import wherefore.model.InputReader;
import wherefore.model.Model;
import wherefore.model.ModelCatalog;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The models in the folders of the setting {@code wherefore.models} (a path list; by default {@code
 * models} in {@code wherefore.home}), and those in any file that is named. A model dropped into a
 * folder is there, a removed one is not.
 */
@Component(
    service = ModelCatalog.class,
    immediate = true,
    name = "wherefore.runtime.catalog",
    configurationPid = "wherefore.runtime.catalog")
public final class CatalogService implements ModelCatalog {
  private static final String FOLDERS = "wherefore.models";

  private final Extensions<ModelLoader> loaders;
  private final Extensions<InputReader> readers;
  private final ModelFiles files = new ModelFiles(this::format);
  private final LoadedModels loaded;
  private final BlackBoxes boxes;
  private volatile Map<String, ?> properties;

  /** For a flat class path. */
  public CatalogService() {
    this(Map.of());
    Providers.each(ModelLoader.class, l -> bindLoader(l, Map.of()));
    Providers.each(InputReader.class, r -> bindReader(r, Map.of()));
    Providers.each(BlackBox.class, b -> bindBlackBox(b, Map.of()));
  }

  /**
   * For OSGi.
   *
   * @param properties of the component
   */
  @Activate
  public CatalogService(Map<String, Object> properties) {
    this.properties = properties;
    this.loaders = new Extensions<>("loader", () -> Settings.of(this.properties));
    this.readers = new Extensions<>("reader", () -> Settings.of(this.properties));
    this.loaded = new LoadedModels(loaders);
    this.boxes = new BlackBoxes(() -> Settings.of(this.properties));
  }

  @Modified
  void modified(Map<String, Object> changed) {
    properties = changed;
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindLoader(ModelLoader loader, Map<String, ?> service) {
    loaders.bind(loader, loader.format(), loader.extensions(), AttributorService.ranking(service));
    files.forget();
  }

  void unbindLoader(ModelLoader loader) {
    loaders.unbind(loader);
    loaded.forget(loader);
    files.forget();
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindReader(InputReader reader, Map<String, ?> service) {
    readers.bind(reader, reader.id(), reader.extensions(), AttributorService.ranking(service));
  }

  void unbindReader(InputReader reader) {
    readers.unbind(reader);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindBlackBox(BlackBox box, Map<String, ?> service) {
    boxes.bind(box, service);
  }

  void unbindBlackBox(BlackBox box) {
    boxes.unbind(box);
  }

  /** The format of a file if it is a model; nothing but the file's beginning is read. */
  private Optional<String> format(Path file) {
    List<Lease<ModelLoader>> leases = loaders.acquire(Extensions.of(file));
    try {
      return leases.stream().filter(l -> LoadedModels.accepts(l, file)).map(Lease::id).findFirst();
    } finally {
      leases.forEach(Lease::close);
    }
  }

  private List<Path> folders() {
    String list =
        Optional.<Object>ofNullable(properties.get(FOLDERS))
            .map(Object::toString)
            .or(() -> Platform.property(FOLDERS))
            .or(() -> Platform.property("wherefore.home").map(home -> home + "/models"))
            .orElse("");
    return Arrays.stream(list.split(File.pathSeparator))
        .filter(s -> !s.isBlank())
        .map(s -> Path.of(s.strip()))
        .toList();
  }

  @Override
  public List<Entry> entries() {
    List<Entry> all = new ArrayList<>(boxes.entries());
    Set<String> taken = all.stream().map(Entry::name).collect(Collectors.toSet());
    files.list(folders()).stream().map(m -> entry(m, taken)).forEach(all::add);
    all.sort(Comparator.comparing(Entry::name));
    return all;
  }

  /** A file whose name a service has goes by its place. */
  private static Entry entry(ModelFiles.Named m, Set<String> taken) {
    String file = m.path().toString();
    return new Entry(taken.contains(m.name()) ? file : m.name(), m.format(), file, m.description());
  }

  @Override
  public Model model(String nameOrFile) throws ModelException {
    Optional<Model> box = boxes.model(nameOrFile);
    if (box.isPresent()) {
      return box.get();
    }
    List<ModelFiles.Named> known = files.list(folders());
    Optional<Path> file =
        find(known, m -> m.name().equals(nameOrFile))
            .or(() -> path(nameOrFile).filter(Files::isRegularFile))
            .or(() -> find(known, m -> m.path().endsWith(nameOrFile)));
    return loaded.get(real(file.orElseThrow(() -> unknown(nameOrFile))));
  }

  private static Optional<Path> find(
      List<ModelFiles.Named> known, Predicate<ModelFiles.Named> wanted) {
    return known.stream().filter(wanted).map(ModelFiles.Named::path).findFirst();
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private ModelException unknown(String asked) {
    List<String> names = entries().stream().map(Entry::name).toList();
    return new ModelException(
        "no model is named %s and no such file exists; known models: %s"
            .formatted(asked, Names.list(names)));
  }

  private static Path real(Path file) throws ModelException {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e, e);
    }
  }

  @Override
  public Input input(Model model, String file) throws ModelException {
    Path path = readable(model, file);
    Input input = reading(path, reader -> reader.read(path, model.inputs(), model.card()));
    requireFit(path, model.inputs().get(0), input.value());
    return input;
  }

  @Override
  public Tensor examples(Model model, String path) throws ModelException {
    Path data = readable(model, path);
    Port port = model.inputs().get(0);
    List<Tensor> examples = new ArrayList<>();
    for (Path file : files(data)) {
      Tensor read = reading(file, reader -> reader.examples(file, port, model.card()));
      requireFit(file, port, read.rows(0, 1));
      requireAlike(file, read, examples.isEmpty() ? read : examples.get(0));
      examples.add(read);
    }
    return joined(data, examples);
  }

  private static void requireAlike(Path file, Tensor read, Tensor first) throws ModelException {
    Shape shape = read.shape().with(0, 1);
    if (!shape.equals(first.shape().with(0, 1))) {
      throw new ModelException(
          "%s: an example is %s, those of the files before it are %s; a data set's are all alike"
              .formatted(file, shape, first.shape().with(0, 1)));
    }
  }

  private static Tensor joined(Path data, List<Tensor> examples) throws ModelException {
    try {
      return Tensor.concatRows(examples);
    } catch (ArithmeticException e) {
      throw new ModelException(data + ": is too large; a data set may have 2 GiB of numbers", e);
    }
  }

  private static Path readable(Model model, String file) throws ModelException {
    Path path =
        path(file).orElseThrow(() -> new ModelException(file + ": is not the name of a file"));
    if (model.inputs().isEmpty()) {
      throw new ModelException("model " + model.name() + " has no input; " + file + " can't go in");
    }
    return path;
  }

  private static List<Path> files(Path path) throws ModelException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> all;
    try (Stream<Path> files = Files.list(path)) {
      all = files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new ModelException(path + ": can't be read: " + e.getMessage(), e);
    }
    if (all.isEmpty()) {
      throw new ModelException(path + ": is a folder without files");
    }
    return all;
  }

  /** What a reader makes of a file. */
  private interface Reading<T> {
    T by(InputReader reader) throws ModelException;
  }

  private <T> T reading(Path path, Reading<T> reading) throws ModelException {
    List<Lease<InputReader>> leases = readers.acquire(Extensions.of(path));
    try {
      return reading.by(reader(path, leases));
    } catch (RuntimeException | LinkageError e) {
      throw new ModelException(path + ": can't be read: " + e, e);
    } finally {
      leases.forEach(Lease::close);
    }
  }

  private InputReader reader(Path path, List<Lease<InputReader>> leases) throws ModelException {
    if (leases.isEmpty()) {
      throw new ModelException(
          Files.exists(path)
              ? "%s: no reader knows .%s files; known: %s"
                  .formatted(
                      path, Extensions.of(path), Names.list(LoadedModels.dotted(readers.known())))
              : path + ": there is no such file");
    }
    return leases.get(0).service();
  }

  private static void requireFit(Path path, Port port, Tensor value) throws ModelException {
    boolean sameKind =
        value.type() == port.element() || value.type().isFloating() && port.element().isFloating();
    if (!sameKind || !port.accepts(value.shape())) {
      throw new ModelException(
          "%s: is %s%s; the model expects its input %s"
              .formatted(path, value.type().symbol(), value.shape(), port));
    }
  }
}
