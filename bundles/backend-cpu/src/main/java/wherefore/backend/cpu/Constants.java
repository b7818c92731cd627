package wherefore.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Format;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.backend.cpu.onednn.Scope;
import wherefore.tensor.Tensor;

/**
 * The constants of all open executables in native memory, each once: as they are, or packed in the
 * order that a kernel wants. Counted by {@link Lease}; the last one out frees the memory.
 */
final class Constants {
  /** A tensor by identity. */
  private static final class Identity {
    private final Tensor tensor;

    Identity(Tensor tensor) {
      this.tensor = tensor;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Identity i && i.tensor == tensor;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(tensor);
    }
  }

  private record Key(Object recipe, List<Identity> sources) {}

  private final class Entry {
    final Key key;
    final Scope scope = new Scope();
    final @Nullable MemorySegment descriptor;
    NativeMemory.@Nullable Block block;
    @Nullable Tensor folded;
    int leases;

    Entry(Key key, @Nullable MemorySegment descriptor) {
      this.key = key;
      this.descriptor = descriptor == null ? null : oneDnn.copy(scope, descriptor);
    }

    MemorySegment memory() {
      return block == null ? MemorySegment.NULL : block.segment();
    }

    void free() {
      scope.close();
      if (block != null) {
        bytes -= memory().byteSize();
        block.close();
      }
    }
  }

  private final OneDnn oneDnn;
  private final NativeMemory memory;
  private final Map<Key, List<Entry>> entries = new HashMap<>();
  private long bytes;

  Constants(OneDnn oneDnn, NativeMemory memory) {
    this.oneDnn = oneDnn;
    this.memory = memory;
  }

  /** Native bytes held for all executables. */
  synchronized long bytes() {
    return bytes;
  }

  /** What one executable uses; closed with it. */
  final class Lease implements AutoCloseable {
    private final List<Entry> held = new ArrayList<>();

    /** The tensor's elements, row-major. */
    MemorySegment dense(Tensor tensor) {
      return hold(new Key("dense", List.of(new Identity(tensor))), null, e -> copy(e, tensor))
          .memory();
    }

    /**
     * The tensor's elements in an order of oneDNN's.
     *
     * @param format how the row-major elements are to be read
     * @param descriptor the order wanted
     */
    MemorySegment packed(Tensor tensor, Format format, MemorySegment descriptor) {
      Key key = new Key(format, List.of(new Identity(tensor)));
      return hold(key, descriptor, e -> pack(e, tensor, format, descriptor)).memory();
    }

    /**
     * The transform of a convolution's weights at every point, one after the other, each in an
     * order of oneDNN's.
     *
     * @param descriptor the order wanted at a point
     */
    MemorySegment transformed(Tensor tensor, WinogradWeights weights, MemorySegment descriptor) {
      Key key = new Key(weights, List.of(new Identity(tensor)));
      return hold(key, descriptor, e -> transform(e, tensor, weights, descriptor)).memory();
    }

    /**
     * A tensor computed from others, once.
     *
     * @param recipe how; equal recipes over the same tensors give the same
     */
    Tensor folded(Object recipe, List<Tensor> sources, Supplier<Tensor> compute) {
      Key key = new Key(recipe, sources.stream().map(Identity::new).toList());
      Entry entry = hold(key, null, e -> e.folded = compute.get());
      return Objects.requireNonNull(entry.folded);
    }

    long bytes() {
      return held.stream().mapToLong(e -> e.memory().byteSize()).sum();
    }

    private Entry hold(Key key, @Nullable MemorySegment descriptor, Consumer<Entry> make) {
      synchronized (Constants.this) {
        Entry entry = find(key, descriptor);
        if (!held.contains(entry)) {
          entry.leases++;
          held.add(entry);
          if (entry.leases == 1) {
            make(entry, make);
          }
        }
        return entry;
      }
    }

