package io.licenserelay.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who can log in with a password while the file changes. */
class UserFileTest {
    @TempDir
    Path folder;

    @Test
    void aPasswordIsThatOfItsUserAlone() throws Exception {
        UserFile users = UserFile.read(write("alice", "secret-1"));
        assertThat(users.verify("alice", "secret-1")).isTrue();
        assertThat(users.verify("alice", "secret-2")).isFalse();
        assertThat(users.verify("bob", "secret-1")).isFalse();
        assertThat(users.verify("alice", "x".repeat(73))).isFalse();
    }

    @Test
    void afterAChangeTheNewFileCounts() throws Exception {
        UserFile users = UserFile.read(write("alice", "secret-1"));
        long before = users.version();
        write("bob", "secret-22");
        assertThat(users.has("alice")).isFalse();
        assertThat(users.verify("bob", "secret-22")).isTrue();
        assertThat(users.version()).isNotEqualTo(before);
    }

    @Test
    void aFileThatCannotBeUsedLetsNobodyInUntilItIsThereAgain() throws Exception {
        Path file = write("alice", "secret-1");
        UserFile users = UserFile.read(file);
        long before = users.version();
        Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
        assertThat(users.has("alice")).isFalse();
        assertThat(users.version()).isNotEqualTo(before);
        // The same file: neither its size nor its time differs from before.
        Files.move(elsewhere, file);
        assertThat(users.verify("alice", "secret-1")).isTrue();
        Files.writeString(file, "alice:not a hash\n", StandardCharsets.UTF_8);
        assertThat(users.has("alice")).isFalse();
    }

    private Path write(String user, String password) throws IOException {
        String hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(5, password.toCharArray());
        return Files.writeString(folder.resolve("users"), user + ":" + hash + "\n", StandardCharsets.UTF_8);
    }
}
