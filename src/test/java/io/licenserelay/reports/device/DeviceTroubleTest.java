package io.licenserelay.reports.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.failure.BadAnswer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every failure of a device has exactly one finding. */
class DeviceTroubleTest {
    private static final Place SITE = Place.site("hq");

    @ParameterizedTest
    @CsvSource({
        "500, device.bad-answer",
        "503, device.bad-answer",
        "429, device.bad-answer",
        "400, device.bad-answer",
        "302, device.bad-answer",
        "404, device.no-such-path",
        "405, device.no-such-path",
        "403, device.login-refused",
        "401, device.login-refused",
    })
    void everyErrorStatusHasItsFinding(int status, String finding) {
        HttpExchangeRecord exchange = new HttpExchangeRecord(
                "GET", "https://edge-1/list", status, Map.of(), null, Instant.EPOCH, Duration.ZERO);
        Finding actual = findingOf(DeviceSession.refusal(exchange, "relay"));
        assertThat(actual.name()).isEqualTo(finding);
        assertThat(actual.phrase()).startsWith("GET https://edge-1/list answered " + status);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments("device.bad-answer", BadAnswer.tooLarge("the answer is larger than 1048576 bytes")),
                arguments("device.bad-answer", BadAnswer.cut("the answer ended early")),
                arguments("device.not-trusted", handshake(new CertificateException("unable to find a valid path"))),
                arguments("device.not-trusted", handshake(new CertificateExpiredException("expired"))),
                arguments("device.not-trusted", handshake(new CertificateException("no name matches localhost"))),
                arguments("device.unreachable", new SocketTimeoutException("Read timed out")),
                arguments("device.unreachable", new SocketException("Connection reset")),
                arguments("device.unreachable", new ConnectException("Connection refused")),
                arguments("device.unreachable", new UnknownHostException("edge-1")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("failures")
    void everyFailureWithoutAStatusHasItsFinding(String finding, IOException failure) {
        assertThat(findingOf(failure).name()).isEqualTo(finding);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "device.bad-answer",
                "device.no-such-path",
                "device.login-refused",
                "device.not-trusted",
                "device.unreachable"
            })
    void everyFindingIsEvidenceOfTheSameCause(String finding) {
        Failure failure = new Failure(
                SITE,
                List.of(),
                Flow.PUSH,
                Step.INBOX,
                finding,
                "1 device",
                List.of(new Finding(finding, "1 device")),
                null,
                Instant.EPOCH);
        assertThat(Rules.packed().diagnose(Evidence.of(failure)).code()).isEqualTo("LIC5008");
    }

    private static Finding findingOf(Throwable thrown) {
        return DeviceTrouble.of(SITE, thrown, Clock.systemUTC());
    }

    private static IOException handshake(CertificateException cause) {
        SSLHandshakeException failed = new SSLHandshakeException(cause.getMessage());
        failed.initCause(cause);
        return failed;
    }
}
