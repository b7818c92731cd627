package wherefore.runtime.attributor;

import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wherefore.model.Model;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;

/**
 * Models that were loaded, as long as there is memory and their files stay as they are. Whoever
 * asks while a model is being loaded waits for it.
 */
final class LoadedModels {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);

  private record Loaded(Stamp stamp, ModelLoader loader, SoftReference<Model> model) {}

  private final class Slot {
    private @Nullable Loaded loaded;

    synchronized Model get(Path file) throws ModelException {
      Stamp stamp = Stamp.of(file);
      Loaded known = loaded;
      Model model = known != null && known.stamp().equals(stamp) ? known.model().get() : null;
      return model != null ? model : load(file, stamp);
    }

    private Model load(Path file, Stamp stamp) throws ModelException {
      List<Lease<ModelLoader>> leases = loaders.acquire(Extensions.of(file));
      try {
        Card card = Card.of(file);
        Read read = read(file, card, choose(file, leases));
        Model model = card.complete(read.model());
        loaded = new Loaded(stamp, read.loader(), new SoftReference<>(model));
        return model;
      } catch (RuntimeException | LinkageError e) {
        throw new ModelException(file + ": can't be loaded: " + e, e);
      } finally {
        leases.forEach(Lease::close);
      }
    }

    synchronized void forget(ModelLoader loader) {
      if (loaded != null && loaded.loader() == loader) {
        loaded = null;
      }
    }
  }

  private final Extensions<ModelLoader> loaders;
  private final Map<Path, Slot> slots = new ConcurrentHashMap<>();

  LoadedModels(Extensions<ModelLoader> loaders) {
    this.loaders = loaders;
  }

  private record Read(ModelLoader loader, Model model) {}

  /** By the first that does not refuse it; if all do, the first one's reason is the reason. */
  private static Read read(Path file, Card card, List<ModelLoader> loaders) throws ModelException {
    try {
      ModelLoader loader = loaders.get(0);
      return new Read(loader, loader.load(file, card.model()));
    } catch (ModelException e) {
      if (loaders.size() == 1) {
        throw e;
      }
      try {
        Read read = read(file, card, loaders.subList(1, loaders.size()));
        LOG.info("{} is read by {}, since: {}", file, read.loader().format(), e.getMessage());
        return read;
      } catch (ModelException other) {
        e.addSuppressed(other);
        throw e;
      }
    }
  }

  /** Those that know the file; where none does but there is only one, it says what is wrong. */
  private List<ModelLoader> choose(Path file, List<Lease<ModelLoader>> leases)
      throws ModelException {
    if (leases.isEmpty()) {
      throw new ModelException(
          "%s: no loader reads .%s files; known: %s"
              .formatted(file, Extensions.of(file), Names.list(dotted(loaders.known()))));
    }
    List<ModelLoader> able =
        leases.stream()
            .filter(lease -> leases.size() == 1 || accepts(lease, file))
            .map(Lease::service)
            .toList();
    if (!able.isEmpty()) {
      return able;
    }
    throw new ModelException(
        "%s: is none of the .%s formats that can be read: %s"
            .formatted(
                file,
                Extensions.of(file),
                String.join(", ", leases.stream().map(Lease::id).toList())));
  }

  /** A file that a loader stumbles over is not one of its own. */
  static boolean accepts(Lease<ModelLoader> lease, Path file) {
    try {
      return lease.service().accepts(file);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("loader {} can't look into {}: {}", lease.id(), file, e.toString());
      return false;
    }
  }

  static List<String> dotted(List<String> extensions) {
    return extensions.stream().map(e -> "." + e).toList();
  }

  /**
   * The model in a file.
   *
   * @param file a real path
   */
  Model get(Path file) throws ModelException {
    return Objects.requireNonNull(slots.computeIfAbsent(file, f -> new Slot())).get(file);
  }

  /** Drops the models that a loader made: its classes are going. */
  void forget(ModelLoader loader) {
    slots.values().forEach(slot -> slot.forget(loader));
  }
}
