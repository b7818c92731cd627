package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wherefore.compute.Cancellation;
import wherefore.model.BlackBox;
import wherefore.model.Model;
import wherefore.model.ModelCatalog;
import wherefore.model.ModelException;
import wherefore.model.Network;
import wherefore.tensor.Tensor;

/** The black boxes that are there now, as models. Each request leases the one it asks. */
final class BlackBoxes {
  private static final Logger LOG = LoggerFactory.getLogger(BlackBoxes.class);

  /** What stands in the place of a model file's format. */
  static final String FORMAT = "function";

  private record Known(BlackBox box, Platform.Origin origin) {}

  private static final class Absent extends RuntimeException {
    private static final long serialVersionUID = 1;

    Absent(String name) {
      super(name, null, false, false);
    }
  }

  private final Registry<Known> boxes;

  BlackBoxes(Supplier<Settings> settings) {
    this.boxes = new Registry<>("model", settings);
  }

  void bind(BlackBox box, Map<String, ?> service) {
    Known known = new Known(box, Platform.origin(box.getClass(), service));
    boxes.bind(box, known, box.name(), AttributorService.ranking(service));
  }

  /** Returns when nobody uses it any more. */
  void unbind(BlackBox box) {
    boxes.unbind(box);
  }

  List<ModelCatalog.Entry> entries() {
    List<ModelCatalog.Entry> all = new ArrayList<>();
    for (Lease<Known> lease : boxes.acquireAll()) {
      try (lease) {
        all.add(entry(lease.id(), lease.service()));
      }
    }
    all.sort(Comparator.comparing(ModelCatalog.Entry::name));
    return all;
  }

  private static ModelCatalog.Entry entry(String name, Known known) {
    String description;
    try {
      description = card(name, known.box()).model().description();
    } catch (ModelException | RuntimeException | LinkageError e) {
      LOG.warn("the card of {} can't be read: {}", name, e.toString());
      description = "its card can't be read: " + e.getMessage();
    }
    return new ModelCatalog.Entry(name, FORMAT, known.origin().toString(), description);
  }

  private static Card card(String name, BlackBox box) throws ModelException {
    String text = box.card();
    return text.isBlank() ? Card.NONE : Card.parse("the card of " + name, Optional.empty(), text);
  }

  /** The model of a name, if there is one; waits for one that is being updated. */
  Optional<Model> model(String name) throws ModelException {
    try (Lease<Known> lease = acquire(name, Cancellation.NEVER)) {
      return Optional.of(model(name, lease.service()));
    } catch (Absent e) {
      return Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      throw new ModelException(
          "model " + name + ": can't be asked for its inputs and outputs: " + e, e);
    }
  }

  private Model model(String name, Known known) throws ModelException {
    BlackBox box = known.box();
    Card card = card(name, box);
    Model bare =
        new Model(
            name,
            FORMAT,
            Digests.sha256(name),
            known.origin().toString(),
            card.model(),
            List.of(box.input()),
            List.of(box.output()),
            new Leased(name));
    return card.complete(bare);
  }

  private Lease<Known> acquire(String name, Cancellation waiting) {
    return boxes.acquire(Optional.of(name), waiting, known -> new Absent(name));
  }

  /** The service that bears a name at the time of a request. */
  private final class Leased implements Network.Black {
    private final String name;

    Leased(String name) {
      this.name = name;
    }

    @Override
    public Map<String, Tensor> predict(Map<String, Tensor> inputs) {
      try (Network.Use use = use(Cancellation.NEVER)) {
        return use.predict(inputs);
      }
    }

    @Override
    public Network.Use use(Cancellation waiting) {
      try {
        return new Held(acquire(name, waiting));
      } catch (Absent e) {
        throw new IllegalArgumentException(
            "the service %s is not there any more; models that are: %s"
                .formatted(
                    name, Names.list(entries().stream().map(ModelCatalog.Entry::name).toList())),
            e);
      }
    }
  }

  private record Held(Lease<Known> lease) implements Network.Use {
    @Override
    public Map<String, Tensor> predict(Map<String, Tensor> inputs) {
      BlackBox box = lease.service().box();
      Tensor input = inputs.get(box.input().name());
      if (input == null) {
        throw new IllegalArgumentException(
            "needs its input %s; given: %s".formatted(box.input(), Names.list(inputs.keySet())));
      }
      return Map.of(box.output().name(), checked(box, input, box.predict(input)));
    }

    private static Tensor checked(BlackBox box, Tensor input, Tensor output) {
      boolean sameKind =
          output.type() == box.output().element()
              || output.type().isFloating() && box.output().element().isFloating();
      boolean fits =
          sameKind
              && box.output().accepts(output.shape())
              && output.shape().dim(0) == input.shape().dim(0);
      if (!fits) {
        throw new IllegalArgumentException(
            "answers %d examples with %s%s; it says of itself that it yields %s, a row an example"
                .formatted(
                    input.shape().dim(0), output.type().symbol(), output.shape(), box.output()));
      }
      return output.to(box.output().element());
    }

    @Override
    public String version() {
      return lease.service().origin().toString();
    }

    @Override
    public void check() {
      lease.check();
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}
