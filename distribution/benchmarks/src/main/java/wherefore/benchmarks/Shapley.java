package wherefore.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.ours.AttributionTrial;
import wherefore.benchmarks.torch.TorchCoalitions;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** Exact Shapley values of sixteen players: 2^16 coalitions. */
final class Shapley implements Case {
  private static final int PLAYERS = 16;
  private static final int CHUNK = 1 << 13;

  @Override
  public String name() {
    return "shapley";
  }

  @Override
  public String description() {
    return "exact Shapley values of 16 players, 2^16 coalitions; the peer takes 8192 at a time";
  }

  @Override
  public List<Load> loads() {
    return List.of(new Load(Zoo.MLP, 1));
  }

  @Override
  public List<Side> peers(Load load) {
    return List.of(Side.LIBTORCH, Side.LIBTORCH_TUNED);
  }

  @Override
  public double tolerance() {
    return 1e-3;
  }

  @Override
  public Trial prepare(Side side, Load load) {
    Model model = Zoo.model(load.model());
    Tensor x = Zoo.input(load);
    int features = x.size();
    int together = features - PLAYERS + 1;
    return switch (side) {
      case WHEREFORE ->
          AttributionTrial.ofPlayers(
              model,
              x,
              Map.of("algorithm", "exact", "players", "groups(0-" + (together - 1) + ")"),
              owners(features, together));
      case LIBTORCH, LIBTORCH_TUNED ->
          new TorchCoalitions(
              Zoo.graph(model, CHUNK),
              x,
              owners(features, together),
              PLAYERS,
              Zoo.TARGET,
              Peers.order(side));
      case LIBTORCH_CHANNELS_LAST, ONNXRUNTIME, OPENBLAS -> throw Peers.unable(this, side);
    };
  }

  /** The first features are one player, each other one by itself. */
  private static int[] owners(int features, int together) {
    int[] owners = new int[features];
    Arrays.setAll(owners, f -> f < together ? 0 : f - together + 1);
    return owners;
  }
}
