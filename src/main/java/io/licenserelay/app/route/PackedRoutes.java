package io.licenserelay.app.route;

import io.licenserelay.event.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/** The route files in the jar. */
public final class PackedRoutes {
    /** The suffix of every route file. */
    public static final String SUFFIX = ".camel.yaml";

    private static final String FOLDER = "/routes/";

    /** A file that exists in every version, used to find the folder. */
    private static final String FIRST = "00-errors" + SUFFIX;

    private static final List<String> NAMES = list();

    private PackedRoutes() {}

    /** The file names, sorted. This is the order of the steps in the pipeline. */
    public static List<String> names() {
        return NAMES;
    }

    /** @throws NoSuchElementException if no packed route file has this name */
    public static String content(String name) {
        if (!NAMES.contains(name)) {
            throw new NoSuchElementException(name);
        }
        try (InputStream in = PackedRoutes.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new NoSuchElementException(name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the packed route file " + name + " cannot be read", e);
        }
    }

    /** The SHA-256 of a packed file, in hex. A copy stores it, to detect later changes of the packed file. */
    public static String digest(String name) {
        return Digests.sha256(content(name).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> list() {
        URL first = PackedRoutes.class.getResource(FOLDER + FIRST);
        if (first == null) {
            throw new IllegalStateException("the packed route files are missing from this installation");
        }
        try {
            URI uri = first.toURI();
            if (!uri.getScheme().equals("jar")) {
                return names(Path.of(uri).resolveSibling(""));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return names(jar.getPath(FOLDER));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the packed route files cannot be listed", e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> String.valueOf(each.getFileName()))
                    .filter(name -> name.endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }
}
