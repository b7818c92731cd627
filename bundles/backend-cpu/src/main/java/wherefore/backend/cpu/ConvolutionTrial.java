package wherefore.backend.cpu;

import java.util.List;

/** A plan of one convolution; what brings its operands into order is not timed. */
final class ConvolutionTrial implements Tuner.Trial {
  private static final double NANOS = 1e9;

  private final Plan plan;
  private final Frame frame;

  ConvolutionTrial(Plan plan, Frame frame) {
    this.plan = plan;
    this.frame = frame;
  }

  @Override
  public double run() {
    long nanos = 0;
    List<Step> steps = plan.steps();
    for (int i = 0; i < steps.size(); i++) {
      long start = System.nanoTime();
      frame.steps().get(i).run();
      String name = steps.get(i).name();
      nanos +=
          name.startsWith("conv") || name.startsWith("winograd") ? System.nanoTime() - start : 0;
    }
    return nanos / NANOS;
  }

  @Override
  public void close() {
    frame.close();
    plan.close();
  }
}
