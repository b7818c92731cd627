package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.serializer.NormalizerSerializer;
import org.nd4j.linalg.factory.Nd4j;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Port.Axis;
import wherefore.model.Preprocessing;
import wherefore.tensor.ElementType;

/** A normalizer that DL4J fitted and saved does, read as preprocessing, what DL4J does with it. */
final class NormalizersTest {
  private static final Port TABLE =
      new Port("input", ElementType.FLOAT32, List.of(Axis.free("batch"), Axis.fixed(3)));
  private static final Port IMAGE =
      new Port(
          "input",
          ElementType.FLOAT32,
          List.of(Axis.free("batch"), Axis.fixed(1), Axis.fixed(4), Axis.fixed(5)));

  @Test
  void standardized() throws IOException {
    checkTable(new NormalizerStandardize());
  }

  @Test
  void betweenLowestAndHighest() throws IOException {
    checkTable(new NormalizerMinMaxScaler(-1, 3));
  }

  private static void checkTable(DataNormalization normalizer) throws IOException {
    INDArray rows =
        Nd4j.createFromArray(new double[][] {{1, -2, 30}, {4, 0.5, 10}, {2, 2, 20}, {9, -7, 5}});
    normalizer.fit(new DataSet(rows, Nd4j.zeros(DataType.DOUBLE, 4, 1)));
    Preprocessing.Table table = (Preprocessing.Table) read(normalizer, TABLE).orElseThrow();
    INDArray expected = rows.dup();
    normalizer.transform(expected);
    for (int row = 0; row < 4; row++) {
      for (int i = 0; i < 3; i++) {
        double x = (rows.getDouble(row, i) - table.mean().get(i)) / table.deviation().get(i);
        assertEquals(expected.getDouble(row, i), x, 1e-6);
      }
    }
  }

  @Test
  void scaledPixels() throws IOException {
    Preprocessing.Image image =
        (Preprocessing.Image) read(new ImagePreProcessingScaler(-1, 2), IMAGE).orElseThrow();
    assertEquals(5, image.width());
    assertEquals(4, image.height());
    assertEquals(Preprocessing.Channels.GREY, image.channels());
    INDArray pixels = Nd4j.createFromArray(0.0, 100.0, 255.0);
    INDArray expected = pixels.dup();
    new ImagePreProcessingScaler(-1, 2).transform(expected);
    for (int i = 0; i < 3; i++) {
      double scaled = pixels.getDouble(i) * image.scale().getFirst();
      double x = (scaled - image.mean().getFirst()) / image.deviation().getFirst();
      assertEquals(expected.getDouble(i), x, 1e-9);
    }
  }

  @Test
  void cutOff() throws IOException {
    NormalizerMinMaxScaler normalizer = new NormalizerMinMaxScaler();
    normalizer.fit(new DataSet(Nd4j.eye(3), Nd4j.zeros(3, 1)));
    byte[] whole = saved(normalizer);
    String refusal = refusal(Arrays.copyOf(whole, whole.length - 4));
    assertEquals("n.bin ends within an array: was the file cut off?", refusal);
    assertEquals("n.bin ends before the normalizer begins", refusal(Arrays.copyOf(whole, 5)));
  }

  @Test
  void somethingElse() {
    byte[] bytes = "\0\3abc\0\0\0\7".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("n.bin begins with abc, version 7; known: NORMALIZER, version 1", refusal(bytes));
  }

  private static String refusal(byte[] bytes) {
    ModelException refusal =
        assertThrows(ModelException.class, () -> Normalizers.read(bytes, TABLE, "n.bin"));
    return String.valueOf(refusal.getMessage());
  }

  private static Optional<Preprocessing> read(DataNormalization normalizer, Port port)
      throws IOException {
    byte[] bytes = saved(normalizer);
    assertTrue(bytes.length > 0);
    return Normalizers.read(bytes, port, "n.bin");
  }

  private static byte[] saved(DataNormalization normalizer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    NormalizerSerializer.getDefault().write(normalizer, bytes);
    return bytes.toByteArray();
  }
}
