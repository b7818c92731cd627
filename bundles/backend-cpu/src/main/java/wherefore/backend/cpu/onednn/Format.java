package wherefore.backend.cpu.onednn;

import java.util.Arrays;

/**
 * Where a tensor's elements lie: a distance along each axis; the channel axis (1) may be cut into
 * blocks that lie innermost.
 *
 * @param dims extents
 * @param strides distance of neighbours along each axis, in elements; of blocks along axis 1
 * @param block channels in a block; 1 where there are no blocks
 */
public record Format(long[] dims, long[] strides, int block) {
  /** Row-major. */
  public static Format dense(long... dims) {
    long[] strides = new long[dims.length];
    long step = 1;
    for (int a = dims.length - 1; a >= 0; a--) {
      strides[a] = step;
      step *= Math.max(1, dims[a]);
    }
    return new Format(dims, strides, 1);
  }

  /** True if the order is row-major without gaps. */
  public boolean isDense() {
    if (block != 1) {
      return false;
    }
    long step = 1;
    for (int a = dims.length - 1; a >= 0; a--) {
      if (dims[a] != 1 && strides[a] != step) {
        return false;
      }
      step *= dims[a];
    }
    return true;
  }

  /** The same places, told more simply where blocks make no difference. */
  public Format simplified() {
    boolean flat = block != 1 && dims[1] % block == 0;
    for (int a = 2; a < dims.length; a++) {
      flat &= dims[a] == 1;
    }
    if (!flat) {
      return this;
    }
    long[] plain = strides.clone();
    Arrays.fill(plain, 1, plain.length, 1);
    return new Format(dims, plain, 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Format f
        && block == f.block
        && Arrays.equals(dims, f.dims)
        && Arrays.equals(strides, f.strides);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(dims) + Arrays.hashCode(strides)) + block;
  }

  @Override
  public String toString() {
    return Arrays.toString(dims) + "/" + Arrays.toString(strides) + (block == 1 ? "" : "b" + block);
  }
}
