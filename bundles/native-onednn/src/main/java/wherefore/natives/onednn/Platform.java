package wherefore.natives.onednn;

import java.util.List;
import java.util.Locale;

/**
 * A kind of machine.
 *
 * @param name as the preset's jars have it: {@code linux-x86_64}
 * @param library oneDNN's file
 * @param others what the library needs beside it
 */
record Platform(String name, String library, List<String> others) {
  /** The machine that this runs on. */
  static Platform here() {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  static Platform of(String system, String processor) {
    String os = system.toLowerCase(Locale.ROOT);
    String arch =
        switch (processor.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm64";
          default -> processor;
        };
    if (os.startsWith("mac")) {
      return new Platform("macosx-" + arch, "libdnnl.3.dylib", List.of("libomp.dylib"));
    }
    if (os.startsWith("windows")) {
      return new Platform("windows-" + arch, "dnnl.dll", List.of());
    }
    return new Platform("linux-" + arch, "libdnnl.so.3", List.of("libgomp.so.1"));
  }
}
