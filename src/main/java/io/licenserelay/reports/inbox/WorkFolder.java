package io.licenserelay.reports.inbox;

import io.licenserelay.reports.files.OpenFolder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code inbox/.work}: files that the relay has claimed and not moved on yet. The folder is in the inbox, so that a
 * claim is one rename. Only the relay's user may access it, so that nobody replaces a file between its check and its
 * reading.
 */
final class WorkFolder {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);
    private static final Path NAME = Path.of(".work");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final AtomicReference<@Nullable UserPrincipal> user = new AtomicReference<>();

    private WorkFolder() {}

    static boolean existsIn(Path inbox) {
        return Files.exists(inbox.resolve(NAME), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Opens the work folder, and creates it if it is missing.
     *
     * @throws IOException when the inbox is read-only, or another file has this name
     */
    static OpenFolder open(OpenFolder inbox) throws IOException {
        try {
            Files.createDirectory(inbox.path().resolve(NAME), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException known) {
            LOG.trace("{} exists", NAME, known);
        }
        OpenFolder work = inbox.folder(NAME);
        try {
            restrictToOwner(work);
            return work;
        } catch (IOException e) {
            work.close();
            throw e;
        }
    }

    private static void restrictToOwner(OpenFolder work) throws IOException {
        PosixFileAttributeView permissions = work.permissions();
        UserPrincipal owner = permissions.readAttributes().owner();
        UserPrincipal file = user();
        if (!owner.equals(file)) {
            throw new FileSystemException(
                    work.path().toString(),
                    null,
                    "it belongs to " + owner.getName() + ", not to the relay's user " + file.getName());
        }
        if (!permissions.readAttributes().permissions().equals(OWNER_ONLY)) {
            try {
                permissions.setPermissions(OWNER_ONLY);
            } catch (IOException e) {
                // Some file systems set permissions only when they are mounted.
                LOG.debug("{}: cannot restrict it to its owner", work.path(), e);
            }
        }
    }

    /** The owner of a file that this process creates. The user may be missing from the system's list of users. */
    private static UserPrincipal user() throws IOException {
        UserPrincipal known = user.get();
        if (known != null) {
            return known;
        }
        Path file = Files.createTempFile("license-relay-user", null);
        try {
            UserPrincipal created = Files.getOwner(file);
            user.set(created);
            return created;
        } finally {
            Files.delete(file);
        }
    }
}
