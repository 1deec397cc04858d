package io.licenserelay.device;

import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.site.Site.Device;
import io.licenserelay.ssm.Refusals;
import io.licenserelay.ssm.SafeHeaders;
import io.licenserelay.ssm.ServerClient;
import io.licenserelay.ssm.SsmAnswers;
import io.licenserelay.ssm.SsmException;
import io.licenserelay.ssm.SsmRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * One visit at a device: HTTP Basic authentication with every request and {@code Content-Type: application/json}, as Cisco documents
 * and its sample does it; that a bad password is answered 401 is inferred. Its connections keep the limits of {@code ssm.limits}; no
 * answer is larger than 64 MiB or takes longer than two minutes. Nothing is sent twice. For one thread.
 */
final class DeviceVisit implements AutoCloseable {
    private static final long LARGEST = 64L << 20;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Round round;
    private final Device device;
    private final Clock clock;
    private final ServerClient client;

    /** @throws IOException when a trust file cannot be read */
    DeviceVisit(Round round, Device device, Clock clock) throws IOException {
        this.round = round;
        this.device = device;
        this.clock = clock;
        String name = "device-" + round.site().name() + "-" + device.name();
        this.client = new ServerClient(
                new ServerClient.Server(
                        name, device.trust(), round.site().ssm().limits().atMost(LONGEST, LARGEST), null, 1),
                null);
    }

    /** Takes a good answer's body while it comes in. */
    interface Reader<T> {
        T read(InputStream body) throws IOException;
    }

    /**
     * Reads something.
     *
     * @throws SsmRefused when the device does not let our user in, or did not before and was not asked again
     * @throws SsmException for any other answer than success
     * @throws IOException when no answer came, or one beyond the limits
     */
    <T> T get(String path, Reader<T> reader) throws IOException {
        return send(new HttpGet(url(path)), path, reader);
    }

    /** The table of contents: Cisco's sample asks for it with these headers, and for nothing else. */
    <T> T list(Reader<T> reader) throws IOException {
        HttpGet request = new HttpGet(url("list"));
        request.setHeader("FOXY-API-VERSION", "1");
        request.setHeader("Accept", "application/yang-data+json");
        return send(request, "list", reader);
    }

    /** Writes something; of the answer the status alone counts, since its body is not documented. Throws as {@link #get}. */
    void post(String path, byte[] body) throws IOException {
        HttpPost request = new HttpPost(url(path));
        request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON.withCharset((String) null)));
        send(request, path, answer -> answer.transferTo(OutputStream.nullOutputStream()));
    }

    private <T> T send(HttpUriRequestBase request, String path, Reader<T> reader) throws IOException {
        Optional<Refusals.Refusal> earlier = round.earlierRefusal(device);
        if (earlier.isPresent()) {
            throw notLetIn(
                    "it refused user " + device.user().name() + " ("
                            + earlier.get().status() + ") at " + earlier.get().at()
                            + "; the password is not sent again until it changes",
                    null);
        }
        if (round.isRefusedElsewhere(device)) {
            throw notLetIn(
                    "other devices refused the password of user "
                            + device.user().name() + " and none took it, so it was not sent here",
                    null);
        }
        request.setHeader("Authorization", "Basic " + basic());
        if (!request.containsHeader("Content-Type")) {
            request.setHeader("Content-Type", "application/json");
        }
        Instant started = clock.instant();
        return client.http().execute(request, response -> {
            if (response.getCode() / 100 != 2) {
                if (response.getCode() == 401 || response.getCode() == 403) {
                    round.refused(device, response.getCode());
                }
                throw refusal(
                        exchanged(request.getMethod(), url(path), response, started),
                        device.user().name());
            }
            round.letIn(device);
            return read(response, reader);
        });
    }

    private static <T> T read(ClassicHttpResponse response, Reader<T> reader) throws IOException {
        if (response.getEntity() == null) {
            return reader.read(InputStream.nullInputStream());
        }
        try (InputStream body = response.getEntity().getContent()) {
            return reader.read(body);
        }
    }

    /** What an answer without success means: 401 and 403 are about the user, any other status is not. */
    static SsmException refusal(Exchanged exchanged, String user) {
        int status = exchanged.status() == null ? 0 : exchanged.status();
        if (status == 401 || status == 403) {
            String answered = exchanged.method() + " " + exchanged.url() + " answered " + status;
            return notLetIn(answered + " to user " + user, exchanged);
        }
        return SsmAnswers.refusal(exchanged, null);
    }

    /** Without the body, of which nothing is known. */
    private Exchanged exchanged(String method, String url, ClassicHttpResponse response, Instant started) {
        SafeHeaders headers = new SafeHeaders();
        for (var header : response.getHeaders()) {
            headers.add(header.getName(), String.valueOf(header.getValue()));
        }
        return new Exchanged(
                method,
                url,
                response.getCode(),
                headers.kept(),
                null,
                started,
                Duration.between(started, clock.instant()));
    }

    private static SsmRefused notLetIn(String message, @Nullable Exchanged exchange) {
        return new SsmRefused(
                Findings.DEVICE_LOGIN_REFUSED,
                message,
                List.of(new Finding(Findings.DEVICE_LOGIN_REFUSED, message)),
                exchange);
    }

    private String basic() {
        String both = device.user().name() + ":" + device.user().password().revealText();
        return Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private String url(String path) {
        return device.url() + "/smartlic-service/" + path;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
