package io.licenserelay.reports.format;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static io.licenserelay.fixture.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.ReportPolicy;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Udi;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Output of device commands about reports, as text files in the inbox. */
class DeviceStatusIT {
    private static final String RUM_IDS = """
            edge# show license rum id all
            Smart Licensing Usage Report:
            ====================================
            Report Id,          State,    Flag, Feature Name
            %s          %s       N     network-advantage
            """;
    private static final String STATUS = """
            edge# show license udi
            UDI: PID:C8000V,SN:%s
            edge# show license status
            Usage Reporting:
              Last ACK received: %s
              Next ACK deadline: Jan 12 12:10:32 2036 UTC
              Reporting push interval: 30  days
            """;

    @RegisterExtension
    static final SharedRelay<CloudAndRelay> RELAY = CloudAndRelay.shared("push: api");

    private CloudAndRelay cloud;

    @BeforeEach
    void setUp(CloudAndRelay site) {
        cloud = site;
    }

    @Test
    void aReportIsAcknowledgedIfItsDevicePrintsAnAck() throws Exception {
        submitWithoutAck(wrapped(report(payload("9ABC", 1)), report(payload("9ABC", 2))));
        cloud.drop("show.txt", RUM_IDS.formatted(1, "ACK") + "2          UNACK     N     network-advantage\r\n");
        cloud.relay().sync();
        assertThat(cloud.ledger()).anySatisfy(each -> {
            assertThat(each.reportId()).isEqualTo("1");
            assertThat(each.state()).isEqualTo(ReportState.ACKNOWLEDGED);
            assertThat(each.ackProof()).isEqualTo("stated");
            assertThat(cloud.publishedStates(each.digest())).containsExactly("received", "submitted", "acknowledged");
        });
        assertThat(cloud.ledger()).anySatisfy(each -> {
            assertThat(each.reportId()).isEqualTo("2");
            assertThat(each.state()).isEqualTo(ReportState.SUBMITTED);
            assertThat(each.reason()).startsWith("the device prints UNACK");
        });
        assertThat(cloud.fileNames("done")).hasSize(2);
    }

    @Test
    void thePolicyIsReadFromTheOutputOfADevice() {
        // The section is from Cisco's command reference of IOS XE 17.18.1a.
        DevicePolicy policy = Objects.requireNonNull(DevicePolicy.in("""
                Policy:  \r
                  Policy in use: Merged from multiple sources.\r
                  Reporting ACK required: yes (CISCO default)\r
                  Unenforced/Non-Export Perpetual Attributes:\r
                    First report requirement (days): 365 (CISCO default)\r
                    Reporting frequency (days): 0 (CISCO default)\r
                    Report on change (days): 90 (CISCO default)\r
                  Unenforced/Non-Export Subscription Attributes:\r
                    First report requirement (days): 90 (CISCO default)\r
                    Reporting frequency (days): 90 (CISCO default)\r
                    Report on change (days): 90 (CISCO default)\r
                  Enforced (Perpetual/Subscription) License Attributes:\r
                    First report requirement (days): 0 (CISCO default)\r
                    Reporting frequency (days): 0 (CISCO default)\r
                    Report on change (days): 0 (CISCO default)\r
                  Export (Perpetual/Subscription) License Attributes:\r
                    First report requirement (days): 0 (CISCO default)\r
                    Reporting frequency (days): 0 (CISCO default)\r
                    Report on change (days): 0 (CISCO default)"""));
        assertThat(policy.classes()).isEqualTo(ReportPolicy.CISCO_DEFAULT);
        assertThat(DevicePolicy.of(policy.text())).isEqualTo(policy);
        assertThat(policy.text()).startsWith("perpetual=365/0/90 subscription=90/90/90 ");
        assertThat(DevicePolicy.in("  Reporting ACK required: no (Customer Policy)\n"))
                .isEqualTo(DevicePolicy.of("none"));
        assertThat(DevicePolicy.in("Export (Perpetual/Subscription) License Attributes:\n  First report requ"))
                .isNull();
    }

    @Test
    void aHugeFileOfBlankLinesIsNotAStatementAndIsCheckedQuickly() {
        assertThat(DeviceStatus.isStatus("\n".repeat(16 << 20))).isFalse();
        assertThat(DeviceStatus.isStatus(" ".repeat(16 << 20))).isFalse();
    }

    @Test
    @CloudAndRelay.Reports("push: off")
    void aHeldReportMayBeAcknowledgedThroughAnotherChannel() throws Exception {
        cloud.drop("rum.txt", bare(report(payload("9ABC", 7))));
        cloud.relay().sync();
        cloud.drop("show.txt", RUM_IDS.formatted(7, "ACK"));
        cloud.relay().sync();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
    }

