package wherefore.backend.cpu.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import wherefore.natives.onednn.OneDnnLibrary;

/** oneDNN on this machine: there, or missing with a cause. */
public sealed interface Library {
  /**
   * It is there.
   *
   * @param oneDnn what it can do
   * @param file where it is unpacked
   */
  record Present(OneDnn oneDnn, Path file) implements Library {}

  /**
   * It is not.
   *
   * @param message what is missing and what to do
   * @param cause what led to it
   */
  record Missing(String message, Throwable cause) implements Library {}

  /** Loads it, once in a process; the same answer ever after. */
  static Library load() {
    return Holder.LIBRARY;
  }

  /** Loads on first use. */
  final class Holder {
    private static final Library LIBRARY = tryLoad();

    private Holder() {}

    private static Library tryLoad() {
      try {
        OneDnnLibrary files = OneDnnLibrary.unpacked();
        return new Present(open(files), files.library());
      } catch (IOException e) {
        return new Missing(String.valueOf(e.getMessage()), e);
      } catch (IllegalArgumentException | UnsatisfiedLinkError | OneDnnException e) {
        return new Missing("oneDNN does not load: " + e.getMessage(), e);
      }
    }

    /** The library is never unloaded: OpenMP's threads would run into nothing. */
    private static OneDnn open(OneDnnLibrary files) {
      setEnvironment("OMP_WAIT_POLICY", "passive");
      Optional<SymbolLookup> openMp =
          files.openMp().map(path -> SymbolLookup.libraryLookup(path, Arena.global()));
      SymbolLookup library = SymbolLookup.libraryLookup(files.library(), Arena.global());
      return new OneDnn(new Functions(library), threads(openMp.orElse(library)));
    }

    /** OpenMP's waiting threads would otherwise spin; it reads the environment when it loads. */
    private static void setEnvironment(String name, String value) {
      if (System.getenv(name) != null) {
        return;
      }
      try (Arena arena = Arena.ofConfined()) {
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
        Linker linker = Linker.nativeLinker();
        var symbol = linker.defaultLookup().find("setenv");
        if (symbol.isPresent()) {
          MethodHandle setenv = linker.downcallHandle(symbol.get(), type);
          int ignored =
              (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
        }
      } catch (Throwable e) {
        throw new IllegalStateException("setenv " + name, e);
      }
    }

    private static Optional<MethodHandle> threads(SymbolLookup openMp) {
      return openMp
          .find("omp_set_num_threads")
          .map(s -> Linker.nativeLinker().downcallHandle(s, FunctionDescriptor.ofVoid(JAVA_INT)));
    }
  }
}
