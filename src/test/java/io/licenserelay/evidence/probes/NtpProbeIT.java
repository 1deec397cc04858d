package io.licenserelay.evidence.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.TestSite;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NtpProbeIT {
    private static final Clock RELAY_CLOCK = Clock.systemUTC();

    @ParameterizedTest
    @CsvSource({
        "0,     OK,     ok,    clock.well",
        "60,    OK,     apart, clock.apart",
        "-60,   OK,     apart, clock.apart",
        "7200,  FAILED, wrong, clock.wrong",
        "-7200, FAILED, wrong, clock.wrong"
    })
    void theTimeServersClockIsComparedWithTheRelaysClock(long ahead, Status status, String reason, String finding)
            throws Exception {
        try (TimeServer server = server(Duration.ofSeconds(ahead), 2, 0, 0)) {
            ProbeResult result = probe(server.port(), Duration.ofSeconds(5));
            assertThat(result.status()).isEqualTo(status);
            assertThat(result.reason()).isEqualTo(reason);
            assertThat(names(result)).containsExactly(finding);
            assertThat(result.millis()).containsOnlyKeys("resolve", "wait");
            assertThat(result.details()).containsEntry("stratum", 2).containsKey("reference");
            assertThat((Double) result.details().get("clockOffsetSeconds")).isCloseTo(ahead, within(1.0));
        }
    }

    @Test
    void aLostDatagramIsRequestedAgain() throws Exception {
        try (TimeServer server = server(Duration.ZERO, 2, 0, 1)) {
            assertThat(probe(server.port(), Duration.ofSeconds(2)).reason()).isEqualTo("ok");
        }
    }

    @Test
    void anUnresponsiveServerProvesNothingAboutTheClock() throws Exception {
        try (DatagramSocket unresponsive = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            ProbeResult result = probe(unresponsive.getLocalPort(), Duration.ofMillis(400));
            assertThat(result.status()).isEqualTo(Status.ERROR);
            assertThat(result.reason()).isEqualTo("no-answer");
            assertThat(result.findings()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "16, 0", "2, 3"})
    void theTimeOfAnUnsynchronizedServerIsIgnored(int stratum, int leap) throws Exception {
        try (TimeServer server = server(Duration.ofHours(2), stratum, leap, 0)) {
            ProbeResult result = probe(server.port(), Duration.ofSeconds(5));
            assertThat(result.status()).isEqualTo(Status.ERROR);
            assertThat(result.reason()).isEqualTo("unsynchronized");
            assertThat(result.findings()).isEmpty();
        }
    }

    @Test
    void anUnresolvableNameIsReported() {
        ProbeResult result = new NtpProbe(RELAY_CLOCK)
                .run(
                        TestSite.at("https://ssm")
                                .timeServer("ntp.relay.invalid")
                                .target(),
                        Deadline.in(Duration.ofSeconds(5)));
        assertThat(result.status()).isEqualTo(Status.ERROR);
        assertThat(result.reason()).isEqualTo("dns");
    }

    @Test
    void theProbeIsSkippedWithoutATimeServer() {
        ProbeResult result =
                new NtpProbe(RELAY_CLOCK).run(TestSite.at("https://ssm").target(), Deadline.in(Duration.ofSeconds(1)));
        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).isEqualTo("not-configured");
    }

    @Test
    void aWrongClockIsTheCauseRegardlessOfTheServersDate() throws Exception {
        try (TimeServer server = server(Duration.ofHours(2), 2, 0, 0)) {
            ProbeResult ntp = probe(server.port(), Duration.ofSeconds(5));
            for (String http : List.of(Findings.CLOCK_WELL, Findings.CLOCK_APART, Findings.CLOCK_WRONG)) {
                ProbeResult date = new ProbeResult(
                        "http", "ssm", Status.OK, "ok", Map.of(), Map.of(), List.of(new Finding(http, "by its date")));
                Diagnosis diagnosis = Rules.packed()
                        .diagnose(Evidence.of(
                                TestSite.failure(RELAY_CLOCK.instant()), List.of(ntp, date), List.of(), List.of()));
                assertThat(diagnosis.code()).as(http).isEqualTo("LIC6001");
            }
        }
    }

    private static TimeServer server(Duration ahead, int stratum, int leap, int lost) throws Exception {
        return new TimeServer(Clock.offset(RELAY_CLOCK, ahead), stratum, leap, lost);
    }

    private static ProbeResult probe(int port, Duration time) {
        return new NtpProbe(RELAY_CLOCK, port)
                .run(TestSite.at("https://ssm").timeServer("127.0.0.1").target(), Deadline.in(time));
    }

    private static List<String> names(ProbeResult result) {
        return result.findings().stream().map(Finding::name).toList();
    }
}
