package io.licenserelay.app.route;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A route file of the operator's folder, and its effect on the packed files.
 *
 * @param path of the file
 * @param effect on the packed file of the same name
 * @param madeFrom the SHA-256 of the packed file that this file was copied from, from its first line; null if it has no such line
 */
public record OwnRouteFile(
        Path path, Effect effect, @Nullable String madeFrom) {
    /** The effect of an operator's file. */
    public enum Effect {
        /** No packed file has this name. */
        ADDED,
        /** It replaces the packed file. */
        REPLACES,
        /** It is equal to the packed file, apart from the line with the digest. */
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

    /** The packed file with a first line that contains its digest, for a copy in the operator's folder. */
    public static String copyOf(String packed) {
        return "# replaces " + packed + " sha256:" + PackedRoutes.digest(packed) + System.lineSeparator()
                + PackedRoutes.content(packed);
    }

    public String name() {
        return String.valueOf(path.getFileName());
    }

    /** Whether the packed file has changed since this file was copied from it. False if the first line has no digest. */
    public boolean isOutdated() {
        return effect == Effect.REPLACES && madeFrom != null && !madeFrom.equals(PackedRoutes.digest(name()));
    }
}
