package wherefore.model.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;

/** A translation with the file that it came from. */
final class LoadedModel {
  private LoadedModel() {}

  static Model of(Path file, String format, ModelCard card, Translation translation)
      throws ModelException {
    return new Model(
        card.name().isEmpty() ? nameOf(file) : card.name(),
        format,
        digest(file),
        file.toString(),
        translation.card(),
        translation.network().inputs(),
        translation.outputs(),
        translation.network());
  }

  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static String digest(Path file) throws ModelException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, sha).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw new ModelException(file + " can't be read: " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
