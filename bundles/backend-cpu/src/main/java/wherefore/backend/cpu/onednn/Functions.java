package wherefore.backend.cpu.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** oneDNN's C functions by name, with the types of their arguments. */
final class Functions {
  private static final Linker LINKER = Linker.nativeLinker();

  private final SymbolLookup library;
  private final Map<String, MethodHandle> handles = new HashMap<>();

  Functions(SymbolLookup library) {
    this.library = library;
  }

  /** A function of the library that returns a status. */
  MethodHandle status(String name, MemoryLayout... arguments) {
    return of(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** As {@link #status} with nothing but addresses. */
  MethodHandle status(String name, int addresses) {
    return status(name, addresses(addresses));
  }

  MethodHandle of(String name, FunctionDescriptor descriptor) {
    MethodHandle known = handles.get(name);
    if (known == null) {
      MemorySegment symbol =
          library
              .find(name)
              .orElseThrow(() -> new UnsatisfiedLinkError("no function " + name + " in oneDNN"));
      known = LINKER.downcallHandle(symbol, descriptor);
      handles.put(name, known);
    }
    return known;
  }

  static MemoryLayout[] addresses(int count) {
    MemoryLayout[] layouts = new MemoryLayout[count];
    Arrays.fill(layouts, ADDRESS);
    return layouts;
  }

  /** A convolution's, pooling's: engine, kinds, descriptors and windows, in the given order. */
  static MemoryLayout[] signature(String letters) {
    MemoryLayout[] layouts = new MemoryLayout[letters.length()];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] =
          switch (letters.charAt(i)) {
            case 'p' -> ADDRESS;
            case 'i' -> JAVA_INT;
            case 'l' -> JAVA_LONG;
            case 'f' -> JAVA_FLOAT;
            default -> throw new IllegalArgumentException(letters);
          };
    }
    return layouts;
  }
}
