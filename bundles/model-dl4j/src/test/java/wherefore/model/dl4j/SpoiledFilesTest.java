package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;

/** A model file of which some bytes are changed gives a model or a refusal that says which file. */
final class SpoiledFilesTest {
  private static final List<Path> MODELS =
      List.of(
          Path.of("../../distribution/examples/digits/digits.zip"),
          Path.of("../../distribution/examples/breast-cancer/breast-cancer.zip"));

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aModelOrARefusal(long seed) throws IOException {
    Random random = new Random(seed);
    Map<String, byte[]> entries = entries(MODELS.get(random.nextInt(MODELS.size())));
    List<String> names = List.copyOf(entries.keySet());
    spoil(random, Objects.requireNonNull(entries.get(names.get(random.nextInt(names.size())))));
    Path file = folder.resolve("spoiled.zip");
    write(file, entries);
    try {
      assertFalse(new Dl4jLoader().load(file, ModelCard.EMPTY).outputs().isEmpty());
    } catch (ModelException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith(file.toString()), e.getMessage());
    }
  }

  /** Mostly near the beginning, where what describes the rest is. */
  private static void spoil(Random random, byte[] content) {
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int reach = random.nextBoolean() ? content.length : Math.min(content.length, 120);
      byte value = (byte) (random.nextBoolean() ? random.nextInt(256) : '0' + random.nextInt(10));
      content[random.nextInt(reach)] = value;
    }
  }

  private static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private static void write(Path file, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
  }
}
