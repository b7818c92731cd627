package wherefore.runtime.attributor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wherefore.compute.Cancellation;

/** Services found by the endings of files that they read. */
final class Extensions<S> {
  private static final Pattern NUMBERED = Pattern.compile("(.+)#\\d+");

  private static final class Absent extends RuntimeException {
    private static final long serialVersionUID = 1;

    Absent(String id) {
      super(id, null, false, false);
    }
  }

  private final Registry<S> services;
  private final Map<String, Set<String>> ids = new ConcurrentSkipListMap<>();
  private final Map<Object, Collection<String>> bound = new ConcurrentHashMap<>();

  Extensions(String kind, Supplier<Settings> settings) {
    this.services = new Registry<>(kind, settings);
  }

  /** The ending of a file's name, lower case, without the dot and without a row's number. */
  static String of(Path file) {
    String name = String.valueOf(file.getFileName());
    Matcher numbered = NUMBERED.matcher(name);
    String bare = numbered.matches() ? numbered.group(1) : name;
    return bare.substring(bare.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  void bind(S service, String id, Collection<String> extensions, int ranking) {
    services.bind(service, service, id, ranking);
    bound.put(service, List.copyOf(extensions));
    for (String extension : extensions) {
      ids.merge(extension, Set.of(id), Extensions::union);
    }
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return all;
  }

  /** Returns when nobody uses it any more. */
  void unbind(S service) {
    services.unbind(service);
    bound.remove(service);
  }

  /** The endings that are read now. */
  List<String> known() {
    return bound.values().stream().flatMap(Collection::stream).distinct().sorted().toList();
  }

  /**
   * Leases of those that read files with an ending, the highest ranking first, each to be closed;
   * waits for updates.
   */
  List<Lease<S>> acquire(String extension) {
    List<Lease<S>> leases = new ArrayList<>();
    for (String id : ids.getOrDefault(extension, Set.of())) {
      acquireId(id).ifPresent(leases::add);
    }
    leases.sort(Comparator.comparingInt((Lease<S> l) -> l.ranking()).reversed());
    return leases;
  }

  private Optional<Lease<S>> acquireId(String id) {
    try {
      return Optional.of(
          services.acquire(Optional.of(id), Cancellation.NEVER, known -> new Absent(id)));
    } catch (Absent e) {
      return Optional.empty();
    }
  }
}
