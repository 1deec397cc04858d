package io.licenserelay.diagnosis;

import io.licenserelay.text.Plural;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that a catalogue was read from.
 *
 * @param base the file with the whole catalogue; null for the packed one
 * @param overlay the folder laid over it; null when there is none
 * @param origins of the causes that come from the overlay, by code, in the order of the files
 * @param sha256 see {@link Rules#sha256}
 */
record RuleSource(@Nullable String base, @Nullable String overlay, Map<String, RuleOrigin> origins, String sha256) {
    static final RuleSource PACKED = new RuleSource(null, null, Map.of(), "packed");

    static RuleSource file(String base, String sha256) {
        return new RuleSource(base, null, Map.of(), sha256);
    }

    RuleSource overlaid(String folder, Map<String, RuleOrigin> own, String ofAll) {
        return new RuleSource(base, folder, own, ofAll);
    }

    /** How many causes there are, and how many of them come from where. */
    String summary(int causes) {
        String all = Plural.of(causes, "cause") + " in the catalogue";
        if (overlay == null) {
            return base == null ? all : all + ": " + base;
        }
        long replaced = origins.values().stream().filter(RuleOrigin::replaces).count();
        return all + ": " + (causes - origins.size()) + (base == null ? " packed, " : " of " + base + ", ") + replaced
                + " replaced, " + (origins.size() - replaced) + " added by " + overlay;
    }
}
