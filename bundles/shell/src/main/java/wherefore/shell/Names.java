package wherefore.shell;

/** Kinds of things that have names which can be completed. */
enum Names {
  /** Nothing that is known beforehand. */
  NONE,
  /** Files. */
  FILE,
  /** Models of the catalog, or files. */
  MODEL,
  /** Methods that are there. */
  METHOD,
  /** Options of the method that is asked, as {@code name=}. */
  OPTION,
  /** Labels of the model that is asked. */
  TARGET,
  /** Layers of the model that is asked. */
  LAYER,
  /** Layers and concepts of the model that is asked. */
  UNIT,
  /** Backends that are there. */
  BACKEND,
  /** Baselines in short form, or files. */
  BASELINE
}
