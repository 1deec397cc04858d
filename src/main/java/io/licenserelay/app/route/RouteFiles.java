package io.licenserelay.app.route;

import io.licenserelay.app.route.OwnRouteFile.Effect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The route files of a relay: the packed files, overlaid by those of the operator's folder. A file with a new name is added, a file with
 * the name of a packed file replaces it, and an empty file disables it.
 */
public final class RouteFiles {
    /** Only the packed files. */
    public static final RouteFiles PACKED = new RouteFiles(null, List.of());

    /** Without these files, failures would be lost or requests would have no limits. They can be replaced, but not disabled. */
    private static final Set<String> SAFETY = Set.of(
            "00-errors.camel.yaml",
            "30-ssm.camel.yaml",
            "31-http-retries.camel.yaml",
            "32-http-request.camel.yaml",
            "50-failure.camel.yaml");

    /** Characters with a special meaning in Camel's list of route files. */
    private static final String SPECIAL = ",*?";

    private static final Pattern FROM_SERVER = Pattern.compile("(?m)^- rest:|\\bplatform-http:");

    private static final long LARGEST = 1024 * 1024;
    private static final int MOST = 500;

    private final @Nullable Path folder;
    private final List<OwnRouteFile> own;

    private RouteFiles(@Nullable Path folder, List<OwnRouteFile> own) {
        this.folder = folder;
        this.own = own;
    }

    /**
     * Returns the packed files, overlaid by the files of a folder.
     *
     * @throws BadRoutes if the folder or a file in it cannot be read or used
     */
    public static RouteFiles overlaidBy(Path folder) throws BadRoutes {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> named = files.filter(
                            each -> String.valueOf(each.getFileName()).endsWith(PackedRoutes.SUFFIX))
                    .sorted()
                    .limit(MOST + 1L)
                    .toList();
            if (named.size() > MOST) {
                throw new BadRoutes(
                        "The folder " + folder + " contains more than " + MOST + " route files: set another folder.");
            }
            List<OwnRouteFile> own = new ArrayList<>();
            for (Path file : named) {
                own.add(read(file));
            }
            return new RouteFiles(folder, List.copyOf(own));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static BadRoutes unreadable(Path folder, IOException why) {
        return new BadRoutes("The folder " + folder + " of the route files cannot be read (" + why.getMessage()
                + "): give this user read access.");
    }

    private static OwnRouteFile read(Path file) throws BadRoutes {
        String path = file.toAbsolutePath().toString();
        if (path.chars().anyMatch(each -> SPECIAL.indexOf(each) >= 0)) {
            throw new BadRoutes("Camel cannot load the route file " + file
                    + ": rename it or its folder so that its path contains none of " + SPECIAL + ".");
        }
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                throw new BadRoutes("The route file " + file + " is not a regular file, or is larger than "
                        + LARGEST / 1024 + " KiB: correct it, or remove it from the folder.");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            OwnRouteFile own = OwnRouteFile.of(file, text);
            if (own.effect() == Effect.OFF && SAFETY.contains(own.name())) {
                throw new BadRoutes(
                        "The route file " + file + " is empty. This route keeps the relay safe and cannot be"
                                + " disabled: remove the file to use the packed one, or put a complete route into it.");
            }
            if (own.effect() == Effect.OFF && !PackedRoutes.names().contains(own.name())) {
                throw new BadRoutes(
                        "The route file " + file + " is empty, and no packed route file has this name, so it disables"
                                + " nothing: correct the name (license-relay routes list shows the names), or remove the file.");
            }
            if (own.effect() != Effect.OFF) {
                RouteStructure.check(file, text);
            }
            return own;
        } catch (IOException e) {
            throw new BadRoutes("The route file " + file + " cannot be read (" + e.getMessage()
                    + "): give this user read access, and save the file as UTF-8.");
        }
    }

    /** For people: the folder, or {@code the jar}. */
    public String source() {
        return folder == null ? "the jar" : folder.toString();
    }

    /** The files of the folder, by name. */
    public List<OwnRouteFile> own() {
        return own;
    }

    /**
     * YAML files of the folder that are not loaded because of their names, by name.
     *
     * @throws BadRoutes if the folder cannot be read
     */
    public List<Path> ignored() throws BadRoutes {
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches(".*\\.ya?ml"))
                    .filter(file -> !String.valueOf(file.getFileName()).endsWith(PackedRoutes.SUFFIX))
                    .sorted()
                    .limit(MOST)
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** Whether this packed file keeps the relay safe. Replacing it causes a warning. */
    public static boolean isSafety(String name) {
        return SAFETY.contains(name);
    }

    /** All loaded files in order of name, as Camel's list of resources. */
    public String pattern() {
        return loaded().entrySet().stream()
                .map(each -> location(each.getKey(), each.getValue()))
                .collect(Collectors.joining(","));
    }

    /** The list without the files whose routes take requests from the HTTP server of the relay. */
    public String patternWithoutServer() {
        return String.join(",", locations(text -> !FROM_SERVER.matcher(text).find()));
    }

    /** The locations of the loaded files whose text matches, in order of name. */
    List<String> locations(Predicate<String> content) {
        return loaded().entrySet().stream()
                .filter(each -> content.test(text(each.getKey(), each.getValue())))
                .map(each -> location(each.getKey(), each.getValue()))
                .toList();
    }

    private static String location(String name, @Nullable Path path) {
        return path == null ? "classpath:routes/" + name : "file:" + path;
    }

    /** The text of each loaded file: packed files by name, others by path. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        loaded().forEach((name, path) -> texts.put(path == null ? name : path.toString(), text(name, path)));
        return texts;
    }

    private static String text(String name, @Nullable Path path) {
        if (path == null) {
            return PackedRoutes.content(name);
        }
        try {
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the route file " + path + " can no longer be read", e);
        }
    }

    /** The loaded files by name: the path of an operator's file, or null for a packed file. */
    private Map<String, @Nullable Path> loaded() {
        Map<String, @Nullable Path> files = new TreeMap<>();
        PackedRoutes.names().forEach(name -> files.put(name, null));
        for (OwnRouteFile each : own) {
            switch (each.effect()) {
                case OFF -> files.remove(each.name());
                case ADDED, REPLACES -> files.put(each.name(), each.path());
                case SAME -> {}
            }
        }
        return files;
    }

    /** The number of files, and the effects of the folder. */
    @Override
    public String toString() {
        String packed = PackedRoutes.names().size() + " packed";
        if (folder == null) {
            return packed;
        }
        Map<Effect, Long> counts =
                own.stream().collect(Collectors.groupingBy(OwnRouteFile::effect, Collectors.counting()));
        return packed + "; " + counts.getOrDefault(Effect.ADDED, 0L) + " added, "
                + counts.getOrDefault(Effect.REPLACES, 0L) + " replaced, " + counts.getOrDefault(Effect.OFF, 0L)
                + " disabled by " + folder;
    }
}
