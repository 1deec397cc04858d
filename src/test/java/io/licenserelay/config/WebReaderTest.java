package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.config.web.WebSettings;
import io.licenserelay.config.yaml.BadConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that others could use without a login is refused. */
class WebReaderTest {
    private static final String HASH = "$2y$10$abcdefghijklmnopqrstuuQlZRxQmL4GZgqkzQjTFiMZXXOzoCoOi";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:8470", "[::]:8470", "10.0.0.4:8470", "[fd00::51]:0"})
    void anAddressOfOtherMachinesNeedsEncryptionAndUsers(String address) throws Exception {
        assertThatThrownBy(() -> read("relay.web.address=" + address))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("other machines can reach " + address + ", and requests would not be encrypted")
                .hasMessageContaining("other machines can reach " + address + ", and no user can log in");
        users("alice:" + HASH);
        WebSettings settings =
                read("relay.web.address=" + address, "relay.web.users=users", "relay.web.tls=terminated-by-proxy");
        assertThat(settings.users()).isEqualTo(folder.resolve("users"));
        assertThat(String.valueOf(settings.address())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8470", "[::1]:8470", "localhost:0"})
    void anAddressOfThisMachineNeedsNothing(String address) throws Exception {
        assertThat(read("relay.web.address=" + address).address()).isEqualTo(ListenAddress.parse(address));
    }

    @Test
    void filesForTlsAreRefusedIfNobodyUsesThem() throws IOException {
        Files.writeString(folder.resolve("key.pem"), "", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read("relay.web.tls.key=key.pem"))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("are used only with relay.web.tls=own");
        assertThatThrownBy(() -> read("relay.web.tls=own", "relay.web.tls.key=missing.pem"))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("missing.pem cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice:$apr1$abcdefgh$0123456789012345678901",
                "alice:secret",
                "alice:$2y$04$abcdefghijklmnopqrstuuQlZRxQmL4GZgqkzQjTFiMZXXOzoCoOi",
                "alice:$2y$15$abcdefghijklmnopqrstuuQlZRxQmL4GZgqkzQjTFiMZXXOzoCoOi",
                "bob:" + HASH,
                ":" + HASH
            })
    void aLineThatIsNoUserWithABcryptHashIsNamedAndNotShown(String line) throws Exception {
        users("bob:" + HASH, "# comment", line);
        assertThatThrownBy(() -> read("relay.web.users=users"))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("relay.web.users: " + folder.resolve("users") + ":3: ")
                .hasMessageNotContaining(line.substring(line.indexOf(':') + 1));
        users("");
        assertThatThrownBy(() -> read("relay.web.users=users")).hasMessageContaining("has no user");
    }

    private void users(String... lines) throws IOException {
        Files.write(folder.resolve("users"), List.of(lines), StandardCharsets.UTF_8);
    }

    private WebSettings read(String... lines) throws Exception {
        Files.write(folder.resolve("application.properties"), List.of(lines), StandardCharsets.UTF_8);
        return Configuration.settings(folder, Map.of()).web();
    }
}
