package wherefore.backend.cpu;

/**
 * Where something begins.
 *
 * @param buffer in which buffer
 * @param bytes how far from its start
 */
record Place(Buffer buffer, long bytes) {
  static Place of(View view) {
    return new Place(view.buffer(), view.byteOffset());
  }
}
