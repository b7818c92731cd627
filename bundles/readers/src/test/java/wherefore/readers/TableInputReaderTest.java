package wherefore.readers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.model.Input;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Channels;
import wherefore.model.Preprocessing.Layout;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class TableInputReaderTest {
  private static final Port THREE = Cards.port(ElementType.FLOAT32, 3);
  private static final ModelCard CARD = Cards.features("width", "length", "mass");
  private final TableInputReader reader = new TableInputReader();
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("rows.csv"), text);
  }

  private String failure(String text, Port port, ModelCard card) throws IOException {
    return failure(file(text), port, card);
  }

  private String failure(Path file, Port port, ModelCard card) {
    ModelException e = assertThrows(ModelException.class, () -> reader.read(file, port, card));
    return String.valueOf(e.getMessage()).replace(folder.toString(), "");
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t"})
  void columnsAreMatchedByNameInAnyOrder(String separator) throws IOException {
    String text = "species,mass,width , length\nfox,3,1.5,-2e0\n\"a \"\"b\"\"\",6,4,5\n";
    Input input = reader.read(file(text.replace(",", separator)), THREE, CARD);
    assertEquals(Shape.of(1, 3), input.value().shape());
    assertEquals(ElementType.FLOAT32, input.value().type());
    assertArrayEquals(new float[] {1.5f, -2, 3}, input.value().toFloats());
    assertEquals(List.of("width", "length", "mass"), input.features());
  }

  @Test
  void aRowIsChosenByItsNumber() throws IOException {
    file("width,length,mass\n1,2,3\n4,5,6\n\n7,8,9\n");
    Input input = reader.read(folder.resolve("rows.csv#3"), THREE, CARD);
    assertArrayEquals(new float[] {7, 8, 9}, input.value().toFloats());
    assertEquals(
        "/rows.csv: row 4 is asked for, but there are 3",
        failure(folder.resolve("rows.csv#4"), THREE, CARD));
    assertEquals(
        "/rows.csv#0: rows are counted from 1 to 999999999",
        failure(folder.resolve("rows.csv#0"), THREE, CARD));
    assertEquals(
        "/none.csv: there is no such file", failure(folder.resolve("none.csv#1"), THREE, CARD));
  }

  @Test
  void aDataSetIsAllRows() throws IOException {
    Path file = file("mass,width,length\n1,2,3\n4,5,6\n\n7,8,9\n");
    Tensor all = reader.examples(file, THREE, CARD);
    assertEquals(Tensor.of(Shape.of(3, 3), 2f, 3, 1, 5, 6, 4, 8, 9, 7), all);
    assertEquals(
        Tensor.of(Shape.of(1, 3), 5f, 6, 4),
        reader.examples(folder.resolve("rows.csv#2"), THREE, CARD));
    Path wrong = file("mass,width,length\n1,2,3\n4,five,6\n");
    ModelException e =
        assertThrows(ModelException.class, () -> reader.examples(wrong, THREE, CARD));
    assertEquals(
        "/rows.csv: line 3: column width is 'five'; it must be a number",
        String.valueOf(e.getMessage()).replace(folder.toString(), ""));
  }

  @Test
  void theCardsScalingIsApplied() throws IOException {
    ModelCard card =
        Cards.of(new Preprocessing.Table(List.of(1.0, 2.0), List.of(2.0, 4.0)), "a", "b");
    Input input = reader.read(file("a,b\n5,0\n"), Cards.port(ElementType.FLOAT64, 2), card);
    assertArrayEquals(new double[] {2, -0.5}, input.value().toDoubles());
    assertEquals(
        "/rows.csv: has 3 features, but the model's card has 2 numbers for mean",
        failure(
            "a,b,c\n1,2,3\n",
            THREE,
            Cards.of(new Preprocessing.Table(List.of(1.0, 2.0), List.of()), "a", "b", "c")));
  }

  @Test
  void withoutNamesNumericColumnsAreTakenInOrder() throws IOException {
    Input named = reader.read(file("id,b,a,c\nx1,1,2,3\n"), THREE, ModelCard.EMPTY);
    assertEquals(List.of("b", "a", "c"), named.features());
    Input bare = reader.read(file("1,2,3\n4,5,6\n"), THREE, ModelCard.EMPTY);
    assertArrayEquals(new float[] {1, 2, 3}, bare.value().toFloats());
    assertEquals(List.of("column 1", "column 2", "column 3"), bare.features());
    assertArrayEquals(
        new float[] {1, 2, 3}, reader.read(file("1,2,3\n"), THREE, CARD).value().toFloats());
  }

  @Test
  void valuesTakeTheInputsShapeAndType() throws IOException {
    Input input = reader.read(file("1,2,3,4\n"), Cards.port(ElementType.INT64, 2, -1), CARD_NONE);
    assertEquals(Shape.of(1, 2, 2), input.value().shape());
    assertArrayEquals(new long[] {1, 2, 3, 4}, input.value().toLongs());
    assertEquals(
        "/rows.csv: holds f64[1,2], but the model takes x i64[batch,2]",
        failure("1,2.5\n", Cards.port(ElementType.INT64, 2), CARD_NONE));
  }

  private static final ModelCard CARD_NONE = ModelCard.EMPTY;

  @Test
  void wrongColumnsAreNamedWithFileAndLine() throws IOException {
    assertEquals(
        "/rows.csv: lacks the columns width, mass; its header has length, weight",
        failure("length,weight\n1,2\n", THREE, CARD));
    assertEquals(
        "/rows.csv: line 2: column length is 'long'; it must be a number",
        failure("width,length,mass\n1,long,3\n", THREE, CARD));
    assertEquals(
        "/rows.csv: line 2: column mass is ''; it must be a number",
        failure("width,length,mass\n1,2,\n", THREE, CARD));
    assertEquals(
        "/rows.csv: line 2: column mass is 'NaN'; it must be a number",
        failure("width,length,mass\n1,2,NaN\n", THREE, CARD));
    assertEquals(
        "/rows.csv: line 2: has 2 columns, the header has 3",
        failure("width,length,mass\n1,2\n", THREE, CARD));
    assertEquals(
        "/rows.csv: line 2: has the column mass twice",
        failure("width,length,mass,mass\n1,2,3,4\n", THREE, CARD));
    assertEquals(
        "/rows.csv: line 1: has no header and 2 columns; the model takes 3 features: width,"
            + " length, mass",
        failure("1,2\n", THREE, CARD));
    assertEquals(
        "/rows.csv: has 2 numeric columns (a, b), but the model takes x f32[batch,3]",
        failure("a,b,c\n1,2,x\n", THREE, ModelCard.EMPTY));
  }

  @Test
  void whatIsNoTableIsRefused() throws IOException {
    assertEquals("/rows.csv: has no row of values", failure("width,length,mass\n", THREE, CARD));
    assertEquals("/rows.csv: has no row of values", failure("", THREE, CARD));
    Path file = folder.resolve("rows.csv");
    Files.write(file, "gr\u00f6\u00dfe,b\n1,2\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("/rows.csv: is not text in UTF-8", failure(file, THREE, CARD));
    assertEquals(
        "/rows.csv: is a table, but the model's card says its input is an image of 8 x 4 pixels;"
            + " give an image or a .npy file",
        failure("1,2\n", THREE, Cards.of(Cards.image(8, 4, Channels.GREY, Layout.NCHW))));
  }
}
