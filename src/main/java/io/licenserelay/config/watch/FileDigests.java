package io.licenserelay.config.watch;

import io.licenserelay.config.ConfigurationFiles;
import io.licenserelay.config.yaml.TextFile;
import io.licenserelay.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The content of all files of a configuration folder at one time, as digests. It reads the bytes instead of times or notifications of the file
 * system, so it works with symbolic links that are replaced, and with network file systems.
 *
 * @param byName digest by the name of the file below the folder; a file that cannot be read has the reason in place of the digest
 */
record FileDigests(Map<String, String> byName) {
    private static final List<String> SITES =
            List.of(ConfigurationFiles.MAIN, ConfigurationFiles.SITES, "application.properties");
    private static final List<String> DIAGNOSES = List.of("diagnoses.yaml", "diagnoses.d");

    private static final String NOT_A_FILE = "not a file";
    private static final String UNREADABLE = "unreadable";

    /** A longer file is invalid, whatever follows. */
    private static final int MAX_BYTES = TextFile.MAX_BYTES + 1;

    static FileDigests of(Path folder) {
        Map<String, String> digests = new TreeMap<>();
        for (String name : SITES) {
            add(folder, name, digests);
        }
        for (String name : DIAGNOSES) {
            add(folder, name, digests);
        }
        return new FileDigests(digests);
    }

    /** The digests of the catalogue of causes and its additions. */
    FileDigests diagnoses() {
        return new FileDigests(byName.entrySet().stream()
                .filter(entry -> DIAGNOSES.contains(entry.getKey().replaceFirst("/.*", "")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** The names of the files that differ, sorted. */
    List<String> differences(FileDigests other) {
        TreeSet<String> names = new TreeSet<>(byName.keySet());
        names.addAll(other.byName.keySet());
        return names.stream()
                .filter(name -> !byName.getOrDefault(name, "").equals(other.byName.getOrDefault(name, "")))
                .toList();
    }

    private static void add(Path folder, String name, Map<String, String> digests) {
        Path path = folder.resolve(name);
        if (Files.isDirectory(path)) {
            addFolder(folder, name, digests);
        } else if (Files.isRegularFile(path)) {
            digests.put(name, digest(path));
        } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            digests.put(name, NOT_A_FILE);
        }
    }

    private static void addFolder(Path folder, String name, Map<String, String> digests) {
        try {
            for (String file : ConfigurationFiles.yamlFiles(folder.resolve(name))) {
                String inFolder = name + "/" + file;
                Path path = folder.resolve(inFolder);
                digests.put(inFolder, Files.isRegularFile(path) ? digest(path) : NOT_A_FILE);
            }
        } catch (IOException e) {
            digests.put(name, UNREADABLE);
        }
    }

    private static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new Sha256().add(in.readNBytes(MAX_BYTES)).hex();
        } catch (IOException e) {
            return UNREADABLE;
        }
    }
}
