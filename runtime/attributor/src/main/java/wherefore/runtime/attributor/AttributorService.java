package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Feasibility;
import wherefore.attribution.MethodDescription;
import wherefore.attribution.Monitor;
import wherefore.attribution.Need;
import wherefore.attribution.Options;
import wherefore.attribution.Profile;
import wherefore.compute.BackendInfo;
import wherefore.compute.ComputeBackend;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.tensor.Tensor;

/**
 * The service that answers requests. In OSGi it gets methods and backends as they come and go; on a
 * flat class path, made by its constructor without arguments, it has those that {@link
 * ServiceLoader} finds.
 */
@Component(
    service = Attributor.class,
    immediate = true,
    name = "wherefore.runtime.attributor",
    configurationPid = "wherefore.runtime.attributor")
public final class AttributorService implements Attributor {
  private static final Logger LOG = LoggerFactory.getLogger(AttributorService.class);
  private static final String RANKING = "service.ranking";

  private final Registry<AttributionMethod<?>> methods;
  private final Registry<Backend> backends;
  private final AtomicInteger active = new AtomicInteger();
  private volatile Settings settings;

  /** For a flat class path. */
  public AttributorService() {
    this(Map.of());
    Providers.each(AttributionMethod.class, m -> bindMethod(m, Map.of()));
    Providers.each(ComputeBackend.class, b -> bindBackend(b, Map.of(RANKING, flatRanking(b))));
  }

  /**
   * For OSGi.
   *
   * @param properties of the component
   */
  @Activate
  public AttributorService(Map<String, Object> properties) {
    this(Settings.of(properties));
  }

  AttributorService(Settings settings) {
    this.settings = settings;
    this.methods = new Registry<>("method", () -> this.settings);
    this.backends = new Registry<>("backend", () -> this.settings);
  }

  /** The definition of the operators is there to compare with, not to be fast. */
  private static int flatRanking(ComputeBackend backend) {
    return backend.info().id().equals("reference") ? -1 : 0;
  }