    private void make(Entry entry, Consumer<Entry> make) {
      try {
        make.accept(entry);
      } catch (RuntimeException | Error e) {
        held.remove(entry);
        release(entry);
        throw e;
      }
    }

    @Override
    public void close() {
      synchronized (Constants.this) {
        held.forEach(Constants.this::release);
        held.clear();
      }
    }
  }

  private Entry find(Key key, @Nullable MemorySegment descriptor) {
    List<Entry> known = entries.computeIfAbsent(key, k -> new ArrayList<>());
    for (Entry entry : known) {
      MemorySegment own = entry.descriptor;
      boolean same =
          own == null || descriptor == null
              ? own == null && descriptor == null
              : oneDnn.same(own, descriptor);
      if (same) {
        return entry;
      }
    }
    Entry entry = new Entry(key, descriptor);
    known.add(entry);
    return entry;
  }

  private void release(Entry entry) {
    entry.leases--;
    if (entry.leases == 0) {
      entry.free();
      List<Entry> same = entries.get(entry.key);
      if (same != null) {
        same.remove(entry);
        if (same.isEmpty()) {
          entries.remove(entry.key);
        }
      }
    }
  }

  private MemorySegment allocate(Entry entry, long size) {
    NativeMemory.Block block = memory.allocate(Math.max(1, size));
    entry.block = block;
    bytes += block.segment().byteSize();
    return block.segment();
  }

  private void copy(Entry entry, Tensor tensor) {
    Transfer.in(allocate(entry, tensor.size() * (long) tensor.type().bytes()), tensor);
  }

  private void pack(Entry entry, Tensor tensor, Format format, MemorySegment descriptor) {
    MemorySegment packed = allocate(entry, oneDnn.bytes(descriptor));
    try (NativeMemory.Block source = memory.allocate(Math.max(1, 4L * tensor.size()))) {
      MemorySegment plain = source.segment();
      Transfer.in(plain, tensor);
      pack(plain, format, packed, descriptor);
    }
  }

  private void transform(
      Entry entry, Tensor tensor, WinogradWeights weights, MemorySegment descriptor) {
    long bytes = oneDnn.bytes(descriptor);
    MemorySegment packed = allocate(entry, WinogradTiling.POINTS * bytes);
    Format format = Format.dense(weights.filters(tensor), weights.channels(tensor), 1, 1);
    float[][] transformed = weights.transform(tensor);
    try (NativeMemory.Block source = memory.allocate(4L * transformed[0].length)) {
      MemorySegment plain = source.segment();
      for (int p = 0; p < transformed.length; p++) {
        MemorySegment.copy(transformed[p], 0, plain, JAVA_FLOAT, 0, transformed[p].length);
        pack(plain, format, packed.asSlice(p * bytes, bytes), descriptor);
      }
    }
  }

  private void pack(
      MemorySegment plain, Format format, MemorySegment packed, MemorySegment descriptor) {
    try (Arena arena = Arena.ofConfined();
        Scope scope = new Scope()) {
      MemorySegment from = oneDnn.descriptor(scope, format);
      MemorySegment attributes = oneDnn.attributes(scope, List.of());
      MemorySegment reorder = oneDnn.reorder(scope, from, descriptor, attributes);
      MemorySegment scratch = oneDnn.chosen(reorder, Argument.SCRATCHPAD);
      MemorySegment space = arena.allocate(Math.max(1, oneDnn.bytes(scratch)), 64);
      MemorySegment arguments =
          OneDnn.arguments(
              arena,
              List.of(Argument.SRC, Argument.DST, Argument.SCRATCHPAD),
              List.of(
                  oneDnn.memory(scope, from, plain),
                  oneDnn.memory(scope, descriptor, packed),
                  oneDnn.memory(scope, scratch, space)));
      oneDnn.execute(oneDnn.primitive(scope, reorder), oneDnn.stream(scope), 3, arguments);
    }
  }
}
