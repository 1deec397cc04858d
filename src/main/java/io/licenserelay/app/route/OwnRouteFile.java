package io.licenserelay.app.route;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A route file of the operator's folder, and what it does to the packed ones.
 *
 * @param path of the file
 * @param effect on the packed file of the same name
 * @param madeFrom the SHA-256 of the packed file that this one was copied from, as its first line says; null when it does not say
 */
public record OwnRouteFile(
        Path path, Effect effect, @Nullable String madeFrom) {
    /** What a file of one's own does. */
    public enum Effect {
        /** No packed file has this name. */
        ADDED,
        /** It stands in place of the packed file. */
        REPLACES,
        /** It is the packed file, byte for byte but for the line that names the digest. */
        SAME,
        /** It is empty, so the packed file is not loaded. */
        OFF
    }

    private static final Pattern MADE_FROM = Pattern.compile("\\A#\\s*replaces \\S+ sha256:([0-9a-f]{64})\\s*?\\R?");
    private static final Pattern NOTHING = Pattern.compile("(?:\\s|#[^\\n]*(?:\\n|\\z)|---)*");

    static OwnRouteFile of(Path path, String content) {
        Matcher header = MADE_FROM.matcher(content);
        String digest = header.find() ? header.group(1) : null;
        return new OwnRouteFile(path, effect(String.valueOf(path.getFileName()), content), digest);
    }

    private static Effect effect(String name, String content) {
        boolean packed = PackedRoutes.names().contains(name);
        if (NOTHING.matcher(content).matches()) {
            return Effect.OFF;
        }
        if (!packed) {
            return Effect.ADDED;
        }
        String body = MADE_FROM.matcher(content).replaceFirst("");
        return body.equals(PackedRoutes.content(name)) ? Effect.SAME : Effect.REPLACES;
    }

    /** The packed file with the line that remembers it, as one copies it into a folder of one's own. */
    public static String copyOf(String packed) {
        return "# replaces " + packed + " sha256:" + PackedRoutes.digest(packed) + System.lineSeparator()
                + PackedRoutes.content(packed);
    }

    public String name() {
        return String.valueOf(path.getFileName());
    }

    /** Whether the packed file is another one than that which this file was copied from; false when it does not say. */
    public boolean isOutdated() {
        return effect == Effect.REPLACES && madeFrom != null && !madeFrom.equals(PackedRoutes.digest(name()));
    }
}