  @Modified
  void modified(Map<String, Object> properties) {
    settings = Settings.of(properties);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindMethod(AttributionMethod<?> method, Map<String, ?> properties) {
    methods.bind(method, method, method.id(), ranking(properties));
  }

  void unbindMethod(AttributionMethod<?> method) {
    methods.unbind(method);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindBackend(ComputeBackend backend, Map<String, ?> properties) {
    backends.bind(backend, Backend.of(backend), backend.info().id(), ranking(properties));
  }

  void unbindBackend(ComputeBackend backend) {
    backends.unbind(backend).ifPresent(b -> b.graphs().close());
  }

  static int ranking(Map<String, ?> properties) {
    return properties.get(RANKING) instanceof Integer ranking ? ranking : 0;
  }

  @Override
  public Attribution attribute(AttributionRequest request, Monitor monitor) {
    Call call = new Call(monitor, request.deadline());
    try (Lease<AttributionMethod<?>> method = method(request.method(), call)) {
      call.endsWith(method);
      return sharing(share -> attribute(request, method.service(), call, share));
    }
  }

  private <O extends Record> Attribution attribute(
      AttributionRequest request, AttributionMethod<O> method, Call call, Settings share) {
    checkNeeds(method, request.model());
    O options = Options.parse(request.method(), method.options(), request.options());
    Inputs.checkOneExample(request.model(), request.inputs());
    try (Others others = new Others(id -> also(id, call), methods::acquireAll)) {
      return running(
          request,
          call,
          (held, runner) ->
              new Explaining<>(held, method, options, runner, call, share, others).answer());
    }
  }

  /** Does some work with what a request's model runs on, held on to. */
  private <T> T running(
      AttributionRequest request, Call call, BiFunction<AttributionRequest, Runner, T> work) {
    return switch (request.model().network()) {
      case Network.White white -> {
        try (Lease<Backend> backend = backend(request.backend(), call)) {
          call.endsWith(backend);
          yield work.apply(request, new Runner.OnBackend(backend.service()));
        }
      }
      case Network.Black black -> {
        try (Network.Use use = use(request.model(), black, call)) {
          call.endsWith(use);
          Model held = request.model().with(held(use));
          yield work.apply(request.withModel(held), new Runner.OnFunction(use));
        }
      }
    };
  }

  private static Network.Use use(Model model, Network.Black black, Call call) {
    return Guard.guarded("model " + model.name(), call, () -> black.use(call));
  }

  private static Network.Black held(Network.Use use) {
    return use::predict;
  }

  private Lease<AttributionMethod<?>> also(String id, Call call) {
    Lease<AttributionMethod<?>> lease = method(id, call);
    call.endsWith(lease);
    return lease;
  }

  private Lease<AttributionMethod<?>> method(String id, Call call) {
    return methods.acquire(
        Optional.of(id),
        call,
        known ->
            new AttributionException(
                "no method is named %s; %s".formatted(id, Names.known(id, known))));
  }

  private Lease<Backend> backend(Optional<String> id, Call call) {
    return backends.acquire(
        id,
        call,
        known ->
            new AttributionException(
                id.map(i -> "no backend is named %s; %s".formatted(i, Names.known(i, known)))
                    .orElse(
                        "no backend is installed; install one, such as wherefore.backend.cpu")));
  }

  private void checkNeeds(AttributionMethod<?> method, Model model) {
    boolean isBlack = model.network() instanceof Network.Black;
    if (isBlack && method.info().needs().contains(Need.GRAPH)) {
      throw new AttributionException(
          "method %s needs a graph, and model %s is a function without one; methods that work: %s"
              .formatted(method.id(), model.name(), Names.list(graphless())));
    }
  }

  private List<String> graphless() {
    return methods().stream()
        .filter(m -> !m.info().needs().contains(Need.GRAPH))
        .map(MethodDescription::id)
        .toList();
  }

  @Override
  public Map<String, Tensor> predict(
      Model model, Map<String, Tensor> inputs, Optional<String> backend) {
    Call call = new Call(Monitor.NONE, Optional.empty());
    if (model.network() instanceof Network.Black black) {
      return predict(model, black, inputs, call);
    }
    try (Lease<Backend> lease = backend(backend, call)) {
      call.endsWith(lease);
      return Guard.guarded(
          "model " + model.name(),
          call,
          () -> sharing(share -> predict(model, inputs, lease.service(), call, share)));
    }
  }

  private static Map<String, Tensor> predict(
      Model model, Network.Black black, Map<String, Tensor> inputs, Call call) {
    try (Network.Use use = use(model, black, call)) {
      call.endsWith(use);
      Model held = model.with(held(use));
      return Guard.guarded(
          "model " + model.name(), call, () -> new Predicting(held, inputs).outputs());
    }
  }

  private static Map<String, Tensor> predict(
      Model model, Map<String, Tensor> inputs, Backend backend, Call call, Settings share) {
    Batches batches = new Batches(backend, call, share, model.isBatched());
    return new Predicting(model, inputs, batches).outputs();
  }

  @Override
  public Profile profile(
      Graph graph, Map<String, Tensor> feeds, int runs, Optional<String> backend) {
    Call call = new Call(Monitor.NONE, Optional.empty());
    try (Lease<Backend> lease = backend(backend, call)) {
      call.endsWith(lease);
      return Profiling.of(lease.service().service(), graph, feeds, runs, call);
    }
  }

  @Override
  public Feasibility check(Model model, Map<String, Tensor> inputs, Optional<String> backend) {
    Inputs.checkOneExample(model, inputs);
    Call call = new Call(Monitor.NONE, Optional.empty());
    AttributionRequest asked = AttributionRequest.of(model, inputs, "check");
    AttributionRequest request = backend.map(asked::withBackend).orElse(asked);
    List<Lease<AttributionMethod<?>>> leases = methods.acquireAll();
    try {
      return sharing(
          share ->
              running(
                  request,
                  call,
                  (held, runner) -> new Checking(held, runner, call, share).report(leases)));
    } finally {
      leases.forEach(Lease::close);
    }
  }

  /** Calls at the same time share the memory; the first ones have more of it. */
  private <T> T sharing(Function<Settings, T> work) {
    Settings all = settings;
    long share = Math.max(1, all.memory() / active.incrementAndGet());
    try {
      return work.apply(all.withMemory(share));
    } finally {
      active.decrementAndGet();
    }
  }

  @Override
  public List<MethodDescription> methods() {
    List<MethodDescription> all = new ArrayList<>();
    for (Lease<AttributionMethod<?>> lease : methods.acquireAll()) {
      try (lease) {
        AttributionMethod<?> m = lease.service();
        String version = Platform.version(m.getClass());
        all.add(
            new MethodDescription(lease.id(), version, m.info(), Options.describe(m.options())));
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("method {} can't describe itself: {}", lease.id(), e.toString());
      }
    }
    all.sort(Comparator.comparing(MethodDescription::id));
    return all;
  }

  @Override
  public List<BackendInfo> backends() {
    List<BackendInfo> all = new ArrayList<>();
    for (Lease<Backend> lease : backends.acquireAll()) {
      try (lease) {
        all.add(lease.service().service().info());
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("backend {} can't describe itself: {}", lease.id(), e.toString());
      }
    }
    return all;
  }
}
