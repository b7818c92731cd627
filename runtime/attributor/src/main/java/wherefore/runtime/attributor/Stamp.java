package wherefore.runtime.attributor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What tells that a model file or its card was changed: times and sizes. */
record Stamp(Optional<One> file, Optional<One> card) {
  private record One(long modified, long size, String key) {}

  static Stamp of(Path model) {
    return new Stamp(one(model), one(Card.beside(model)));
  }

  private static Optional<One> one(Path file) {
    try {
      BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
      String key = String.valueOf(a.fileKey());
      return Optional.of(new One(a.lastModifiedTime().to(TimeUnit.NANOSECONDS), a.size(), key));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
