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
 * {@code inbox/.work}: files that the relay has taken and not yet put away. It lies in the inbox, so that taking a file is one
 * rename, and only the relay's user may enter it, so that nobody replaces a file between its check and its reading.
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
     * Opens it, and creates it when it is missing.
     *
     * @throws IOException when the inbox is read-only, or something else bears this name
     */
    static OpenFolder open(OpenFolder inbox) throws IOException {
        try {
            Files.createDirectory(inbox.path().resolve(NAME), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException known) {
            LOG.trace("{} exists", NAME, known);
        }
        OpenFolder work = inbox.folder(NAME);
        try {
            claim(work);
            return work;
        } catch (IOException e) {
            work.close();
            throw e;
        }
    }

    private static void claim(OpenFolder work) throws IOException {
        PosixFileAttributeView rights = work.rights();
        UserPrincipal owner = rights.readAttributes().owner();
        UserPrincipal own = user();
        if (!owner.equals(own)) {
            throw new FileSystemException(
                    work.path().toString(),
                    null,
                    "it belongs to " + owner.getName() + ", not to the relay's user " + own.getName());
        }
        if (!rights.readAttributes().permissions().equals(OWNER_ONLY)) {
            try {
                rights.setPermissions(OWNER_ONLY);
            } catch (IOException e) {
                // As on file systems whose rights are set when they are mounted.
                LOG.debug("{}: cannot restrict it to its owner", work.path(), e);
            }
        }
    }

    /** Known by what this process creates: the system's list of users need not name it. */
    private static UserPrincipal user() throws IOException {
        UserPrincipal known = user.get();
        if (known != null) {
            return known;
        }
        Path own = Files.createTempFile("license-relay-user", null);
        try {
            UserPrincipal created = Files.getOwner(own);
            user.set(created);
            return created;
        } finally {
            Files.delete(own);
        }
    }
}