    @Test
    void aLastAckAfterDeliveryIsNamedInTheReasonAndAcknowledgesNoReport() throws Exception {
        submitWithoutAck(bare(report(payload("9ABC", 1))));
        cloud.drop("before.txt", STATUS.formatted("9ABC", "Oct 14 12:10:32 2021"));
        cloud.drop("never.txt", STATUS.formatted("9ABC", "<none>"));
        cloud.drop("other.txt", STATUS.formatted("OTHER", "Oct 14 12:10:32 2035"));
        cloud.relay().sync();
        assertThat(cloud.ledger().get(0).reason()).isNull();
        cloud.drop("after.txt", STATUS.formatted("9ABC", "Oct 14 12:10:32 2035 PST"));
        cloud.relay().sync();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.SUBMITTED);
        assertThat(cloud.ledger().get(0).reason())
                .isEqualTo(
                        "the device received its last ACK at Oct 14 12:10:32 2035 PST; use \"show license rum id all\" to"
                                + " check whether it was for this report");
        cloud.drop("list.txt", STATUS.formatted("9ABC", "Oct 14 12:10:32 2035 PST") + RUM_IDS.formatted(1, "ACK"));
        cloud.relay().sync();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
    }

    @Test
    void outputThatMatchesNoDeviceOrSeveralIsRejectedWithTheReason() throws Exception {
        submitWithoutAck(wrapped(report(payload("9ABC", 1)), report(payload("OTHER", 1))));
        cloud.drop("both.txt", RUM_IDS.formatted(1, "ACK"));
        cloud.drop("none.txt", RUM_IDS.formatted(99, "ACK"));
        cloud.relay().sync();
        assertThat(cloud.ledger()).noneMatch(each -> each.state() == ReportState.ACKNOWLEDGED);
        assertThat(cloud.file("rejected/" + cloud.fileNames("rejected").get(1)))
                .content()
                .contains("its report numbers match 2 devices; add the output of \"show license udi\"");
        assertThat(cloud.file("rejected/" + cloud.fileNames("rejected").get(3)))
                .content()
                .contains("the output names no device");
    }

    @Test
    void aTimeWithoutAZoneIsReadAsItsEarliestPossibleInstant() {
        DeviceStatus statement = DeviceStatus.read(STATUS.formatted("9ABC", "Mar  5 21:18:58 2024"));
        assertThat(statement.udi()).isEqualTo(new Udi("C8000V", "9ABC"));
        assertThat(statement.states()).isEqualTo(Map.of());
        assertThat(statement.lastAck())
                .isEqualTo(new DeviceStatus.Time("Mar  5 21:18:58 2024", Instant.parse("2024-03-05T07:18:58Z"), false));
        assertThat(statement.nextDeadline())
                .isEqualTo(
                        new DeviceStatus.Time("Jan 12 12:10:32 2036 UTC", Instant.parse("2036-01-12T12:10:32Z"), true));
        assertThat(DeviceStatus.read(STATUS.formatted("9ABC", "Foo 99 99:99:99 2024"))
                        .lastAck())
                .isNull();
    }

    @Test
    void aClockJumpIsAnIncidentUntilTheDeviceSendsAReportWithoutOne() throws Exception {
        String jumped = payload("9ABC", 1)
                .replace(
                        "\"log_time\":1671880245",
                        "\"meta\":{\"clock_change_delta\":\"-3433\"},\"log_time\":1671880245");
        submitWithoutAck(bare(report(jumped)));
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.SUBMITTED);
        assertThat(cloud.incidents()).containsExactly("trigger LIC5005");
        cloud.assertFirst("LIC5005", "report.clock-jumped");
        cloud.relay().restart();
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5005", "update LIC5005");
        cloud.drop("later.txt", bare(report(payload("9ABC", 2).replace("1673790212", "1673999999"))));
        cloud.relay().sync();
        assertThat(cloud.incidents()).endsWith("resolve LIC5005");
    }

    @Test
    void aReportLoggedBeforeItsUsageBeganHasAClockJump() throws Exception {
        String early = payload("9ABC", 1).replace("\"log_time\":1671880245", "\"log_time\":1671880145");
        assertThat(RumJson.read(report(early)).clockJump())
                .isEqualTo("measurement 1 was logged 100 s before its usage began");
        assertThat(RumJson.read(report(payload("9ABC", 1))).clockJump()).isNull();
    }

    /** Submits the reports; their acknowledgements do not arrive. */
    private void submitWithoutAck(String content) throws Exception {
        cloud.ssm().reports().pollInterval(3600);
        cloud.drop("rum.txt", content);
        cloud.relay().sync();
    }
}
