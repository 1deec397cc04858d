package io.licenserelay.web.access;

import io.licenserelay.actions.RunningRelay;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;

/**
 * The token that lets commands on the data folder use the API. It is in a file of the data folder that only its owner can read, together with
 * the address of the server, while the relay runs. Thread-safe.
 */
public final class ApiToken {
    /** The file with {@code url} and {@code token}, as JSON. */
    public static final String FILE = RunningRelay.FILE;

    private final Path file;
    private final String token;

    private ApiToken(Path file, String token) {
        this.file = file;
        this.token = token;
    }

    /** A new random token for the relay on a data folder. Nothing is written yet. */
    public static ApiToken create(Path data) {
        return new ApiToken(data.resolve(FILE), RandomText.next());
    }

    /** Writes the file. From now on, commands find the server. */
    public void publish(String url) throws IOException {
        AtomicFiles.write(file, Json.bytes(Map.of("url", url, "token", token)));
    }

    /** Deletes the file. */
    public void withdraw() throws IOException {
        Files.deleteIfExists(file);
    }

    boolean isEqual(String given) {
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    }
}
