package wherefore.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Explanation;
import wherefore.attribution.ExplanationFormat;
import wherefore.model.ModelCatalog;

/**
 * The explanation document, {@code explanation/1}: JSON as {@code explanation-1.schema.json} (a
 * resource beside this class) describes it.
 *
 * <p>Nothing is lost: tensors are {@code .npy} files in base64 with their digests, doubles are
 * written with as many digits as tell them apart, and NaN and infinities, for which JSON has no
 * numbers, are the strings {@code NaN}, {@code Infinity}, {@code -Infinity}. Reading is strict:
 * what is not in the schema is refused.
 */
@Component
@Capability(
    namespace = "osgi.serviceloader",
    name = "wherefore.attribution.ExplanationFormat",
    attribute = "register:=\"${@class}\"")
public final class ExplanationDocument implements ExplanationFormat {
  /** What the field {@code wherefore} says. */
  static final String VERSION = "explanation/1";

  /** The schema, beside this class. */
  static final String SCHEMA = "explanation-1.schema.json";

  /** What is read at most. */
  static final int MAX_BYTES = 512 << 20;

  private final JsonFactory factory =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxStringLength(MAX_BYTES)
                  .build())
          .build();
  private final JSON json = JSON.builder(factory).build();

  @Override
  public void write(Explanation explanation, OutputStream out) throws IOException {
    try (JsonGenerator generator = factory.createGenerator(out)) {
      generator.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
      json.write(DocumentWriter.tree(explanation), generator);
      generator.writeRaw('\n');
    }
  }

  @Override
  public Explanation read(Path file, ModelCatalog models) throws IOException {
    try {
      Fields document = new Fields("", parse(file));
      requireVersion(document);
      return new DocumentReader(models).explanation(document);
    } catch (DocumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private Map<String, Object> parse(Path file) throws IOException, DocumentException {
    if (!Files.isRegularFile(file)) {
      throw new DocumentException("there is no such file");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new DocumentException(
          "has %d bytes; explanation documents of up to %d are read"
              .formatted(Files.size(file), MAX_BYTES));
    }
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = factory.createParser(in)) {
      Map<String, Object> tree = json.mapFrom(parser);
      if (tree == null || parser.nextToken() != null) {
        throw new DocumentException("is not one JSON object, as explanation documents are");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new DocumentException(
          "is not valid JSON" + place(e) + ": " + e.getOriginalMessage(), e);
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " at line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private static void requireVersion(Fields document) throws DocumentException {
    if (!document.has("wherefore")) {
      throw new DocumentException(
          "is no explanation document: it lacks the field wherefore, which says " + VERSION);
    }
    String version = document.text("wherefore");
    if (!version.equals(VERSION)) {
      throw new DocumentException("is written as %s; %s can be read".formatted(version, VERSION));
    }
  }
}
