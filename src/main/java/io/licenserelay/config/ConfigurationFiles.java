package io.licenserelay.config;

import io.licenserelay.config.yaml.ConfigurationProblems;
import io.licenserelay.config.yaml.TextFile;
import io.licenserelay.text.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files in a configuration folder that contain sites: {@code relay.yaml} and {@code sites.d/*.yaml}. */
public final class ConfigurationFiles {
    /** The name of the main file. */
    public static final String MAIN = "relay.yaml";

    /** The name of the folder with further sites. */
    public static final String SITES = "sites.d";

    /** The maximum number of files in {@link #SITES}. */
    public static final int MAX_FILES = 1000;

    /** Only names that every system sorts in the same order. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\.yaml");

    private final Path folder;
    private final ConfigurationProblems problems;
    private final Map<String, String> digests = new LinkedHashMap<>();
    private boolean siteFilesExist;

    ConfigurationFiles(Path folder, ConfigurationProblems problems) {
        this.folder = folder;
        this.problems = problems;
    }

    /**
     * The names of the files in a folder such as {@code sites.d} that end in {@code .yaml} or {@code .yml}, sorted. Hidden files are left out:
     * Kubernetes replaces a ConfigMap with them, and editors store their copies in them. Other files are left out too, for example a README.
     *
     * @return at most {@link #MAX_FILES} + 1 names; none if the folder does not exist
     * @throws IOException if the folder exists and cannot be listed
     */
    public static List<String> yamlFiles(Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ConfigurationFiles::isYaml)) {
            for (Path file : files) {
                names.add(String.valueOf(file.getFileName()));
                if (names.size() > MAX_FILES) {
                    break;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return List.copyOf(names);
    }

    private static boolean isYaml(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    /** The text of {@code relay.yaml}; null after reporting the problem. */
    @Nullable
    String main() {
        Path path = folder.resolve(MAIN);
        if (Files.notExists(path)) {
            problems.add(
                    0,
                    "the file does not exist",
                    "copy the relay.yaml that came with the relay, or set the configuration folder");
            return null;
        }
        return text(MAIN, problems);
    }

    /** The texts of the files in {@code sites.d} by name, {@code sites.d/berlin.yaml}, without those with a reported problem. */
    Map<String, String> sites() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String file : names()) {
            String name = SITES + "/" + file;
            ConfigurationProblems ofFile = problems.of(folder.resolve(name).toString());
            if (!NAME.matcher(file).matches()) {
                ofFile.add(0, "the file name is not valid", "write letters, digits and . _ - and end it with .yaml");
                continue;
            }
            String text = text(name, ofFile);
            if (text != null) {
                texts.put(name, text);
            }
        }
        return texts;
    }

    /** Whether {@link #sites()} found a file, even one with a problem. */
    boolean haveSites() {
        return siteFilesExist;
    }

    private List<String> names() {
        ConfigurationProblems ofFolder = problems.of(folder.resolve(SITES).toString());
        try {
            List<String> names = yamlFiles(folder.resolve(SITES));
            siteFilesExist = !names.isEmpty();
            if (names.size() <= MAX_FILES) {
                return names;
            }
            ofFolder.add(0, "more than " + MAX_FILES + " files", "write several sites into one file");
        } catch (IOException e) {
            ofFolder.add(0, "it cannot be listed: " + e, "make it a folder that this user may read, or remove it");
        }
        return List.of();
    }

    private @Nullable String text(String name, ConfigurationProblems ofFile) {
        Path path = folder.resolve(name);
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            // Opening a pipe would wait for its writer.
            ofFile.add(0, path + " is not a regular file", "replace it with a file");
            return null;
        }
        try {
            byte[] bytes = TextFile.bytes(path, TextFile.MAX_BYTES);
            digests.put(name, new Sha256().add(bytes).hex());
            return TextFile.text(bytes, ofFile);
        } catch (IOException e) {
            ofFile.add(0, String.valueOf(e.getMessage()), "make " + path + " a readable file within the size limit");
            return null;
        }
    }

    /**
     * The SHA-256 of all files that were read. With {@code relay.yaml} only, that of the file; else that of the output of
     * {@code sha256sum relay.yaml sites.d/*.yaml}.
     */
    String sha256() {
        if (digests.size() == 1) {
            return digests.values().iterator().next();
        }
        Sha256 all = new Sha256();
        digests.forEach((name, digest) -> all.add(digest + "  " + name + "\n"));
        return all.hex();
    }
}
