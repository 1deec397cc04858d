package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log of SSM proves a cause that the HTTP status alone does not prove, if the log line belongs to the failed request. */
class SsmLogIT extends ScenarioIT {
    @ParameterizedTest
    @CsvSource({
        "bad-gateway,                       http.unavailable,  LIC4001",
        "bad-gateway resource=licenses,     http.unavailable,  LIC4001",
        "service-down,                      http.server-error, LIC4004",
        "service-down resource=licenses,    http.server-error, LIC4004"
    })
    void aServiceThatRefusedTheFailedRequestIsProven(String fault, String status, String furtherCause)
            throws Exception {
        try (SsmSimulator ssm = simulator().logs(folder).start();
                TempRelay relay = withLog(ssm)) {
            String[] words = fault.split("[ =]");
            ssm.faults().set(words[0], (Object[]) Arrays.copyOfRange(words, 1, words.length));
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC4002");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.because()).containsExactly("ssm-log.request-refused", status);
            assertThat(trigger.others()).containsExactly(furtherCause);
            assertThat(trigger.texts("/data/evidence/logs/0/lines"))
                    .anyMatch(line -> line.contains("while connecting to upstream"));
            assertThat(trigger.json().at("/data/evidence/timeline"))
                    .anyMatch(line -> line.path("whose").asText().equals("failed-request"));
            assertThat(trigger.json()
                            .at("/data/evidence/logs/0/coverage/slices")
                            .isMissingNode())
                    .as("the byte ranges of the log belong only into the bundle")
                    .isTrue();

            ssm.faults().clear();
            resolved(relay, trigger);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // A request of another client, seconds ago: the service may be the cause, but this is no proof.
        "bad-gateway,  PT2S,  LIC4001, proven, LIC4002",
        "server-error, PT2S,  LIC4004, proven, LIC4002",
        // Within the last hour: a possible cause.
        "bad-gateway,  PT42M, LIC4001, proven, LIC4002",
        "server-error, PT42M, LIC4004, proven, LIC4002",
        // Long before: unrelated.
        "bad-gateway,  PT2H,  LIC4001, proven, ",
        "server-error, PT2H,  LIC4004, proven, "
    })
    void aServiceThatRefusedAnotherClientIsAtMostAFurtherCause(
            String fault, Duration before, String code, String confidence, String further) throws Exception {
        logRefusalOfAnotherClient(before);
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = withLog(ssm)) {
            ssm.faults().set(fault);
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
            assertThat(trigger.confidence()).isEqualTo(confidence);
            if (further == null) {
                assertThat(trigger.others()).isEmpty();
                assertThat(trigger.findings()).contains("log.not-covering");
            } else {
                assertThat(trigger.others()).containsExactly(further);
            }
        }
    }

    @Test
    void aRefusalInTheLogIsNotAnIncidentIfTheSyncSucceeds() throws Exception {
        logRefusalOfAnotherClient(Duration.ofSeconds(2));
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = withLog(ssm)) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(relay.failures()).isEmpty();
        }
    }

    private TempRelay withLog(SsmSimulator ssm) throws Exception {
        return relay(ssm)
                .site("logs", "[ { name: ssm, path: '" + log() + "' } ]")
                .start();
    }

    private Path log() {
        return folder.resolve("messages");
    }

    /** Writes the log line of a refused request of another client, with this age. */
    private void logRefusalOfAnotherClient(Duration age) throws Exception {
        ZonedDateTime at = ZonedDateTime.now(ZoneOffset.UTC).minus(age);
        Files.writeString(
                log(),
                DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT).format(at) + " SSM-On-Prem 504f06c0d581: "
                        + DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT)
                                .format(at)
                        + " [error] 47#47: *1576 connect() failed (111: Connection refused) while connecting to upstream,"
                        + " client: 10.110.35.124, server: localhost, request: \"GET /sessions/get_user HTTP/1.1\","
                        + " upstream: \"http://127.0.0.1:6379/sessions/get_user\", host: \"10.66.76.81:8443\"\n");
    }
}
