package wherefore.benchmarks.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Tensors of ours to libtorch, and back. */
final class Tensors {
  private Tensors() {}

  /** A copy in libtorch's memory. */
  static Tensor of(wherefore.tensor.Tensor tensor) {
    long[] dims = Arrays.stream(tensor.shape().dims()).asLongStream().toArray();
    return Tensor.create(tensor.toFloats(), dims);
  }

  /** The elements, row-major. */
  static float[] floats(Tensor tensor) {
    try (Tensor whole = tensor.contiguous()) {
      float[] values = new float[Math.toIntExact(whole.numel())];
      whole.data_ptr_float().get(values);
      return values;
    }
  }

  /** Sets the threads of one operation, where that was asked for. */
  static void threads() {
    Integer threads = Integer.getInteger("wherefore.threads");
    if (threads != null) {
      torch.set_num_threads(threads);
    }
  }
}
