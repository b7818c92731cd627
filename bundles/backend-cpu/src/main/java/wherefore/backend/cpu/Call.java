package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.OneDnn;

/** A step that runs a primitive of oneDNN's. */
final class Call {
  private record Operand(Argument argument, MemorySegment descriptor, Place place) {}

  private final Planner planner;
  private final String name;
  private final MemorySegment made;
  private final List<Operand> operands = new ArrayList<>();
  private final List<Buffer> reads = new ArrayList<>();
  private final List<Buffer> writes = new ArrayList<>();
  private @Nullable Buffer replaces;

  Call(Planner planner, String name, MemorySegment primitiveDescriptor) {
    this.planner = planner;
    this.name = name;
    this.made = primitiveDescriptor;
  }

  Call read(Argument argument, Place place) {
    return operand(argument, place, reads);
  }

  Call write(Argument argument, Place place) {
    return operand(argument, place, writes);
  }

  Call replacing(Buffer buffer) {
    replaces = buffer;
    return this;
  }

  private Call operand(Argument argument, Place place, List<Buffer> role) {
    operands.add(new Operand(argument, planner.oneDnn().chosen(made, argument), place));
    role.add(place.buffer());
    return this;
  }

  void emit() {
    OneDnn oneDnn = planner.oneDnn();
    long scratch = oneDnn.bytes(oneDnn.chosen(made, Argument.SCRATCHPAD));
    if (scratch > 0) {
      write(Argument.SCRATCHPAD, new Place(Buffer.inArena(scratch), 0));
    }
    MemorySegment primitive = oneDnn.primitive(planner.scope(), made);
    List<Operand> all = List.copyOf(operands);
    String label = name + " " + oneDnn.kernel(made);
    planner.emit(label, reads, writes, replaces, frame -> bind(frame, primitive, all));
  }

  private static Runnable bind(Frame frame, MemorySegment primitive, List<Operand> operands) {
    OneDnn oneDnn = frame.oneDnn();
    List<MemorySegment> memories =
        operands.stream()
            .map(
                o -> {
                  MemorySegment data = frame.segment(o.place().buffer()).asSlice(o.place().bytes());
                  return oneDnn.memory(frame.scope(), o.descriptor(), data);
                })
            .toList();
    MemorySegment arguments =
        OneDnn.arguments(
            frame.arena(), operands.stream().map(Operand::argument).toList(), memories);
    MemorySegment stream = frame.stream();
    int count = operands.size();
    return () -> oneDnn.execute(primitive, stream, count, arguments);
  }
}
