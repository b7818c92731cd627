package wherefore.benchmarks.torch;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import wherefore.benchmarks.Trial;
import wherefore.tensor.Tensor;

/** OpenBLAS' product of two square matrices. */
public final class BlasTrial implements Trial {
  private final int size;
  private final FloatPointer a;
  private final FloatPointer b;
  private final FloatPointer c;

  /** Of these matrices. */
  public BlasTrial(Tensor a, Tensor b) {
    this.size = a.shape().dim(0);
    this.a = new FloatPointer(a.toFloats());
    this.b = new FloatPointer(b.toFloats());
    this.c = new FloatPointer((long) size * size);
  }

  @Override
  public void run() {
    cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasNoTrans,
        size,
        size,
        size,
        1,
        a,
        size,
        b,
        size,
        0,
        c,
        size);
  }

  @Override
  public float[] answer() {
    run();
    float[] values = new float[size * size];
    c.get(values);
    return values;
  }

  @Override
  public void close() {
    a.close();
    b.close();
    c.close();
  }
}
