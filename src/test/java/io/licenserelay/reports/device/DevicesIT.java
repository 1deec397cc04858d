package io.licenserelay.reports.device;

import static io.licenserelay.fixture.DevicesAndRelay.payload;
import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.DevicesAndRelay;
import io.licenserelay.fixture.DevicesAndRelay.Devices;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.simulator.ssm.ReceivedReport;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Devices as a source of usage reports, through the real routes. */
class DevicesIT {
    @RegisterExtension
    static final SharedRelay<DevicesAndRelay> RELAY = DevicesAndRelay.shared();

    private DevicesAndRelay devices;

    @BeforeEach
    void setUp(DevicesAndRelay site) {
        devices = site;
    }

    @Test
    @Devices({"edge-1", "edge-2", "edge-3"})
    void reportsOfSeveralDevicesAreSubmittedByteForByteInTheSameRun() throws Exception {
        String odd = "{ \"v\" :\t\"ü \\u00fc \\/ / \\\\ \\\" 😀 <&> \\ud83d\\ude00 1.0\" ,\n"
                + payload("edge-2", 2).substring(1);
        devices.device("edge-1").reports(report(payload("edge-1", 1)), report(payload("edge-1", 2), true));
        devices.device("edge-2").reports(report(odd)).singleAsObject();
        assertThat(devices.sync()).isEqualTo("complete");
        assertThat(devices.cloud().ssm().reports().received())
                .extracting(ReceivedReport::payload)
                .containsExactlyInAnyOrder(payload("edge-1", 1), payload("edge-1", 2), odd);
        assertThat(devices.cloud().ledger())
                .extracting(ReportEntry::origin)
                .containsExactlyInAnyOrder("device edge-1", "device edge-1", "device edge-2");
        assertThat(devices.cloud().ledger()).extracting(ReportEntry::state).containsOnly(ReportState.SUBMITTED);
        assertThat(devices.requestCount("edge-3", "all-reports")).isEqualTo(1);
        assertThat(devices.incidents()).isEmpty();
    }

    @Test
    @Devices
    void theSameReportFromADeviceAndTheInboxIsStoredOnce() throws Exception {
        devices.device("edge-1").reports(report(payload("edge-1", 1), true));
        devices.cloud().drop("rum.txt", bare(report(payload("edge-1", 1))));
        devices.sync();
        devices.sync();
        assertThat(devices.cloud().ledger()).hasSize(1);
        assertThat(devices.cloud().ssm().reports().received()).hasSize(1);
    }

    @Test
    @Devices({"edge-1", "edge-2"})
    void anUnreachableDeviceDoesNotAffectOthersAndIsAnIncidentUntilItAnswers() throws Exception {
        devices.device("edge-1").faults().set("refuse");
        devices.device("edge-2").reports(report(payload("edge-2", 1)));
        assertThat(devices.sync()).isNotEqualTo("failed");
        assertThat(devices.cloud().ssm().reports().received()).hasSize(1);
        assertThat(devices.incidents()).containsExactly("trigger LIC5008");
        assertThat(devices.newestFailure())
                .contains("1 device(s) do not answer: edge-1 (")
                .contains("device.unreachable");
        devices.cloud().assertFirst("LIC5008", "device.unreachable");
        devices.sync();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008");
        devices.device("edge-1").faults().clear();
        devices.sync();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008", "resolve LIC5008");
    }

    @Test
    @Devices
    void anotherProblemOfTheSiteNeitherHidesNorResolvesADeviceIncident() throws Exception {
        devices.device("edge-1").faults().set("refuse");
        devices.cloud().drop("noise.txt", "noise");
        devices.sync();
        assertThat(devices.incidents()).hasSize(2).first().isEqualTo("trigger LIC5008");
        assertThat(devices.newestFailure()).contains("report.unreadable", "device.unreachable", "LIC5004", "LIC5008");
        Files.delete(devices.cloud()
                .file("rejected/" + devices.cloud().fileNames("rejected").get(0)));
        for (String reason : devices.cloud().fileNames("rejected")) {
            Files.delete(devices.cloud().file("rejected/" + reason));
        }
        devices.sync();
        assertThat(devices.incidents()).hasSize(3).last().isEqualTo("update LIC5008");
        assertThat(devices.newestFailure()).doesNotContain("report.unreadable");
    }

    @Test
    @Devices
    void aLoginPageOfADeviceIsARefusal() throws Exception {
        devices.device("edge-1").faults().set("html");
        scheduledSync();
        scheduledSync();
        assertThat(devices.requestCount("edge-1", "all-reports")).isEqualTo(1);
        assertThat(devices.newestFailure()).contains("device.login-refused", "LIC5008");
    }

