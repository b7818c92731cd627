package wherefore.model.onnx;

import java.util.List;
import wherefore.graph.Value;

/** Branches that are decided when the model is loaded. */
final class Control {
  private Control() {}

  static void register(Operators table) {
    table.addAll("If", 1, Control::branch);
  }

  private static List<Value> branch(Call c) {
    boolean holds = c.constant(0, "condition").get(0) != 0;
    return c.inline(c.attributes().graph(holds ? "then_branch" : "else_branch"));
  }
}
