package wherefore.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

/**
 * What a tensor is to a primitive.
 *
 * @param index oneDNN's number for it
 */
public record Argument(int index) {
  /** What is read. */
  public static final Argument SRC = new Argument(DNNL_ARG_SRC);

  /** The second tensor that is read. */
  public static final Argument SRC_1 = new Argument(DNNL_ARG_SRC_1);

  /** The weights, or the second matrix. */
  public static final Argument WEIGHTS = new Argument(DNNL_ARG_WEIGHTS);

  /** The bias. */
  public static final Argument BIAS = new Argument(DNNL_ARG_BIAS);

  /** What is written. */
  public static final Argument DST = new Argument(DNNL_ARG_DST);

  /** The gradient that is written. */
  public static final Argument DIFF_SRC = new Argument(DNNL_ARG_DIFF_SRC);

  /** The gradient that is read. */
  public static final Argument DIFF_DST = new Argument(DNNL_ARG_DIFF_DST);

  /** What the forward primitive tells the backward one. */
  public static final Argument WORKSPACE = new Argument(DNNL_ARG_WORKSPACE);

  /** Scratch memory. */
  public static final Argument SCRATCHPAD = new Argument(DNNL_ARG_SCRATCHPAD);

  /** The operand of a binary post-op. */
  public static Argument postOp(int place) {
    return new Argument(32768 * (place + 1) | DNNL_ARG_SRC_1);
  }
}
