package io.licenserelay.actions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.yaml.TextFile;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.sync.request.RequestListener;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Client of the API of the relay that uses a data folder. */
public final class RunningRelay implements RelayActions {
    /** The file in the data folder with the address and the token of the running relay. */
    public static final String FILE = "relay.api";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SYNC_TIMEOUT = Duration.ofHours(2);

    /** How long the relay waits for the result of a request before it answers, in seconds. */
    private static final int WAIT = 20;

    /** The wait, and the time that a busy machine needs. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

    /** An import is answered when it has ended. */
    private static final Duration IMPORT_TIMEOUT = Duration.ofMinutes(21);

    private final Path data;

    public RunningRelay(Path data) {
        this.data = data;
    }

    /** How a method reads its part of an answer. */
    private interface ResultReader<T> {
        T read(JsonNode result) throws JsonProcessingException;
    }

    /** @throws Unreachable if the relay does not answer, or refuses */
    @Override
    public List<SyncResult> sync(@Nullable String site, boolean accept, RequestListener listener)
            throws InterruptedException {
        String path = site == null ? "/api/v1/sync" : "/api/v1/sites/" + Place.encode(site) + "/sync";
        return result(
                post(path + "?accept=" + accept + "&wait=" + WAIT),
                listener,
                runs -> Arrays.asList(Json.MAPPER.treeToValue(runs, SyncResult[].class)));
    }

    @Override
    public ImportResult importFile(String site, String name, Path file) throws IOException, InterruptedException {
        String path = "/api/v1/reports/import?site=" + Place.encode(site) + "&name=" + Place.encode(name);
        return result(
                call("POST", path, BodyPublishers.ofFile(file), IMPORT_TIMEOUT),
                RequestListener.NONE,
                RunningRelay::importResult);
    }

    @Override
    public String resend(String digest) throws InterruptedException {
        return result(
                post("/api/v1/reports/" + Place.encode(digest) + "/resend?wait=" + WAIT),
                RequestListener.NONE,
                result -> result.path("told").asText());
    }

    @Override
    public ImportResult retry(String id) throws InterruptedException {
        return result(
                post("/api/v1/quarantine/" + Place.encode(id) + "/retry?wait=" + WAIT),
                RequestListener.NONE,
                RunningRelay::importResult);
    }

    /**
     * A new address with which a browser logs in once, within two minutes.
     *
     * @throws Unreachable if the relay does not answer, or refuses
     */
    public URI newLoginAddress() throws InterruptedException {
        String path = post("/api/v1/login-addresses").path("path").asText();
        try {
            return URI.create(access().path("url").asText() + path);
        } catch (IOException e) {
            throw new Unreachable("The relay that runs on " + data + " is stopping.", e);
        }
    }

    private static ImportResult importResult(JsonNode result) throws JsonProcessingException {
        return Json.MAPPER.treeToValue(result, ImportResult.class);
    }

    /** Waits until the requested work has ended, and passes on which relay works for it. */
    private <T> T result(JsonNode begun, RequestListener listener, ResultReader<T> reader) throws InterruptedException {
        JsonNode state = begun;
        int passed = 0;
        long end = System.nanoTime() + SYNC_TIMEOUT.toNanos();
        while (true) {
            JsonNode events = state.path("events");
            for (; passed < events.size(); passed++) {
                pass(events.get(passed), listener);
            }
            if (!state.path("state").asText().equals("working")) {
                break;
            }
            if (System.nanoTime() > end) {
                throw new Unreachable(
                        "The relay that runs on " + data + " still works after " + SYNC_TIMEOUT.toHours()
                                + " hours; its log names the result.",
                        null);
            }
            String id = state.path("id").asText();
            state = call("GET", "/api/v1/requests/" + id + "?wait=" + WAIT, BodyPublishers.noBody(), ANSWER_TIMEOUT);
        }
        try {
            return reader.read(state.path("result"));
        } catch (JsonProcessingException e) {
            throw new Unreachable("The answer of the relay that runs on " + data + " is not of the expected form", e);
        }
    }

    private static void pass(JsonNode event, RequestListener listener) {
        String site = event.path("site").asText();
        if (event.has("node")) {
            listener.taken(site, event.path("node").asText());
        } else if (event.has("problem")) {
            listener.problem(site, event.path("problem").asText());
        }
    }

    private JsonNode post(String path) throws InterruptedException {
        return call("POST", path, BodyPublishers.noBody(), ANSWER_TIMEOUT);
    }

    private JsonNode call(String method, String path, BodyPublisher body, Duration timeout)
            throws InterruptedException {
        try {
            JsonNode api = access();
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(api.path("url").asText() + path))
                    .header("Authorization", "Bearer " + api.path("token").asText())
                    .version(HttpClient.Version.HTTP_1_1)
                    .timeout(timeout)
                    .method(method, body)
                    .build();
            HttpResponse<byte[]> response = HttpClient.newBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofByteArray());
            return answer(response);
        } catch (NoSuchFileException e) {
            throw new Unreachable(
                    "Another license-relay process uses " + data
                            + ": a sync, a relay that is starting or stopping, or a relay with relay.web=off. Try again when it has"
                            + " finished.",
                    e);
        } catch (IOException e) {
            throw new Unreachable("A relay uses " + data + " but does not answer (" + e + "). It may be stopping.", e);
        }
    }

    private JsonNode answer(HttpResponse<byte[]> response) throws IOException {
        int status = response.statusCode();
        JsonNode answer = Json.MAPPER.readTree(response.body());
        if (status == 409) {
            throw new NotResendable(answer.path("detail").asText());
        }
        if (status < 200 || status > 299) {
            throw new Unreachable(
                    "The relay that runs on " + data + " refuses: "
                            + answer.path("detail").asText("status " + status),
                    null);
        }
        return answer;
    }

    private JsonNode access() throws IOException {
        return Json.MAPPER.readTree(TextFile.bytes(data.resolve(FILE), TextFile.MAX_BYTES));
    }

    /** The running relay did not answer or refused. The message contains the reason. */
    public static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
