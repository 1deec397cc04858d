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
 * Unpacks the native code of libraries into the data folder. By themselves they unpack it into {@code java.io.tmpdir} at every start,
 * and leave it there when the process is killed. Where the data folder does not serve, they do so.
 */
final class NativeCode {
    private static final Logger LOG = LoggerFactory.getLogger(NativeCode.class);
    private static final String FOLDER = "native";
    private static final String SQLITE_PATH = "org.sqlite.lib.path";
    private static final String SQLITE_NAME = "org.sqlite.lib.name";

    /** Codecs of Kafka and the terminal's library: they unpack when first used, under a name that is new each time. */
    private static final List<String> TEMPORARY_FOLDERS =
            List.of("org.xerial.snappy.tempdir", "ZstdTempFolder", "jline.tmpdir");

    private NativeCode() {}

    /** For the process that holds the data folder: unpacks what is not there and removes what other versions and processes left. */
    static synchronized void unpack(Path data) {
        if (isDecided()) {
            return;
        }
        Path folder = folder(data);
        try {
            OwnerOnly.createDirectories(folder);
            if (!OwnerOnly.isOurs(folder)) {
                LOG.debug("{} is not ours alone", folder);
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

    /** For a process that only reads: uses what a holder unpacked. */
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

    /** Once in a process, or by who started it. */
    private static boolean isDecided() {
        return System.getProperty(SQLITE_PATH) != null || System.getProperty("org.sqlite.tmpdir") != null;
    }

    private static Path folder(Path data) {
        return data.toAbsolutePath().resolve(FOLDER);
    }

    /** A data folder may move to a machine of another kind. */
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

    /** Under its name it appears whole. */
    private static void write(Path library, byte[] packed) throws IOException {
        Path part = library.resolveSibling(
                library.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(part);
        OwnerOnly.write(part, packed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(part, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Who still uses one of them has it open, and keeps it. */
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

    /** Fails here, without the driver's own complaint, where nothing may be executed from. */
    private static void use(Path library) {
        System.load(library.toString());
        System.setProperty(SQLITE_PATH, String.valueOf(library.getParent()));
        System.setProperty(SQLITE_NAME, String.valueOf(library.getFileName()));
    }
}
