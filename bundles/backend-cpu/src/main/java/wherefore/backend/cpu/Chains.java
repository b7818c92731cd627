package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import wherefore.backend.cpu.onednn.Format;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.tensor.ElementType;

/**
 * Element-wise operators that feed each other, in one pass over memory: a block of elements at a
 * time goes through all of them while it is in the first-level cache.
 */
final class Chains {
  private static final int BLOCK = 1024;

  /** An operator over registers. */
  private record Instruction(Kernel kernel, int[] in, int out) {}

  private final Planner planner;
  private final List<View> operands = new ArrayList<>();
  private final List<Integer> operandRegisters = new ArrayList<>();
  private final List<ElementType> registers = new ArrayList<>();
  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<Integer, Integer> registerOf = new HashMap<>();

  private Chains(Planner planner) {
    this.planner = planner;
  }

  /** True if a blocked tensor can be walked over: no channel is mere padding. */
  static boolean walks(View view) {
    return view.dims()[1] % view.format().block() == 0;
  }

  /** Emits the step that yields a node, and all before it that are fused into it. */
  static void emit(Planner planner, Node root) {
    if (root.shape().size() == 0) {
      planner.set(root, planner.result(root));
      return;
    }
    Chains chain = new Chains(planner);
    int result = chain.register(root, true);
    long[] dims = View.longs(root.shape());
    Format format = chain.commonFormat(dims, root.type().element());
    boolean blocks = format.block() == 1 && planner.fusion().feedsWindows(root);
    if (blocks && dims[1] % planner.block() == 0) {
      format = Formats.blocked(dims, planner.block());
    }
    planner.set(root, chain.step(format, root.type().element(), result));
  }

  /** Emits the sum of two tensors; the first is overwritten if nobody needs it any more. */
  static View add(Planner planner, View a, View b) {
    Chains chain = new Chains(planner);
    chain.sum(a, b);
    return chain.step(chain.commonFormat(a.dims(), a.type()), a.type(), 2);
  }

  /** Emits the addition of a tensor to another one's elements, where they are. */
  static void addInto(Planner planner, View target, View addend) {
    Chains chain = new Chains(planner);
    chain.sum(target, addend);
    List<View> all = List.of(target, target, addend);
    Walk walk = Walk.of(all);
    planner.emit(
        "add",
        List.of(target.buffer(), addend.buffer()),
        List.of(target.buffer()),
        null,
        frame -> chain.new Pass(frame, all, walk, 2));
  }

  private void sum(View a, View b) {
    operands.addAll(List.of(a, b));
    registers.addAll(List.of(a.type(), b.type(), a.type()));
    operandRegisters.addAll(List.of(0, 1));
    Kernel sum = Kernel.of(new Primitive.Binary(BinaryFunction.ADD), List.of(a.type(), b.type()));
    instructions.add(new Instruction(sum, new int[] {0, 1}, 2));
  }

  private int register(Node node, boolean isRoot) {
    Integer known = registerOf.get(node.id());
    if (known != null) {
      return known;
    }
    int register =
        isRoot || planner.fusion().isInlined(node.id()) ? instruction(node) : operand(node);
    registerOf.put(node.id(), register);
    return register;
  }

  private int operand(Node node) {
    operands.add(planner.view(node.id()));
    registers.add(node.type().element());
    operandRegisters.add(registers.size() - 1);
    return registers.size() - 1;
  }

  private int instruction(Node node) {
    List<Node> inputs = planner.graph().operands(node);
    int[] in = inputs.stream().mapToInt(i -> register(i, false)).toArray();
    Kernel kernel = Kernel.of(node.op(), inputs.stream().map(i -> i.type().element()).toList());
    registers.add(node.type().element());
    instructions.add(new Instruction(kernel, in, registers.size() - 1));
    return registers.size() - 1;
  }

  private View step(Format format, ElementType type, int result) {
    operands.replaceAll(view -> fitting(view, format, type));
    View target = planner.allocate(type, format);
    List<View> all = new ArrayList<>(List.of(target));
    all.addAll(operands);
    Walk walk = Walk.of(all);
    planner.emit(
        "elementwise x" + instructions.size(),
        operands.stream().map(View::buffer).toList(),
        List.of(target.buffer()),
        replaceable(target),
        frame -> new Pass(frame, all, walk, result));
    return target;
  }

  private View fitting(View view, Format format, ElementType type) {
    if (view.isBlocked()) {
      boolean reads = type == ElementType.FLOAT64 && format.block() == 1 && walks(view);
      return reads || view.format().block() == format.block() ? view : planner.dense(view);
    }
    return format.block() != 1 && isRepeatedRow(view) ? blocked(view, format.block()) : view;
  }

