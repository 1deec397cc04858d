package io.licenserelay.diagnosis;

import io.licenserelay.text.Plural;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that a catalogue was read from.
 *
 * @param base the file with the whole catalogue; null for the packed catalogue
 * @param overlay the folder of the overlay; null if there is none
 * @param origins the origins of the overlay's causes, by code, in the order of the files
 * @param sha256 see {@link Rules#sha256}
 */
record RuleSource(@Nullable String base, @Nullable String overlay, Map<String, RuleOrigin> origins, String sha256) {
    static final RuleSource PACKED = new RuleSource(null, null, Map.of(), "packed");

    static RuleSource file(String base, String sha256) {
        return new RuleSource(base, null, Map.of(), sha256);
    }

    RuleSource overlaid(String folder, Map<String, RuleOrigin> overlayOrigins, String sha256OfAll) {
        return new RuleSource(base, folder, overlayOrigins, sha256OfAll);
    }

    /** The number of causes in total and by origin. */
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
