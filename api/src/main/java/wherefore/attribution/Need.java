package wherefore.attribution;

/** What a method must have to work. */
public enum Need {
  /** The model's values at inputs of its choice. */
  FORWARD("forward"),
  /** The model's graph, for gradients or rules. */
  GRAPH("graph"),
  /** Something to compare the input with. */
  BASELINE("baseline"),
  /** Random numbers. */
  SEED("seed");

  private final String text;

  Need(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