  /** True for one row for all, whose elements are read as often as there are rows. */
  private static boolean isRepeatedRow(View view) {
    return view.type() == ElementType.FLOAT32
        && view.strides()[0] == 0
        && isCompact(view.row())
        && view.row().size() > BLOCK;
  }

  /** The same row with its channels in blocks. */
  private View blocked(View view, int block) {
    View row = view.row();
    Format wanted = Formats.blocked(row.dims(), block);
    Place place = planner.ordered(row, planner.oneDnn().descriptor(planner.scope(), wanted));
    long[] strides = wanted.strides().clone();
    strides[0] = 0;
    Format repeated = new Format(view.dims(), strides, block);
    return new View(place.buffer(), place.bytes() / view.type().bytes(), repeated, view.type());
  }

  /**
   * The order of the first operand that is neither stretched nor full of holes. Blocks are for the
   * library's kernels, which float64 has none of.
   */
  private Format commonFormat(long[] dims, ElementType type) {
    Format dense = Format.dense(dims);
    Format plain = null;
    for (View view : operands) {
      if (view.isBlocked()) {
        if (walks(view) && view.offset() == 0 && type != ElementType.FLOAT64) {
          return view.format();
        }
      } else if (plain == null && isCompact(view)) {
        plain = view.format();
      }
    }
    return plain == null ? dense : plain;
  }

  /** True if the elements fill a stretch of memory, in whatever order of the axes. */
  private static boolean isCompact(View view) {
    long reach = 1;
    for (int a = 0; a < view.rank(); a++) {
      if (view.dims()[a] != 1) {
        reach += (view.dims()[a] - 1) * view.strides()[a];
      }
    }
    return reach == view.size() && Planner.isDescribable(view);
  }

  private @Nullable Buffer replaceable(View target) {
    for (View view : operands) {
      boolean fits =
          view.offset() == 0
              && view.format().equals(target.format())
              && view.type().bytes() == target.type().bytes()
              && !view.buffer().isConstant();
      boolean alone =
          operands.stream()
              .allMatch(
                  o ->
                      o.buffer() != view.buffer()
                          || (o.format().equals(view.format()) && o.offset() == 0));
      if (fits && alone) {
        return view.buffer();
      }
    }
    return null;
  }

  /** The step at work in a frame. */
  private final class Pass implements Runnable {
    private final Team team;
    private final Walk walk;
    private final List<Port> ports = new ArrayList<>();
    private final boolean[] uniform;
    private final int result;
    private final @Nullable Object[][] arrays;

    Pass(Frame frame, List<View> views, Walk walk, int result) {
      this.team = frame.team();
      this.walk = walk;
      this.result = result;
      this.arrays = new Object[team.threads()][];
      this.uniform = new boolean[views.size()];
      for (int i = 0; i < views.size(); i++) {
        ports.add(Port.of(frame, views.get(i), walk, i));
        uniform[i] = walk.isUniform(i);
      }
    }

    @Override
    public void run() {
      long blocks = (walk.size() + BLOCK - 1) / BLOCK;
      team.each(blocks, (long) BLOCK * (instructions.size() + 1), this::blocks);
    }

    private void blocks(int slot, long first, long last) {
      Object[] own = arrays(slot);
      for (int i = 0; i < operandRegisters.size(); i++) {
        if (uniform[i + 1]) {
          ports.get(i + 1).read(0, atMost(), own[operandRegisters.get(i)]);
        }
      }
      for (long b = first; b < last; b++) {
        block(b * BLOCK, (int) Math.min(BLOCK, walk.size() - b * BLOCK), own);
      }
    }

    private int atMost() {
      return (int) Math.min(BLOCK, walk.size());
    }

    private void block(long start, int count, Object[] own) {
      for (int i = 0; i < operandRegisters.size(); i++) {
        if (!uniform[i + 1]) {
          ports.get(i + 1).read(start, count, own[operandRegisters.get(i)]);
        }
      }
      Object[] in = new Object[3];
      for (Instruction instruction : instructions) {
        for (int i = 0; i < instruction.in().length; i++) {
          in[i] = own[instruction.in()[i]];
        }
        instruction.kernel().run(in, own[instruction.out()], count);
      }
      ports.get(0).write(start, count, own[result]);
    }

    private Object[] arrays(int slot) {
      Object[] own = arrays[slot];
      if (own == null) {
        own = registers.stream().map(type -> Port.array(type, BLOCK)).toArray();
        arrays[slot] = own;
      }
      return own;
    }
  }
}
