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
 * Requests to one device. Every request has HTTP Basic authentication and {@code Content-Type: application/json}, as in
 * Cisco's documentation and sample. That a device answers a wrong password with 401 is an assumption. The limits of
 * {@code ssm.limits} apply; an answer has at most 64 MiB and two minutes. No request is repeated. After a request
 * without an answer about the password the next request is delayed, each time for longer. Used by one thread.
 */
final class DeviceSession implements AutoCloseable {
    private static final long MAX_ANSWER_SIZE = 64L << 20;
    private static final Duration MAX_TIME = Duration.ofMinutes(2);
    private static final int MAX_PAGE_SIZE = 64 * 1024;

    private final DeviceWave round;
    private final Device device;
    private final Clock clock;
    private final HttpSender http;
    private final ServerClient client;
    private boolean accepted;

    /** @throws IOException when a trust file cannot be read */
    DeviceSession(DeviceWave round, Device device, HttpSender http, Clock clock) throws IOException {
        this.round = round;
        this.device = device;
        this.http = http;
        this.clock = clock;
        this.client = new ServerClient(new ServerClient.Server(
                device.trust(), round.site().ssm().limits().atMost(MAX_TIME, MAX_ANSWER_SIZE), null, 1));
    }

    /**
     * Sends a GET request.
     *
     * @throws SsmRefused when the device refuses the user, or refused the user before and no request was sent
     * @throws SsmException for any other unsuccessful answer
     * @throws IOException when no answer arrived, or the answer exceeds the limits
     */
    <T> T get(String path, HttpAnswer.Reader<T> reader) throws IOException {
        return send(call("GET", path), reader);
    }

    /** Requests the list of reports. Cisco's sample sends these headers only with this request. */
    <T> T list(HttpAnswer.Reader<T> reader) throws IOException {
        HttpCall call =
                call("GET", "list").header("FOXY-API-VERSION", "1").header("Accept", "application/yang-data+json");
        return send(call, reader);
    }

    /**
     * Sends a POST request. Only the status of the answer counts, because the body is not documented. Throws as
     * {@link #get}.
     */
    void post(String path, byte[] body) throws IOException {
        send(call("POST", path).json(body), answer -> answer.transferTo(OutputStream.nullOutputStream()));
    }

    private HttpCall call(String method, String path) {
        String url = device.url() + "/smartlic-service/" + path;
        return HttpCall.ofSession(round.site(), Step.INBOX, method, url, clock.instant())
                .header("Content-Type", "application/json");
    }

    private <T> T send(HttpCall call, HttpAnswer.Reader<T> reader) throws IOException {
        round.checkCanStore();
        Optional<RejectedCredentials.Refusal> lastFailure = round.lastFailure(device);
        if (lastFailure.isPresent() && lastFailure.get().kind() != RejectedCredentials.Kind.REFUSAL) {
            delay(lastFailure.get());
        } else if (lastFailure.isPresent()) {
            throw loginRefused(
                    "the device refused user " + device.user().name() + " ("
                            + lastFailure.get().status() + ") at "
                            + lastFailure.get().at()
                            + "; the password is not sent again until it changes or `license-relay sync --site "
                            + round.site().name() + "` runs",
                    null);
        }
        if (round.isRefusedElsewhere(device)) {
            throw loginRefused(
                    "other devices refused the password of user "
                            + device.user().name() + " and none accepted it, so it was not sent to this device",
                    null);
        }
        call.header("Authorization", "Basic " + basicCredentials());
        accepted = false;
        try (HttpAnswer answer = http.send(call.to(client))) {
            checkLogin(answer, answer.exchangedWithoutBody());
            accepted = true;
            round.loginAccepted(device);
            T read = reader.read(answer);
            lastFailure.ifPresent(outage -> round.forget(device));
            return read;
        } catch (IOException failed) {
            boolean noAnswer = !(failed instanceof SsmException) || failed instanceof SsmUnavailable;
            if (noAnswer && !accepted) {
                round.unanswered(device, failed);
            }
            throw failed;
        }
    }

    /**
     * 401, 403 and a login page mean that the user is refused. Any other unsuccessful answer does not concern the user.
     */
    private void checkLogin(HttpAnswer answer, HttpExchangeRecord exchanged) throws IOException {
        int status = answer.status();
        boolean success = status / 100 == 2;
        boolean loginPage = success && isLoginPage(answer);
        if (loginPage || status == 401 || status == 403) {
            round.loginRefused(device, status);
        }
        if (loginPage) {
            throw loginRefused(
                    exchanged.method() + " " + exchanged.url() + " answered with a login page to user "
                            + device.user().name(),
                    exchanged);
        }
        if (!success) {
            throw refusal(exchanged, device.user().name());
        }
    }

    /** Reads the body of an HTML page, which is never requested as data. */
    private static boolean isLoginPage(HttpAnswer answer) throws IOException {
        return answer.type().startsWith("text/html")
                && LoginPage.isIn(new String(answer.readNBytes(MAX_PAGE_SIZE), StandardCharsets.UTF_8));
    }

    /**
     * Delays the request if the last one got no answer, or an answer that does not concern the password, such as 503.
     */
    private void delay(RejectedCredentials.Refusal outage) throws DevicePaused {
        Instant due = PasswordAttemptLog.due(outage);
        if (clock.instant().isBefore(due)) {
            String phrase = "no password was sent: the request at " + outage.at() + " got no answer about it ("
                    + outage.error() + "), so the next one is due at " + due;
            throw new DevicePaused(outage.error(), phrase);
        }
    }

    /** Classifies an unsuccessful answer: 401 and 403 concern the user, other statuses do not. */
    static SsmException refusal(HttpExchangeRecord exchanged, String user) {
        int status = exchanged.status() == null ? 0 : exchanged.status();
        if (status == 401 || status == 403) {
            String answered = exchanged.method() + " " + exchanged.url() + " answered " + status;
            return loginRefused(answered + " to user " + user, exchanged);
        }
        return HttpAnswerCheck.refusal(exchanged, null);
    }

    private static SsmRefused loginRefused(String message, @Nullable HttpExchangeRecord exchange) {
        return new SsmRefused(
                Findings.DEVICE_LOGIN_REFUSED,
                message,
                List.of(new Finding(Findings.DEVICE_LOGIN_REFUSED, message)),
                exchange);
    }

    private String basicCredentials() {
        String credentials =
                device.user().name() + ":" + device.user().password().revealText();
        return Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
