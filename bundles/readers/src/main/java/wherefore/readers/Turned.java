package wherefore.readers;

/**
 * Samples as a person sees them, whichever way the camera was held.
 *
 * @param stored as the file has them
 * @param width of the file's image
 * @param height of the file's image
 */
record Turned(Samples stored, Orientation orientation, int width, int height) implements Samples {
  @Override
  public void read(int x, int y, int across, int down, float[] rgb) {
    if (x != 0 || down != 1) {
      throw new IllegalArgumentException("only whole rows are turned");
    }
    boolean isTurned = orientation.isTurned();
    boolean isReversed = isTurned ? orientation.isUpsideDown() : orientation.isMirrored();
    if (isTurned) {
      stored.read(orientation.isMirrored() ? width - 1 - y : y, 0, 1, height, rgb);
    } else {
      stored.read(0, orientation.isUpsideDown() ? height - 1 - y : y, width, 1, rgb);
    }
    if (isReversed) {
      reverse(rgb, across);
    }
  }

  private static void reverse(float[] rgb, int pixels) {
    for (int i = 0; i < pixels / 2; i++) {
      for (int c = 0; c < 3; c++) {
        float kept = rgb[3 * i + c];
        rgb[3 * i + c] = rgb[3 * (pixels - 1 - i) + c];
        rgb[3 * (pixels - 1 - i) + c] = kept;
      }
    }
  }
}
