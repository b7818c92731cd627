package wherefore.backend.cpu.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.bytedeco.dnnl.global.dnnl.*;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import wherefore.graph.Window;

/**
 * The library, loaded. Descriptors, primitives and memory objects are plain addresses here; each is
 * freed by the {@link Scope} it was made in.
 */
public final class OneDnn {
  private static final int MAX_DIMS = 12;
  private static final int INNER_BLOCKS = 16;

  private final Functions f;
  private final Optional<MethodHandle> setThreads;
  private final MemorySegment engine;
  private final MethodHandle execute;

  OneDnn(Functions functions, Optional<MethodHandle> setThreads) {
    this.f = functions;
    this.setThreads = setThreads;
    this.execute = f.status("dnnl_primitive_execute", Functions.signature("ppip"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      check(
          "engine", f.status("dnnl_engine_create", Functions.signature("pil")), out, dnnl_cpu, 0L);
      this.engine = out.get(ADDRESS, 0);
    }
  }

  private static void check(String what, MethodHandle function, Object... arguments) {
    int status;
    try {
      status = (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(what, e);
    }
    if (status != 0) {
      throw new OneDnnException(what, status);
    }
  }

  /** The library's version: {@code 3.11.0}. */
  public String version() {
    try {
      MemorySegment v =
          (MemorySegment)
              f.of("dnnl_version", FunctionDescriptor.of(ADDRESS)).invokeWithArguments();
      MemorySegment three = v.reinterpret(12);
      return three.getAtIndex(JAVA_INT, 0)
          + "."
          + three.getAtIndex(JAVA_INT, 1)
          + "."
          + three.getAtIndex(JAVA_INT, 2);
    } catch (Throwable e) {
      throw new IllegalStateException("dnnl_version", e);
    }
  }

  /** From now on, primitives made or run by the calling thread use so many threads. */
  public void threads(int count) {
    if (setThreads.isPresent()) {
      try {
        setThreads.get().invokeExact(count);
      } catch (Throwable e) {
        throw new IllegalStateException("omp_set_num_threads", e);
      }
    }
  }

  private MemorySegment create(
      Scope scope, String what, String destroy, MethodHandle function, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      Object[] all = new Object[arguments.length + 1];
      all[0] = out;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      check(what, function, all);
      MemorySegment made = out.get(ADDRESS, 0);
      if (made.equals(MemorySegment.NULL)) {
        throw new OneDnnException(what, 3);
      }
      scope.own(() -> check(destroy, f.status(destroy, 1), made));
      return made;
    }
  }

  // --- descriptors ------------------------------------------------------------------------------

  private static MemorySegment dims(Arena arena, long... values) {
    MemorySegment dims = arena.allocate(JAVA_LONG, MAX_DIMS);
    MemorySegment.copy(values, 0, dims, JAVA_LONG, 0, values.length);
    return dims;
  }

  private static MemorySegment dims(Arena arena, List<Integer> values, int minus) {
    return dims(arena, values.stream().mapToLong(v -> v - minus).toArray());
  }

  /** A float32 tensor whose order oneDNN may choose. */
  public MemorySegment any(Scope scope, long... dims) {
    return tagged(scope, dims, dnnl_format_tag_any);
  }

  private MemorySegment tagged(Scope scope, long[] dims, int tag) {
    try (Arena arena = Arena.ofConfined()) {
      return create(
          scope,
          "descriptor of " + Arrays.toString(dims),
          "dnnl_memory_desc_destroy",
          f.status("dnnl_memory_desc_create_with_tag", Functions.signature("pipii")),
          dims.length,
          dims(arena, dims),
          dnnl_f32,
          tag);
    }
  }

  /** A float32 tensor in a given order. */
  public MemorySegment descriptor(Scope scope, Format format) {
    if (format.block() != 1) {
      return tagged(scope, format.dims(), tag(format.dims().length, format.block()));
    }
    try (Arena arena = Arena.ofConfined()) {
      return create(
          scope,
          "descriptor of " + format,
          "dnnl_memory_desc_destroy",
          f.status("dnnl_memory_desc_create_with_strides", Functions.signature("pipip")),
          format.dims().length,
          dims(arena, format.dims()),
          dnnl_f32,
          dims(arena, format.strides()));
    }
  }

  private static int tag(int rank, int block) {
    return switch (rank * 100 + block) {
      case 308 -> dnnl_aBc8b;
      case 408 -> dnnl_aBcd8b;
      case 508 -> dnnl_aBcde8b;
      case 316 -> dnnl_aBc16b;
      case 416 -> dnnl_aBcd16b;
      case 516 -> dnnl_aBcde16b;
      default -> throw new IllegalArgumentException("no tag for rank " + rank + " block " + block);
    };
  }

  /** A copy of a descriptor that a primitive's descriptor owns. */
  public MemorySegment copy(Scope scope, MemorySegment descriptor) {
    return create(
        scope,
        "copy of a descriptor",
        "dnnl_memory_desc_destroy",
        f.status("dnnl_memory_desc_clone", 2),
        descriptor);
  }

  /** True if two descriptors say the same. */
  public boolean same(MemorySegment a, MemorySegment b) {
    try {
      return (int) f.status("dnnl_memory_desc_equal", 2).invokeWithArguments(a, b) != 0;
    } catch (Throwable e) {
      throw new IllegalStateException("dnnl_memory_desc_equal", e);
    }
  }

  /** Bytes that a tensor of this descriptor takes; 0 for no tensor. */
  public long bytes(MemorySegment descriptor) {
    try {
      return (long)
          f.of("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS))
              .invokeWithArguments(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException("dnnl_memory_desc_get_size", e);
    }
  }

  /** The order that a descriptor means, if it is one that {@link Format} can say. */
  public Optional<Format> format(MemorySegment descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      if (number(arena, descriptor, dnnl_query_format_kind) != dnnl_blocked) {
        return Optional.empty();
      }
      int rank = number(arena, descriptor, dnnl_query_ndims_s32);
      int blocks = number(arena, descriptor, dnnl_query_inner_nblks_s32);
      long[] dims = longs(arena, descriptor, dnnl_query_dims, rank);
      long[] strides = longs(arena, descriptor, dnnl_query_strides, rank);
      if (blocks == 0) {
        return Optional.of(new Format(dims, strides, 1));
      }
      long block = longs(arena, descriptor, dnnl_query_inner_blks, INNER_BLOCKS)[0];
      long axis = longs(arena, descriptor, dnnl_query_inner_idxs, INNER_BLOCKS)[0];
      Format format = new Format(dims, strides, (int) block);
      boolean sayable =
          blocks == 1 && axis == 1 && (block == 8 || block == 16) && rank >= 3 && rank <= 5;
      return sayable && blockedDense(format) ? Optional.of(format) : Optional.empty();
    }
  }

  /** True if the tag of this rank and block means these very strides. */
  private static boolean blockedDense(Format format) {
    long step = format.block();
    for (int a = format.dims().length - 1; a >= 0; a--) {
      if (format.strides()[a] != step) {
        return false;
      }
      long extent = format.dims()[a];
      step *= a == 1 ? (extent + format.block() - 1) / format.block() : extent;
    }
    return true;
  }

  private int number(Arena arena, MemorySegment descriptor, int what) {
    MemorySegment out = arena.allocate(JAVA_LONG);
    check(
        "query",
        f.status("dnnl_memory_desc_query", Functions.signature("pip")),
        descriptor,
        what,
        out);
    return out.get(JAVA_INT, 0);
  }

  private long[] longs(Arena arena, MemorySegment descriptor, int what, int count) {
    MemorySegment out = arena.allocate(ADDRESS);
    check(
        "query",
        f.status("dnnl_memory_desc_query", Functions.signature("pip")),
        descriptor,
        what,
        out);
    int available = Math.min(count, MAX_DIMS);
    return out.get(ADDRESS, 0).reinterpret(available * 8L).toArray(JAVA_LONG);
  }

  // --- primitives -------------------------------------------------------------------------------

  /**
   * The attributes of a primitive: scratch memory given by the caller, and what it does besides.
   */
  public MemorySegment attributes(Scope scope, List<PostOp> postOps) {
    MemorySegment attributes =
        create(
            scope,
            "attributes",
            "dnnl_primitive_attr_destroy",
            f.status("dnnl_primitive_attr_create", 1));
    check(
        "scratchpad",
        f.status("dnnl_primitive_attr_set_scratchpad_mode", Functions.signature("pi")),
        attributes,
        dnnl_scratchpad_mode_user);
    if (!postOps.isEmpty()) {
      MemorySegment ops =
          create(scope, "post-ops", "dnnl_post_ops_destroy", f.status("dnnl_post_ops_create", 1));
      postOps.forEach(op -> append(ops, op));
      check("post-ops", f.status("dnnl_primitive_attr_set_post_ops", 2), attributes, ops);
    }
    return attributes;
  }

  private void append(MemorySegment ops, PostOp op) {
    switch (op) {
      case PostOp.Eltwise e ->
          check(
              "eltwise post-op",
              f.status("dnnl_post_ops_append_eltwise", Functions.signature("piff")),
              ops,
              e.function().kind(),
              e.function().alpha(),
              e.function().beta());
      case PostOp.Binary b ->
          check(
              "binary post-op",
              f.status("dnnl_post_ops_append_binary", Functions.signature("pip")),
              ops,
              b.multiply() ? dnnl_binary_mul : dnnl_binary_add,
              b.operand());
    }
  }

  /** A convolution. A null descriptor of the bias means none. */
  public MemorySegment convolution(
      Scope scope,
      Window window,
      MemorySegment src,
      MemorySegment weights,
      MemorySegment bias,
      MemorySegment dst,
      MemorySegment attributes) {
    try (Arena arena = Arena.ofConfined()) {
      return create(
          scope,
          "convolution",
          "dnnl_primitive_desc_destroy",
          f.status(
              "dnnl_convolution_forward_primitive_desc_create",
              Functions.signature("ppiipppppppp" + "p")),
          engine,
          dnnl_forward_training,
          dnnl_convolution_direct,
          src,
          weights,
          bias,
          dst,
          dims(arena, window.strides(), 0),
          dims(arena, window.dilations(), 1),
          dims(arena, window.padBegin(), 0),
          dims(arena, window.padEnd(), 0),
          attributes);
    }
  }

  /** A convolution's data gradient. */
  public MemorySegment convolutionBackward(
      Scope scope,
      Window window,
      MemorySegment diffSrc,
      MemorySegment weights,
      MemorySegment diffDst,
      MemorySegment hint,
      MemorySegment attributes) {
    try (Arena arena = Arena.ofConfined()) {
      return create(
          scope,
          "convolution's data gradient",
          "dnnl_primitive_desc_destroy",
          f.status(
              "dnnl_convolution_backward_data_primitive_desc_create",
              Functions.signature("ppipppppppp" + "p")),
          engine,
          dnnl_convolution_direct,
          diffSrc,
          weights,
          diffDst,
          dims(arena, window.strides(), 0),
          dims(arena, window.dilations(), 1),
          dims(arena, window.padBegin(), 0),
          dims(arena, window.padEnd(), 0),
          hint,
          attributes);
    }
  }

  /** Pooling. */
  public MemorySegment pooling(
      Scope scope,
      Pooling kind,
      Window window,
      MemorySegment src,
      MemorySegment dst,
      MemorySegment attributes) {
    try (Arena arena = Arena.ofConfined()) {
      return create(
          scope,
          "pooling",
          "dnnl_primitive_desc_destroy",
          f.status(
              "dnnl_pooling_forward_primitive_desc_create",
              Functions.signature("ppiippppppp" + "p")),
          engine,
          kind.keepsPlaces() ? dnnl_forward_training : dnnl_forward_inference,
          kind.kind(),
          src,
          dst,
          dims(arena, window.strides(), 0),
          dims(arena, window.kernel(), 0),
          dims(arena, window.dilations(), 1),
          dims(arena, window.padBegin(), 0),
          dims(arena, window.padEnd(), 0),
          attributes);
    }
  }

  /** A pooling's gradient. */
  public MemorySegment poolingBackward(
      Scope scope,
      Pooling kind,
      Window window,
      MemorySegment diffSrc,
      MemorySegment diffDst,
      MemorySegment hint,
      MemorySegment attributes) {
    try (Arena arena = Arena.ofConfined()) {
      return create(
          scope,
          "pooling's gradient",
          "dnnl_primitive_desc_destroy",
          f.status(
              "dnnl_pooling_backward_primitive_desc_create",
              Functions.signature("ppippppppp" + "pp")),
          engine,
          kind.kind(),
          diffSrc,
          diffDst,
          dims(arena, window.strides(), 0),
          dims(arena, window.kernel(), 0),
          dims(arena, window.dilations(), 1),
          dims(arena, window.padBegin(), 0),
          dims(arena, window.padEnd(), 0),
          hint,
          attributes);
    }
  }

  /** A matrix product. A null descriptor of the bias means none. */
  public MemorySegment matMul(
      Scope scope,
      MemorySegment src,
      MemorySegment weights,
      MemorySegment bias,
      MemorySegment dst,
      MemorySegment attributes) {
    return create(
        scope,
        "matmul",
        "dnnl_primitive_desc_destroy",
        f.status("dnnl_matmul_primitive_desc_create", 7),
        engine,
        src,
        weights,
        bias,
        dst,
        attributes);
  }

  /** A function of each element. */
  public MemorySegment eltwise(
      Scope scope,
      Eltwise function,
      MemorySegment src,
      MemorySegment dst,
      MemorySegment attributes) {
    return create(
        scope,
        "eltwise",
        "dnnl_primitive_desc_destroy",
        f.status("dnnl_eltwise_forward_primitive_desc_create", Functions.signature("ppiippffp")),
        engine,
        dnnl_forward_inference,
        function.kind(),
        src,
        dst,
        function.alpha(),
        function.beta(),
        attributes);
  }

  /** The sum or product of two tensors of one order. */
  public MemorySegment binary(
      Scope scope, boolean multiply, MemorySegment descriptor, MemorySegment attributes) {
    return create(
        scope,
        "binary",
        "dnnl_primitive_desc_destroy",
        f.status("dnnl_binary_primitive_desc_create", Functions.signature("ppipppp")),
        engine,
        multiply ? dnnl_binary_mul : dnnl_binary_add,
        descriptor,
        descriptor,
        descriptor,
        attributes);
  }

  /** The gradient of max(x, 0) with x, or the result, at hand. */
  public MemorySegment reluBackward(
      Scope scope, MemorySegment gradient, MemorySegment data, MemorySegment attributes) {
    MemorySegment hint =
        eltwise(scope, new Eltwise(dnnl_eltwise_relu, 0, 0), data, data, attributes);
    return create(
        scope,
        "relu's gradient",
        "dnnl_primitive_desc_destroy",
        f.status("dnnl_eltwise_backward_primitive_desc_create", Functions.signature("ppipppffpp")),
        engine,
        dnnl_eltwise_relu,
        gradient,
        gradient,
        data,
        0f,
        0f,
        hint,
        attributes);
  }

  /** A change of order. */
  public MemorySegment reorder(
      Scope scope, MemorySegment src, MemorySegment dst, MemorySegment attributes) {
    return create(
        scope,
        "reorder",
        "dnnl_primitive_desc_destroy",
        f.status("dnnl_reorder_primitive_desc_create", 6),
        src,
        engine,
        dst,
        engine,
        attributes);
  }

  /** The descriptor that a primitive has chosen for an argument. */
  public MemorySegment chosen(MemorySegment primitiveDescriptor, Argument argument) {
    try {
      return (MemorySegment)
          f.of(
                  "dnnl_primitive_desc_query_md",
                  FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT))
              .invokeWithArguments(primitiveDescriptor, dnnl_query_exec_arg_md, argument.index());
    } catch (Throwable e) {
      throw new IllegalStateException("dnnl_primitive_desc_query_md", e);
    }
  }

  /** The name of the kernel that a primitive has chosen: {@code jit:avx2}. */
  public String kernel(MemorySegment primitiveDescriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      check(
          "query",
          f.status("dnnl_primitive_desc_query", Functions.signature("piip")),
          primitiveDescriptor,
          dnnl_query_impl_info_str,
          0,
          out);
      return out.get(ADDRESS, 0).reinterpret(256).getString(0);
    }
  }

