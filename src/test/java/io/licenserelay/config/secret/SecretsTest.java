package io.licenserelay.config.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    private final Map<String, String> environment = new HashMap<>();
    private final Secrets secrets = Secrets.required(environment);
    private final Path file;

    SecretsTest(@TempDir Path folder) {
        file = folder.resolve("a secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+/=&%{}",
                " in blanks ",
                "{{x}} ${x} $x",
                "pässwörd 密碼 \uD83D\uDD11",
                "\\n\"'",
                "env:X",
                "two\nlines"
            })
    void aSecretMayContainAnyCharacters(String value) throws IOException {
        environment.put("X", value);
        Files.writeString(file, value);
        assertThat(secrets.from("env:X").reveal()).containsExactly(value.toCharArray());
        assertThat(secrets.from("file:" + file).reveal()).containsExactly(value.toCharArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pass\n", "pass\r\n", "pass"})
    void oneLineEndAtTheEndOfAFileIsNotPartOfTheSecret(String content) throws IOException {
        Files.writeString(file, content);
        assertThat(secrets.from("file:" + file).reveal()).containsExactly("pass".toCharArray());
    }

    @Test
    void aSecondLineEndIsPartOfTheSecret() throws IOException {
        Files.writeString(file, "pass\n\n");
        assertThat(secrets.from("file:" + file).reveal()).containsExactly("pass\n".toCharArray());
    }

    @Test
    void aRotatedSecretIsUsedAtOnce() throws IOException {
        Secret variable = secrets.from("env:X");
        Secret inFile = secrets.from("file:" + file);
        for (String value : new String[] {"old", "new"}) {
            environment.put("X", value);
            Files.writeString(file, value);
            assertThat(variable.reveal()).containsExactly(value.toCharArray());
            assertThat(inFile.reveal()).containsExactly(value.toCharArray());
        }
    }

    @Test
    void aSecretShowsItsSourceButNotItsValue() throws IOException {
        environment.put("X", "hunter2");
        Files.writeString(file, "hunter2");
        assertThat(secrets.from("env:X"))
                .hasToString("***")
                .extracting(Secret::source)
                .isEqualTo("env:X");
        assertThat(secrets.from("file:" + file))
                .hasToString("***")
                .extracting(Secret::source)
                .isEqualTo("file:" + file);
    }

    @Test
    void anUnavailableSecretIsReportedWithItsSource() throws IOException {
        assertUnavailable("env:X", "environment variable X is not set, or is empty");
        environment.put("X", "");
        assertUnavailable("env:X", "environment variable X is not set, or is empty");
        environment.put("X", "x".repeat(65_537));
        assertUnavailable("env:X", "environment variable X is larger than 64 KiB");
        assertUnavailable("file:" + file, "secret file " + file + " does not exist");
        Files.writeString(file, "\n");
        assertUnavailable("file:" + file, "secret file " + file + " is empty");
        Files.write(file, new byte[] {'h', (byte) 0xFF});
        assertUnavailable("file:" + file, "secret file " + file + " is not UTF-8");
        Files.write(file, new byte[65_537]);
        assertUnavailable("file:" + file, "secret file " + file + " is larger than 64 KiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "env:", "env:hunter2+", "file:", "ENV:hunter2", "vault:hunter2", ""})
    void aValueThatIsNotASourceIsRejectedAndNotShown(String source) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secrets.from(source))
                .withMessageContaining("env:NAME or file:PATH")
                .withMessageNotContaining("hunter2");
    }

    private void assertUnavailable(String source, String message) {
        assertThatExceptionOfType(SecretUnavailable.class)
                .isThrownBy(() -> secrets.from(source).reveal())
                .withMessage(message);
    }
}
