package io.licenserelay.reports.device;

import io.licenserelay.config.site.Site.Device;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.HttpAnswer;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.LoginPage;
import io.licenserelay.http.ServerClient;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.http.failure.SsmUnavailable;
import io.licenserelay.ssm.token.PasswordAttemptLog;
import io.licenserelay.ssm.token.RejectedCredentials;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One visit at a device: HTTP Basic authentication with every request and {@code Content-Type: application/json}, as Cisco documents
 * and its sample does it; that a bad password is answered 401 is inferred. Its connections keep the limits of {@code ssm.limits}; no
 * answer is larger than 64 MiB or takes longer than two minutes. Nothing is sent twice, and after a request that got no answer about the
 * password the next one is put off, for longer each time. For one thread.
 */
final class DeviceSession implements AutoCloseable {
    private static final long LARGEST = 64L << 20;
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int PAGE = 64 * 1024;

    private final DeviceWave round;
    private final Device device;
    private final Clock clock;
    private final HttpSender http;
    private final ServerClient client;
    private boolean letIn;

    /** @throws IOException when a trust file cannot be read */
    DeviceSession(DeviceWave round, Device device, HttpSender http, Clock clock) throws IOException {
        this.round = round;
        this.device = device;
        this.http = http;
        this.clock = clock;
        this.client = new ServerClient(new ServerClient.Server(
                device.trust(), round.site().ssm().limits().atMost(LONGEST, LARGEST), null, 1));
    }

    /**
     * Reads something.
     *
     * @throws SsmRefused when the device does not let our user in, or did not before and was not asked again
     * @throws SsmException for any other answer than success
     * @throws IOException when no answer came, or one beyond the limits
     */
    <T> T get(String path, HttpAnswer.Reader<T> reader) throws IOException {
        return send(call("GET", path), reader);
    }

    /** The table of contents: Cisco's sample asks for it with these headers, and for nothing else. */
    <T> T list(HttpAnswer.Reader<T> reader) throws IOException {
        HttpCall call =
                call("GET", "list").header("FOXY-API-VERSION", "1").header("Accept", "application/yang-data+json");
        return send(call, reader);
    }

    /** Writes something; of the answer the status alone counts, since its body is not documented. Throws as {@link #get}. */
    void post(String path, byte[] body) throws IOException {
        send(call("POST", path).json(body), answer -> answer.transferTo(OutputStream.nullOutputStream()));
    }

    private HttpCall call(String method, String path) {
        String url = device.url() + "/smartlic-service/" + path;
        return HttpCall.ofSession(round.site(), Step.INBOX, method, url, clock.instant())
                .header("Content-Type", "application/json");
    }

    private <T> T send(HttpCall call, HttpAnswer.Reader<T> reader) throws IOException {
        round.checkKept();
        Optional<RejectedCredentials.Refusal> earlier = round.earlier(device);
        if (earlier.isPresent() && earlier.get().kind() != RejectedCredentials.Kind.REFUSAL) {
            putOff(earlier.get());
        } else if (earlier.isPresent()) {
            throw notLetIn(
                    "it refused user " + device.user().name() + " ("
                            + earlier.get().status() + ") at " + earlier.get().at()
                            + "; the password is not sent again until it changes or `license-relay sync` runs",
                    null);
        }
        if (round.isRefusedElsewhere(device)) {
            throw notLetIn(
                    "other devices refused the password of user "
                            + device.user().name() + " and none took it, so it was not sent here",
                    null);
        }
        call.header("Authorization", "Basic " + basic());
        letIn = false;
        try (HttpAnswer answer = http.send(call.to(client))) {
            checkLetIn(answer, answer.exchangedWithoutBody());
            letIn = true;
            round.letIn(device);
            T read = reader.read(answer);
            earlier.ifPresent(outage -> round.forget(device));
            return read;
        } catch (IOException failed) {
            boolean trouble = !(failed instanceof SsmException) || failed instanceof SsmUnavailable;
            if (trouble && !letIn) {
                round.unanswered(device, failed);
            }
            throw failed;
        }
    }

    /** 401, 403 and a login page say that the user is not let in; any other answer than success says nothing of the user. */
    private void checkLetIn(HttpAnswer answer, HttpExchangeRecord exchanged) throws IOException {
        int status = answer.status();
        boolean success = status / 100 == 2;
        boolean page = success && isLoginPage(answer);
        if (page || status == 401 || status == 403) {
            round.refused(device, status);
        }
        if (page) {
            throw notLetIn(
                    exchanged.method() + " " + exchanged.url() + " answered with a login page to user "
                            + device.user().name(),
                    exchanged);
        }
        if (!success) {
            throw refusal(exchanged, device.user().name());
        }
    }

    /** Of a page the body is read here; nobody wants it as data. */
    private static boolean isLoginPage(HttpAnswer answer) throws IOException {
        return answer.type().startsWith("text/html")
                && LoginPage.isIn(new String(answer.readNBytes(PAGE), StandardCharsets.UTF_8));
    }

    /** After an answer that said nothing of the password, such as 503, or none at all, the next request waits. */
    private void putOff(RejectedCredentials.Refusal outage) throws DevicePaused {
        Instant due = PasswordAttemptLog.due(outage);
        if (clock.instant().isBefore(due)) {
            String phrase = "no password was sent: the request at " + outage.at() + " got no answer about it ("
                    + outage.error() + "), so the next one is due at " + due;
            throw new DevicePaused(outage.error(), phrase);
        }
    }

    /** What an answer without success means: 401 and 403 are about the user, any other status is not. */
    static SsmException refusal(HttpExchangeRecord exchanged, String user) {
        int status = exchanged.status() == null ? 0 : exchanged.status();
        if (status == 401 || status == 403) {
            String answered = exchanged.method() + " " + exchanged.url() + " answered " + status;
            return notLetIn(answered + " to user " + user, exchanged);
        }
        return HttpAnswerCheck.refusal(exchanged, null);
    }

    private static SsmRefused notLetIn(String message, @Nullable HttpExchangeRecord exchange) {
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

    @Override
    public void close() throws IOException {
        client.close();
    }
}
