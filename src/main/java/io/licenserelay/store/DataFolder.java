package io.licenserelay.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The folder of a relay's state, locked by one process at a time. The operating system releases the lock when that process ends. */
public final class DataFolder implements AutoCloseable {
    /** The lock file. */
    public static final String LOCK = "relay.lock";

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Locks the folder, and creates it if it does not exist.
     *
     * @return empty if another process has locked it
     * @throws Unusable if it cannot be created or written
     */
    public static Optional<DataFolder> take(Path path) throws Unusable {
        try {
            OwnerOnly.createDirectories(path);
            FileChannel channel =
                    OwnerOnly.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // A user who may read the file could also lock it and block every relay.
            OwnerOnly.tighten(path.resolve(LOCK));
            if (lock(channel)) {
                return Optional.of(new DataFolder(path, channel));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new Unusable(path, e);
        }
    }

    /**
     * Whether another process has locked the folder. Works also without write access.
     *
     * @throws Unusable if this user has no read access
     */
    public static boolean isHeld(Path path) throws Unusable {
        if (!Files.exists(path.resolve(LOCK))) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.READ)) {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
            return lock == null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return true;
        } catch (IOException e) {
            throw new Unusable(path, e);
        }
    }

    /** The folder cannot hold the state. */
    public static final class Unusable extends IOException {
        private static final long serialVersionUID = 1L;

        Unusable(Path path, IOException cause) {
            super(
                    "The data folder " + path + " cannot be used ("
                            + cause.getClass().getSimpleName() + ": " + cause.getMessage()
                            + "); set --data to a folder that this user may write to.",
                    cause);
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The lock lives as long as its channel. */
    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }
}