    @Test
    @Devices({"edge-1", "edge-2", "edge-3", "edge-4"})
    void aPasswordThatTheFirstDevicesRejectIsSentToTheOthersIfAnOperatorRequestsIt() throws Exception {
        for (String name : List.of("edge-1", "edge-2", "edge-3")) {
            devices.device(name).user("relay", "another-password-1");
        }
        devices.device("edge-4").reports(report(payload("edge-4", 1)));
        scheduledSync();
        assertThat(devices.requestCount("edge-4", "all-reports")).isZero();
        devices.sync();
        scheduledSync();
        assertThat(devices.requestCount("edge-4", "all-reports")).isEqualTo(2);
        assertThat(devices.cloud().ledger()).hasSize(1);
    }

    @Test
    @Devices(keys = "days: 30")
    void onlyReportsOfTheConfiguredDaysAreRequested() throws Exception {
        devices.device("edge-1").reports(report(payload("edge-1", 1)));
        devices.sync();
        assertThat(devices.requestCount("edge-1", "days/30")).isEqualTo(1);
        assertThat(devices.requestCount("edge-1", "all-reports")).isZero();
        assertThat(devices.cloud().ledger()).hasSize(1);
    }

    @Test
    @Devices(
            value = {"edge-1", "edge-2", "edge-3", "edge-4", "edge-5", "edge-6", "edge-7"},
            keys = "parallel: 3")
    void noMoreDevicesAreReadInParallelThanConfigured() throws Exception {
        for (int i = 1; i <= 7; i++) {
            devices.device("edge-" + i).faults().set("latency", "millis", 300);
        }
        devices.sync();
        assertThat(devices.atOnce().most()).isEqualTo(3);
    }

    @Test
    @Devices
    void aDeviceWithoutTheReportPathIsAnIncident() throws Exception {
        devices.device("edge-1").faults().set("not-found");
        devices.sync();
        assertThat(devices.newestFailure()).contains("\"device.no-such-path\"", "LIC5008");
        devices.device("edge-1").faults().clear();
        devices.sync();
        assertThat(devices.incidents()).endsWith("resolve LIC5008");
    }

    @Test
    @Devices
    void validReportsOfAnAnswerAreStoredDespiteInvalidOnes() throws Exception {
        devices.device("edge-1").reports(report(payload("edge-1", 1)), "{\"payload\":7}", report(payload("edge-1", 2)));
        devices.sync();
        assertThat(devices.cloud().ledger()).hasSize(2);
        assertThat(devices.newestFailure()).contains("report 2 in the answer: the report has no \\\"payload\\\" text");
    }

    @Test
    @Devices(push = "off")
    void anAnswerWithManyReportsIsStoredCompletely() throws Exception {
        String padding = "x".repeat(1_000);
        String[] many = IntStream.range(0, 1_200)
                .mapToObj(number -> report(
                                payload("edge-1", number).replace("1671880245", String.valueOf(1_500_000_000 + number)))
                        .replace("builtin", padding))
                .toArray(String[]::new);
        devices.device("edge-1").reports(many);
        devices.sync();
        assertThat(devices.cloud().ledger().size()).isEqualTo(many.length);
        assertThat(devices.incidents()).isEmpty();
    }

    @Test
    @Devices({"edge-1", "edge-2"})
    void noDevicePasswordIsOnATopicOrInTheDatabase() throws Exception {
        devices.device("edge-1").faults().set("echo", "status", 200);
        devices.device("edge-2").faults().set("status", "status", 200, "body", DevicesAndRelay.PASSWORD);
        devices.sync();
        devices.device("edge-1").faults().clear().set("echo", "status", 401);
        devices.sync();
        String published = devices.newestFailure() + devices.relay().failures();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(devices.relay().data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                data.write(Files.readAllBytes(file));
            }
        }
        String basicAuth = Base64.getEncoder()
                .encodeToString(("relay:" + DevicesAndRelay.PASSWORD).getBytes(StandardCharsets.UTF_8));
        assertThat(published + data.toString(StandardCharsets.ISO_8859_1))
                .contains("device.login-refused", "device.bad-answer")
                .doesNotContain(DevicesAndRelay.PASSWORD, basicAuth);
    }

    /** Runs a sync as the schedule does, without a request of an operator. */
    private void scheduledSync() throws InterruptedException {
        devices.relay().scheduledSync();
    }
}
