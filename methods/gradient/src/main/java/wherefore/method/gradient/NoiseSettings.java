package wherefore.method.gradient;

import wherefore.attribution.Option;

/** The options of methods that look at an attribution under noise. */
record NoiseSettings(
    @Option(
            value = "The method that is asked at each noisy input, by its id.",
            byDefault = "gradient")
        String of,
    @Option(
            value = "Options of that method: name=value, several separated by semicolons.",
            byDefault = "")
        String with,
    @Option(value = "How many noisy inputs.", byDefault = "50", min = 2, max = 1_000_000)
        int samples,
    @Option(
            value = "The noise's standard deviation, as a fraction of max(input) - min(input).",
            byDefault = "0.1",
            min = 0)
        double noise,
    @Option(
            value = "Take the noise's deviation as it is, in the input's unit.",
            byDefault = "false")
        boolean absolute) {}
