package wherefore.shell;

/** The arguments of commands about a model and one input of it. */
record Example(
    @Argument(
            value = "the model's name or file",
            shows = "MODEL",
            form = Argument.Form.EITHER,
            completes = Names.MODEL)
        String model,
    @Argument(
            value = "the input's file: an image, a table, a text, an array",
            shows = "INPUT",
            form = Argument.Form.EITHER,
            completes = Names.FILE)
        String input) {}
