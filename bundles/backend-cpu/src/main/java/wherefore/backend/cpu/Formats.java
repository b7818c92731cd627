package wherefore.backend.cpu;

import wherefore.backend.cpu.onednn.Format;

/** Orders of elements. */
final class Formats {
  private Formats() {}

  /** Blocks of channels innermost, otherwise row-major. */
  static Format blocked(long[] dims, int block) {
    long[] strides = new long[dims.length];
    long step = block;
    for (int a = dims.length - 1; a >= 0; a--) {
      strides[a] = step;
      step *= a == 1 ? (dims[a] + block - 1) / block : dims[a];
    }
    return new Format(dims, strides, block);
  }
}
