package wherefore.document;

import java.io.IOException;

/** Something is wrong in a document; the message begins with the place, the file is added later. */
final class DocumentException extends IOException {
  private static final long serialVersionUID = 1;

  DocumentException(String message) {
    super(message);
  }

  DocumentException(String message, Throwable cause) {
    super(message, cause);
  }
}
