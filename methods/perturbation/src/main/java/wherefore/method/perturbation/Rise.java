package wherefore.method.perturbation;

import java.util.EnumSet;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Game;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Moments;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * RISE: the mean target over random masks, weighted by how much of an element they show.
 *
 * <p>Question: how large is the target where an element is seen? Formula: a_e = 1/(N p) Σ_k f_t(x'
 * + m_k ⊙ (x − x')) m_k(e), which tends to the mean of f_t given that e is seen; the mean over
 * several baselines. Masks: coarse grids of independent cells that are 1 with probability p, laid
 * over the image with a random shift and interpolated bilinearly, so that E m(e) = p everywhere;
 * over a sequence along its positions; elements of a table one by one. Shape: the input's; unit:
 * the target's. Needs no gradient. Source: Petsiuk, Das, Saenko 2018, arXiv:1806.07421 (there x' =
 * 0).
 *
 * <p>Errors: the standard error of the mean over masks. Facts: {@code masks}; {@code baselines};
 * {@code mean-output} over the masks, which an element that does nothing tends to.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "rise")
public final class Rise implements AttributionMethod<Rise.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value = "How many masks are drawn.",
              byDefault = "4000",
              min = 2,
              max = 10_000_000,
              unit = "masks")
          int masks,
      @Option(
              value = "How many cells a mask's grid has along an axis.",
              byDefault = "7",
              min = 1,
              max = 1024,
              unit = "cells")
          int cells,
      @Option(
              value = "The probability that a cell is shown.",
              byDefault = "0.5",
              min = 0.01,
              max = 1)
          double probability) {}

  @Override
  public String id() {
    return "rise";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How large is the target where an element is seen?",
        EnumSet.of(Need.FORWARD, Need.BASELINE, Need.SEED),
        "masks × baselines × F",
        "Petsiuk, Das, Saenko 2018, arXiv:1806.07421");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    RandomMasks masks =
        new RandomMasks(
            evaluator.subject(),
            options.cells(),
            options.probability(),
            options.masks(),
            evaluator.random("masks"));
    Game game = new Game(evaluator, masks.positions());
    double[] f = game.blended(options.masks(), (from, to) -> rows(masks, from, to));
    Moments moments = new Moments(masks.positions().count());
    double mean = 0;
    for (int k = 0; k < f.length; k++) {
      evaluator.check();
      float[] mask = masks.mask(k);
      double score = f[k] / options.probability();
      moments.add(i -> mask[i] * score);
      mean += f[k] / f.length;
    }
    return Attribution.of(masks.positions().spread(moments.means(), false))
        .withErrors(masks.positions().spread(moments.errorsOfMeans(), false))
        .fact("masks", options.masks())
        .fact("baselines", game.baselines())
        .fact("mean-output", mean);
  }

  private static Tensor rows(RandomMasks masks, int from, int to) {
    int size = masks.positions().count();
    float[] rows = new float[(to - from) * size];
    for (int k = from; k < to; k++) {
      System.arraycopy(masks.mask(k), 0, rows, (k - from) * size, size);
    }
    return Tensor.of(Shape.of(to - from, size), rows);
  }
}
