package io.licenserelay.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates files and folders that only the relay's own user may read or write, independent of the umask. On a file system without POSIX
 * rights they get that file system's default rights.
 */
public final class OwnerOnly {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> OF_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> SEARCH = PosixFilePermissions.fromString("--x--x--x");
    private static final Set<PosixFilePermission> WRITE_OF_OTHERS = PosixFilePermissions.fromString("----w--w-");
    private static final Path THIS_PROCESS = Path.of("/proc/self");

    private OwnerOnly() {}

    /** Creates the folder and its missing parents. An existing folder stays unchanged. */
    public static void createDirectories(Path folder) throws IOException {
        // A link to a folder is also accepted.
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes(folder, FOLDER));
        }
    }

    /** Opens a file like {@link FileChannel#open}. If it creates the file, only the owner has access. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), attributes(file, FILE));
    }

    /** Creates an empty file if it does not exist. */
    public static void createFile(Path file) throws IOException {
        open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    }

    /** Writes all bytes, like {@link Files#write}. */
    public static void write(Path file, byte[] bytes, OpenOption... options) throws IOException {
        try (FileChannel channel = open(file, options)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        }
    }

    /** Writes a new file. */
    static void write(Path file, InputStream content) throws IOException {
        try (OutputStream out =
                Channels.newOutputStream(open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            content.transferTo(out);
        }
    }

    /**
     * Whether this process's user owns the file or folder itself, and no other user may write to it. For a link, the owner of the link
     * counts. False if this cannot be determined.
     */
    public static boolean isOurs(Path path) {
        try {
            return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(thisUser())
                    && Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).stream()
                            .noneMatch(WRITE_OF_OTHERS::contains);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    private static UserPrincipal thisUser() throws IOException {
        return Files.exists(THIS_PROCESS)
                ? Files.getOwner(THIS_PROCESS)
                : THIS_PROCESS
                        .getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(System.getProperty("user.name"));
    }

    /**
     * Removes the rights of other users from everything in the folder, and logs the number of changes. If rights cannot be changed, for
     * example on a volume of another owner, it logs a warning. Links are not followed.
     *
     * @param shared folders for other users: they and their content keep their rights, and other users can still traverse the folders
     *     above them
     */
    public static void mend(Path folder, Collection<Path> shared) throws IOException {
        if (!hasRights(folder)) {
            return;
        }
        // The folder itself may be a link.
        Path given = plain(folder);
        Path real = folder.toRealPath();
        Mending mending = new Mending(shared.stream()
                .map(OwnerOnly::plain)
                .map(each -> each.startsWith(given) ? real.resolve(given.relativize(each)) : each)
                .toList());
        Files.walkFileTree(real, mending);
        if (mending.closed > 0) {
            LOG.info("{}: removed the rights of other users from {} file(s) and folder(s)", folder, mending.closed);
        }
        if (mending.refused > 0) {
            LOG.warn(
                    "{}: other users may read or write {} file(s) and folder(s), and this user cannot change it"
                            + " (the first: {}); change the mount options or the owner of the folder",
                    folder,
                    mending.refused,
                    mending.firstRefused);
        }
    }

    private static Path plain(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** Removes the rights of other users from one file or folder, if possible. */
    public static void tighten(Path file) {
        if (hasRights(file)) {
            new Mending(List.of()).close(file);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, FileAttribute<?> rights) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {rights}
                : new FileAttribute<?>[0];
    }

    private static boolean hasRights(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }

    private static final class Mending extends SimpleFileVisitor<Path> {
        private final List<Path> shared;
        private int closed;
        private int refused;
        private @Nullable String firstRefused;

        Mending(List<Path> shared) {
            this.shared = shared;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (shared.contains(folder)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            close(folder);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isSymbolicLink()) {
                close(file);
            }
            return FileVisitResult.CONTINUE;
        }

        /** A file of another user without access for this process cannot be changed here. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failed) {
            refuse(file, failed);
            return FileVisitResult.CONTINUE;
        }

        private void close(Path path) {
            try {
                Set<PosixFilePermission> now = Files.getPosixFilePermissions(path);
                Set<PosixFilePermission> remaining = EnumSet.copyOf(now);
                boolean traversed = shared.stream().anyMatch(each -> each.startsWith(path));
                remaining.removeIf(right -> !OF_OWNER.contains(right) && !(traversed && SEARCH.contains(right)));
                if (!remaining.equals(now)) {
                    Files.setPosixFilePermissions(path, remaining);
                    closed++;
                }
            } catch (IOException failed) {
                refuse(path, failed);
            }
        }

        private void refuse(Path path, IOException failed) {
            if (failed instanceof NoSuchFileException) {
                return;
            }
            refused++;
            if (firstRefused == null) {
                firstRefused = path + ": " + failed.getClass().getSimpleName();
            }
        }
    }
}
