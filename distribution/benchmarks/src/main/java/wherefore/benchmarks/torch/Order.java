package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How the elements of images and kernels lie in memory. */
public enum Order {
  /** NCHW, PyTorch's default. */
  CONTIGUOUS,
  /** NHWC, which oneDNN's kernels inside of libtorch prefer. */
  CHANNELS_LAST;

  /** The same tensor in this order; only tensors of four axes have channels. */
  Tensor of(Tensor tensor) {
    return this == CHANNELS_LAST && tensor.dim() == 4
        ? tensor.contiguous(torch.MemoryFormat.ChannelsLast)
        : tensor.contiguous();
  }
}
