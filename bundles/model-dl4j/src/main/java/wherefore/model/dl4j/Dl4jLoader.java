package wherefore.model.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;
import wherefore.model.ProvidesLoader;

/**
 * Loads the zips that Deeplearning4j's ModelSerializer writes: multi-layer networks and computation
 * graphs.
 *
 * <p>DL4J's own code reads them; what it reads is checked first, since a zip may come from
 * anywhere. The network is taken as at inference. Nothing of DL4J is touched before the first load.
 */
@Component
@ProvidesLoader(loader = "dl4j")
public final class Dl4jLoader implements ModelLoader {
  /** For DS and {@link java.util.ServiceLoader}. */
  public Dl4jLoader() {}

  @Override
  public String format() {
    return "dl4j";
  }

  @Override
  public List<String> extensions() {
    return List.of("zip");
  }

  @Override
  public boolean accepts(Path file) {
    return Archive.isPresent(file);
  }

  @Override
  public Model load(Path file, ModelCard card) throws ModelException {
    Archive archive = Archive.read(file);
    Translation translation = Translation.of(archive, card, file.toString());
    return new Model(
        card.name().isEmpty() ? nameOf(file) : card.name(),
        format(),
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
      new DigestInputStream(in, sha).transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw new ModelException(file + " can't be read: " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