  /** The primitive, ready to run. */
  public MemorySegment primitive(Scope scope, MemorySegment primitiveDescriptor) {
    return create(
        scope,
        "primitive",
        "dnnl_primitive_destroy",
        f.status("dnnl_primitive_create", 2),
        primitiveDescriptor);
  }

  // --- running ----------------------------------------------------------------------------------

  /** A tensor at an address. */
  public MemorySegment memory(Scope scope, MemorySegment descriptor, MemorySegment data) {
    return create(
        scope,
        "memory",
        "dnnl_memory_destroy",
        f.status("dnnl_memory_create", 4),
        descriptor,
        engine,
        data);
  }

  /** A queue of one thread. */
  public MemorySegment stream(Scope scope) {
    return create(
        scope,
        "stream",
        "dnnl_stream_destroy",
        f.status("dnnl_stream_create", Functions.signature("ppi")),
        engine,
        dnnl_stream_default_flags);
  }

  /** The arguments of a run: pairs of an argument's index and a memory object. */
  public static MemorySegment arguments(
      Arena arena, List<Argument> names, List<MemorySegment> memories) {
    MemorySegment all = arena.allocate(16L * names.size(), 8);
    for (int i = 0; i < names.size(); i++) {
      all.set(JAVA_INT, 16L * i, names.get(i).index());
      all.set(ADDRESS, 16L * i + 8, memories.get(i));
    }
    return all;
  }

  /** Runs a primitive; it is done when this returns. */
  public void execute(
      MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments) {
    int status;
    try {
      status = (int) execute.invokeExact(primitive, stream, count, arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("dnnl_primitive_execute", e);
    }
    if (status != 0) {
      throw new OneDnnException("execution", status);
    }
  }
}
