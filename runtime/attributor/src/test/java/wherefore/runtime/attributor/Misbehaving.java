package wherefore.runtime.attributor;

import java.util.Map;
import java.util.Set;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Options;

/** Methods that do what methods should not. */
public final class Misbehaving {
  private Misbehaving() {}

  abstract static class Base implements AttributionMethod<Options.None> {
    private final String id;
    private final Need need;

    Base(String id, Need need) {
      this.id = id;
      this.need = need;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Class<Options.None> options() {
      return Options.None.class;
    }

    @Override
    public MethodInfo info() {
      return new MethodInfo("?", Set.of(need), "F", "none");
    }
  }

  /** Fails. */
  public static final class Boom extends Base {
    /** Without state. */
    public Boom() {
      super("boom", Need.GRAPH);
    }

    @Override
    public Attribution attribute(AttributionRequest r, Options.None o, Evaluator e) {
      throw new IllegalStateException("boom");
    }
  }

  /** Evaluates the function until it is stopped. */
  public static final class Spin extends Base {
    /** Without state. */
    public Spin() {
      super("spin", Need.GRAPH);
    }

    @Override
    public Attribution attribute(AttributionRequest r, Options.None o, Evaluator e) {
      while (true) {
        e.map(e.subject().forward(), e.subject().atInput());
      }
    }
  }

  /** Needs no graph, and answers with nothing. */
  public static final class ForwardOnly extends Base {
    /** Without state. */
    public ForwardOnly() {
      super("forward-only", Need.FORWARD);
    }

    @Override
    public Attribution attribute(AttributionRequest r, Options.None o, Evaluator e) {
      return Attribution.of(Map.of());
    }
  }
}
