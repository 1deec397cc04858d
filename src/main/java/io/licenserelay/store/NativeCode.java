package io.licenserelay.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * Unpacks the native code of libraries into the data folder. By default the libraries unpack it into {@code java.io.tmpdir} at every
 * start, and leave it there if the process is killed. If the data folder cannot be used, this default applies.
 */
final class NativeCode {
    private static final Logger LOG = LoggerFactory.getLogger(NativeCode.class);
    private static final String FOLDER = "native";
    private static final String SQLITE_PATH = "org.sqlite.lib.path";
    private static final String SQLITE_NAME = "org.sqlite.lib.name";

    /** Kafka's codecs and the terminal library. They unpack at first use, each time under a new name. */
    private static final List<String> TEMPORARY_FOLDERS =
            List.of("org.xerial.snappy.tempdir", "ZstdTempFolder", "jline.tmpdir");

    private NativeCode() {}

    /** For the process that locks the data folder: unpacks missing files, and removes those of other versions and processes. */
    static synchronized void unpack(Path data) {
        if (isDecided()) {
            return;
        }
        Path folder = folder(data);
        try {
            OwnerOnly.createDirectories(folder);
            if (!OwnerOnly.isOurs(folder)) {
                LOG.debug("other users own or may write to {}", folder);
                return;
            }
            Path library = folder.resolve(name());
            byte[] packed = packed();
            removeOthers(folder, library);
            if (!isGenuine(library, packed)) {
                write(library, packed);
            }
            use(library);
            for (String property : TEMPORARY_FOLDERS) {
                if (System.getProperty(property) == null) {
                    System.setProperty(property, folder.toString());
                }
            }
        } catch (IOException | UnsatisfiedLinkError unusable) {
            LOG.debug("native code is unpacked elsewhere", unusable);
        }
    }

    /** For a read-only process: uses the files that the locking process unpacked. */
    static synchronized void find(Path data) {
        if (isDecided()) {
            return;
        }
        Path library = folder(data).resolve(name());
        try {
            if (OwnerOnly.isOurs(folder(data)) && isGenuine(library, packed())) {
                use(library);
            }
        } catch (IOException | UnsatisfiedLinkError unusable) {
            LOG.debug("native code is unpacked elsewhere", unusable);
        }
    }

    /** Whether this process, or its command line, has already set the path. */
    private static boolean isDecided() {
        return System.getProperty(SQLITE_PATH) != null || System.getProperty("org.sqlite.tmpdir") != null;
    }

    private static Path folder(Path data) {
        return data.toAbsolutePath().resolve(FOLDER);
    }

    /** The name contains the platform, because a data folder may move to another kind of machine. */
    private static String name() {
        return "sqlite-" + SQLiteJDBCLoader.getVersion() + "-"
                + OSInfo.getNativeLibFolderPathForCurrentOS().replace('/', '-') + "-"
                + LibraryLoaderUtil.getNativeLibName();
    }

    private static byte[] packed() throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource);
            }
            return in.readAllBytes();
        }
    }

    private static boolean isGenuine(Path library, byte[] packed) throws IOException {
        return Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS)
                && OwnerOnly.isOurs(library)
                && Files.size(library) == packed.length
                && Arrays.equals(Files.readAllBytes(library), packed);
    }

    /** Writes the library under a temporary name and renames it, so that no process loads an incomplete file. */
    private static void write(Path library, byte[] packed) throws IOException {
        Path part = library.resolveSibling(
                library.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(part);
        OwnerOnly.write(part, packed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(part, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes all other files. A process that still uses one has it open and is not affected. */
    private static void removeOthers(Path folder, Path library) throws IOException {
        List<Path> others;
        try (Stream<Path> files = Files.list(folder)) {
            others = files.filter(each -> !each.equals(library)).toList();
        }
        for (Path other : others) {
            if (!Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(other);
            }
        }
    }

    /** Loads the library now, so that a folder mounted noexec fails here and not with an error log of the driver. */
    private static void use(Path library) {
        System.load(library.toString());
        System.setProperty(SQLITE_PATH, String.valueOf(library.getParent()));
        System.setProperty(SQLITE_NAME, String.valueOf(library.getFileName()));
    }
}
