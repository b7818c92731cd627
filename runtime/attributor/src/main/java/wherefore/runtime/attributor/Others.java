package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.Need;
import wherefore.attribution.Options;
import wherefore.attribution.PointwiseMethod;
import wherefore.attribution.Program;
import wherefore.attribution.Subject;

/** Methods that another method asks: they are held until the call ends. */
final class Others implements AutoCloseable {
  private final Function<String, Lease<AttributionMethod<?>>> find;
  private final Supplier<List<Lease<AttributionMethod<?>>>> all;
  private final List<Lease<AttributionMethod<?>>> held = new ArrayList<>();

  /**
   * @param find leases a method by its id, or refuses
   * @param all leases every method there is
   */
  Others(
      Function<String, Lease<AttributionMethod<?>>> find,
      Supplier<List<Lease<AttributionMethod<?>>>> all) {
    this.find = find;
    this.all = all;
  }

  /** The program of a method for a subject. */
  Program program(String id, Map<String, String> options, Subject subject) {
    Lease<AttributionMethod<?>> lease = find.apply(id);
    held.add(lease);
    AttributionMethod<?> method = lease.service();
    if (!(method instanceof PointwiseMethod<?> pointwise)) {
      throw new AttributionException(
          "method %s is no program that runs at a point; such are: %s"
              .formatted(id, Names.list(pointwise())));
    }
    if (method.info().needs().contains(Need.BASELINE)) {
      throw new AttributionException(
          "method %s compares with a baseline, and can't be asked from another method"
              .formatted(id));
    }
    return program(pointwise, options, subject);
  }

  private static <O extends Record> Program program(
      PointwiseMethod<O> method, Map<String, String> options, Subject subject) {
    return method.program(subject, Options.parse(method.id(), method.options(), options));
  }

  private List<String> pointwise() {
    List<String> ids = new ArrayList<>();
    for (Lease<AttributionMethod<?>> lease : all.get()) {
      try (lease) {
        if (lease.service() instanceof PointwiseMethod<?>) {
          ids.add(lease.id());
        }
      }
    }
    return ids.stream().sorted().toList();
  }

  @Override
  public void close() {
    held.forEach(Lease::close);
  }
}
