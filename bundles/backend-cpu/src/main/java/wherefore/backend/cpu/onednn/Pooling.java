package wherefore.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

/**
 * A kind of pooling.
 *
 * @param kind oneDNN's number for it
 * @param keepsPlaces true if it remembers which element won
 */
public record Pooling(int kind, boolean keepsPlaces) {
  /** The maximum. */
  public static final Pooling MAX = new Pooling(dnnl_pooling_max, false);

  /** The maximum, with where it was found. */
  public static final Pooling MAX_WITH_PLACES = new Pooling(dnnl_pooling_max, true);

  /** The mean. */
  public static Pooling average(boolean countIncludePad) {
    return new Pooling(
        countIncludePad ? dnnl_pooling_avg_include_padding : dnnl_pooling_avg_exclude_padding,
        false);
  }
}
