package io.licenserelay.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The relay that holds a data folder, asked over its local API. */
public final class RunningRelay implements Syncs, ReportActions {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST_SYNC = Duration.ofHours(2);

    private final Path data;

    public RunningRelay(Path data) {
        this.data = data;
    }

    /** @throws Unreachable when the relay does not answer, or refuses */
    @Override
    public List<SyncResult> sync(@Nullable String site, boolean accept) throws InterruptedException {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("site", site);
        wanted.put("accept", accept);
        try {
            JsonNode answer =
                    call("/sync", HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(wanted)));
            return Arrays.asList(Json.MAPPER.treeToValue(answer.path("runs"), SyncResult[].class));
        } catch (JsonProcessingException e) {
            throw new Unreachable("The relay that runs on " + data + " answers what is no list of runs", e);
        }
    }

    @Override
    public ImportResult importFile(String site, String name, Path file) throws IOException, InterruptedException {
        String query = "?site=" + URLEncoder.encode(site, StandardCharsets.UTF_8) + "&name="
                + URLEncoder.encode(name, StandardCharsets.UTF_8);
        JsonNode answer = call("/reports/import" + query, HttpRequest.BodyPublishers.ofFile(file));
        return Json.MAPPER.treeToValue(answer, ImportResult.class);
    }

    @Override
    public String resend(String digest) throws IOException, InterruptedException {
        byte[] wanted = Json.MAPPER.writeValueAsBytes(Map.of("digest", digest));
        return call("/reports/resend", HttpRequest.BodyPublishers.ofByteArray(wanted))
                .path("told")
                .asText();
    }

    @Override
    public ImportResult retry(String id) throws IOException, InterruptedException {
        byte[] wanted = Json.MAPPER.writeValueAsBytes(Map.of("id", id));
        JsonNode answer = call("/reports/retry", HttpRequest.BodyPublishers.ofByteArray(wanted));
        return Json.MAPPER.treeToValue(answer, ImportResult.class);
    }

    private JsonNode call(String path, HttpRequest.BodyPublisher body) throws InterruptedException {
        try {
            JsonNode door = Json.MAPPER.readTree(Files.readString(data.resolve(LocalApi.FILE)));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(door.path("url").asText() + path))
                    .header("Authorization", "Bearer " + door.path("token").asText())
                    .timeout(LONGEST_SYNC)
                    .POST(body)
                    .build();
            HttpResponse<byte[]> response = HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = Json.MAPPER.readTree(response.body());
            if (response.statusCode() == 409) {
                throw new NotResendable(answer.path("error").asText());
            }
            if (response.statusCode() != 200) {
                throw new Unreachable(
                        "The relay that runs on " + data + " refuses: "
                                + answer.path("error").asText("status " + response.statusCode()),
                        null);
            }
            return answer;
        } catch (NoSuchFileException e) {
            throw new Unreachable(
                    "Another license-relay works with " + data
                            + ": a sync, or a relay that is just starting or stopping. Try again when it is done.",
                    e);
        } catch (IOException e) {
            throw new Unreachable(
                    "A relay holds " + data + " but does not answer (" + e + "). Is it just stopping?", e);
        }
    }

    /** The message says why, for people. */
    public static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
