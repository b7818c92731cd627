package wherefore.natives.onnxruntime;

/** What is wrapped. */
public final class OnnxRuntimeLibrary {
  /** The version of ONNX Runtime. */
  public static final String VERSION = "1.29.0";

  private OnnxRuntimeLibrary() {}
}
