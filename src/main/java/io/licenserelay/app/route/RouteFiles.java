package io.licenserelay.app.route;

import java.nio.file.Path;

/**
 * Where the routes come from.
 *
 * @param source the folder, or {@code the jar}, for people
 * @param pattern of the files, as Camel takes it
 */
public record RouteFiles(String source, String pattern) {
    /** The ones that every relay brings along. */
    public static final RouteFiles PACKED = new RouteFiles("the jar", "classpath:routes/*.camel.yaml");

    /** Those of a folder. */
    public static RouteFiles of(Path folder) {
        return new RouteFiles(folder.toString(), "file:" + folder + "/*.camel.yaml");
    }

    /** {@code the packed ones} or the folder. */
    @Override
    public String toString() {
        return equals(PACKED) ? "the packed ones, since there is no folder routes/ here" : "those in " + source;
    }
}
