package io.licenserelay.web.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.licenserelay.config.tls.FileVersion;
import io.licenserelay.config.web.UserHashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users and their bcrypt hashes, as {@code htpasswd -B} writes them. A changed file is read again at the next login. If the changed file
 * cannot be used, nobody can log in with a password until it is correct again. Thread-safe.
 */
public final class UserFile {
    private static final Logger LOG = LoggerFactory.getLogger(UserFile.class);

    /** bcrypt uses no more bytes of a password. */
    private static final int MOST_BYTES = 72;

    /** Verified if the user does not exist, so that the time of an answer does not tell which users exist. */
    private static final String NOBODY = "$2y$10$abcdefghijklmnopqrstuuQlZRxQmL4GZgqkzQjTFiMZXXOzoCoOi";

    private final Path file;

    /** Empty after the file could not be used, so that it is read again. */
    private List<FileVersion> versions;

    private Map<String, String> hashes;
    private long version;

    private UserFile(Path file, List<FileVersion> versions, Map<String, String> hashes) {
        this.file = file;
        this.versions = versions;
        this.hashes = hashes;
    }

    /**
     * Reads the file.
     *
     * @throws IOException if it cannot be read or a line is not valid; the message names the line and the fix
     */
    public static UserFile read(Path file) throws IOException {
        return new UserFile(file, FileVersion.of(List.of(file)), UserHashes.read(file));
    }

    /** Whether this is the password of this user. It takes about 0.1 s of a processor, on purpose. */
    public boolean verify(String user, String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        String hash = current().get(user);
        boolean equal = BCrypt.verifyer()
                .verify(
                        bytes.length > MOST_BYTES ? new byte[] {0} : bytes,
                        (hash == null ? NOBODY : hash).getBytes(StandardCharsets.US_ASCII))
                .verified;
        return equal && hash != null && bytes.length <= MOST_BYTES;
    }

    /** Changes when the file was read again: what was verified before has to be verified again. */
    public synchronized long version() {
        current();
        return version;
    }

    /** Whether the file still has this user. */
    public boolean has(String user) {
        return current().containsKey(user);
    }

    private synchronized Map<String, String> current() {
        try {
            List<FileVersion> now = FileVersion.of(List.of(file));
            if (!now.equals(versions)) {
                hashes = UserHashes.read(file);
                versions = now;
                version++;
                LOG.info("Users read again from {}", file);
            }
        } catch (IOException e) {
            if (!versions.isEmpty()) {
                LOG.warn("No user can log in with a password: {}", e.getMessage());
                version++;
                hashes = Map.of();
                versions = List.of();
            }
        }
        return hashes;
    }
}
