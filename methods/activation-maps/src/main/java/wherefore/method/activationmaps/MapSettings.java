package wherefore.method.activationmaps;

import wherefore.attribution.Option;

/** The options of a map: what is done with Σ_c w_c A_c in the end. */
record MapSettings(
    @Option(value = "Set negative places to 0, as the papers do.", byDefault = "true") boolean relu,
    @Option(
            value =
                "Bring the map to the input's extents by linear interpolation; else it has the"
                    + " layer's.",
            byDefault = "true")
        boolean upsample) {}
