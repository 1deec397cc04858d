package io.licenserelay.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.sync.request.RequestListener;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.text.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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

/** Client of the local API of the relay that uses a data folder. */
public final class RunningRelay implements RelayActions {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SYNC_TIMEOUT = Duration.ofHours(2);

    private final Path data;

    public RunningRelay(Path data) {
        this.data = data;
    }

    /** @throws Unreachable if the relay does not answer, or refuses */
    @Override
    public List<SyncResult> sync(@Nullable String site, boolean accept, RequestListener listener)
            throws InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("site", site);
        request.put("accept", accept);
        try {
            JsonNode answer = call(
                    "/sync", HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(request)), listener);
            if (!answer.path("runs").isArray()) {
                throw new Unreachable("The relay that runs on " + data + " ended before the sync was finished.", null);
            }
            return Arrays.asList(Json.MAPPER.treeToValue(answer.path("runs"), SyncResult[].class));
        } catch (JsonProcessingException e) {
            throw new Unreachable("The answer of the relay that runs on " + data + " is not a list of runs", e);
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
        byte[] request = Json.MAPPER.writeValueAsBytes(Map.of("digest", digest));
        return call("/reports/resend", HttpRequest.BodyPublishers.ofByteArray(request))
                .path("told")
                .asText();
    }

    @Override
    public ImportResult retry(String id) throws IOException, InterruptedException {
        byte[] request = Json.MAPPER.writeValueAsBytes(Map.of("id", id));
        JsonNode answer = call("/reports/retry", HttpRequest.BodyPublishers.ofByteArray(request));
        return Json.MAPPER.treeToValue(answer, ImportResult.class);
    }

    private JsonNode call(String path, HttpRequest.BodyPublisher body) throws InterruptedException {
        return call(path, body, RequestListener.NONE);
    }

    private JsonNode call(String path, HttpRequest.BodyPublisher body, RequestListener listener)
            throws InterruptedException {
        try {
            JsonNode api = Json.MAPPER.readTree(Files.readString(data.resolve(LocalApi.FILE)));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(api.path("url").asText() + path))
                    .header("Authorization", "Bearer " + api.path("token").asText())
                    .timeout(SYNC_TIMEOUT)
                    .POST(body)
                    .build();
            HttpResponse<InputStream> response = HttpClient.newBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofInputStream());
            JsonNode answer = lastLine(response.body(), listener);
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
                    "Another license-relay process uses " + data
                            + ": a sync, or a relay that is starting or stopping. Try again when it has finished.",
                    e);
        } catch (IOException e) {
            throw new Unreachable("A relay uses " + data + " but does not answer (" + e + "). It may be stopping.", e);
        }
    }

    /** Passes the lines before the last one to the listener. */
    private static JsonNode lastLine(InputStream body, RequestListener listener) throws IOException {
        JsonNode last = MissingNode.getInstance();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = Json.MAPPER.readTree(line);
                String site = last.path(AnswerLines.SITE).asText();
                if (last.has(AnswerLines.NODE)) {
                    listener.taken(site, last.path(AnswerLines.NODE).asText());
                } else if (last.has(AnswerLines.PROBLEM)) {
                    listener.problem(site, last.path(AnswerLines.PROBLEM).asText());
                }
            }
        }
        return last;
    }

    /** The running relay did not answer or refused. The message contains the reason. */
    public static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
