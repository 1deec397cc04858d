package io.licenserelay.reports;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.event.Digests;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.reports.ledger.LedgerView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The deadlines for contacts of devices and for acknowledgements of their usage. */
class DeadlinesIT {
    private static final String ONE = payload("9ABC", 1);
    private static final String STATUS = """
            UDI: PID:C8000V,SN:9ABC
            Policy:
              Policy in use: Merged from multiple sources.
              Reporting ACK required: %s (CISCO default)
              Unenforced/Non-Export Perpetual Attributes:
                First report requirement (days): 365 (CISCO default)
                Reporting frequency (days): 0 (CISCO default)
                Report on change (days): 90 (CISCO default)
              Unenforced/Non-Export Subscription Attributes:
                First report requirement (days): 20 (Customer Policy)
                Reporting frequency (days): 20 (Customer Policy)
                Report on change (days): 90 (CISCO default)
            Usage Reporting:
              Last ACK received: <none>
              Next ACK deadline: %s
            """;

    private final MovableClock clock = new MovableClock();

    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    @Test
    void aDueAcknowledgementIsReportedThirtyDaysAheadAndIsCriticalInTheLastWeek() throws Exception {
        start("push: api");
        syncUntilAcknowledged(ONE);
        Instant due = Objects.requireNonNull(device().ackDueAt());
        assertThat(Duration.between(clock.instant(), due)).isBetween(Duration.ofDays(89), Duration.ofDays(90));
        syncAfter(Duration.ofDays(58));
        assertThat(cloud.incidents()).isEmpty();

        syncAfter(Duration.ofDays(3));
        FailureEvent first = pushFailures().get(0);
        assertThat(first.code()).isEqualTo("LIC5003");
        assertThat(first.text("/data/severity")).isEqualTo("warning");
        assertThat(first.because()).containsExactly("report.ack-due-soon");
        assertThat(first.text("/data/impact/at")).isEqualTo(due.toString());
        assertThat(first.text("/data/error/message"))
                .contains("C8000V 9ABC by " + due + ", 90 days after the last acknowledgement of ");
        assertThat(first.text("/data/devicesTotal")).isEqualTo("1");
        assertThat(first.text("/data/devices/0/udiSerialNumber")).isEqualTo("9ABC");
        assertThat(first.texts("/data/devices/0/state")).containsExactly("due-soon");
        assertThat(first.text("/data/devices/0/ackDueAt")).isEqualTo(due.toString());

        syncAfter(Duration.ofDays(24));
        assertThat(lastPushFailure().text("/data/severity")).isEqualTo("critical");
        assertThat(lastPushFailure().because()).containsExactly("report.ack-due-soon");

        syncUntilAcknowledged(payload("9ABC", 2));
        assertThat(cloud.incidents()).startsWith("trigger LIC5003").endsWith("resolve LIC5003");
        assertThat(cloud.incidents().stream().filter(each -> each.startsWith("resolve")))
                .hasSize(1);
    }

    @Test
    void aReportPastItsDeadlineIsOverdueAndStillAwaitsItsAcknowledgement() throws Exception {
        start("push: api");
        cloud.ssm().faults().set("ack-withheld");
        cloud.drop("one.txt", bare(report(ONE)));
        cloud.relay().sync();
        syncAfter(Duration.ofDays(91));
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.OVERDUE);
        assertThat(cloud.ledger().get(0).reason()).contains("90 days after the first report of ");
        assertThat(lastPushFailure().because()).contains("report.ack-overdue");
        assertThat(lastPushFailure().text("/data/severity")).isEqualTo("critical");

        cloud.ssm().faults().clear();
        syncUntilAcknowledged(payload("9ABC", 2));
        assertThat(cloud.publishedStates(digest(ONE)))
                .containsExactly("received", "submitted", "overdue", "acknowledged");
        assertThat(cloud.incidents()).endsWith("resolve LIC5003");
    }

    @Test
    void theDeadlinePrintedByTheDeviceAppliesUntilAnAcknowledgementArrives() throws Exception {
        start("push: api");
        cloud.ssm().faults().set("ack-withheld");
        cloud.drop("one.txt", bare(report(ONE)));
        cloud.drop("status.txt", STATUS.formatted("yes", "Jan 12 12:10:32 2036 UTC"));
        cloud.relay().sync();
        assertThat(device().ackDueAt()).isEqualTo(Instant.parse("2036-01-12T12:10:32Z"));
        assertThat(device().ackDueBy()).startsWith("according to the device (status.txt, read ");

        cloud.ssm().faults().clear();
        syncAfter(Duration.ofSeconds(2));
        assertThat(Duration.between(clock.instant(), device().ackDueAt()))
                .isBetween(Duration.ofDays(19), Duration.ofDays(20));
        assertThat(device().ackDueBy())
                .startsWith("20 days after the last acknowledgement")
                .endsWith("(the policy that the device printed)");
    }

    @Test
    void aDeviceThatNeedsNoAcknowledgementHasNoDeadline() throws Exception {
        start("push: api");
        cloud.ssm().faults().set("ack-withheld");
        cloud.drop("one.txt", bare(report(ONE)));
        cloud.drop("status.txt", STATUS.formatted("no", "<none>"));
        cloud.relay().sync();
        syncAfter(Duration.ofDays(400));
        assertThat(device().ackDueAt()).isNull();
        assertThat(cloud.incidents()).isEmpty();
    }

    @Test
    void aListedDeviceWithoutContactIsAnIncidentUntilItReports() throws Exception {
        start("push: api");
        cloud.relay().sync();
        assertThat(device().lastContactBy()).isEqualTo("SSM's device list");
        syncAfter(Duration.ofDays(91));
        assertThat(lastPushFailure().code()).isEqualTo("LIC5007");
        assertThat(lastPushFailure().because()).containsExactly("device.not-reporting");
        assertThat(lastPushFailure().text("/data/error/message"))
                .contains("C8000V 9ABC since ")
                .contains("(SSM's device list), a contact was due by");
        assertThat(lastPushFailure().texts("/data/devices/0/state")).containsExactly("silent");
        assertThat(lastPushFailure().text("/data/devices/0/heardAt"))
                .isEqualTo(String.valueOf(device().lastContactAt()));
        assertThat(lastPushFailure().text("/data/devices/0/expectedBy")).isEqualTo(String.valueOf(device().silentAt()));

        cloud.relay().restart();
        checkBetweenRuns();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5007");
        syncUntilAcknowledged(ONE);
        assertThat(cloud.incidents()).startsWith("trigger LIC5007").endsWith("resolve LIC5007");
    }

    @Test
    void aSiteThatCollectsNoReportsDoesNotCheckForSilentDevices() throws Exception {
        start("push: off");
        cloud.relay().sync();
        syncAfter(Duration.ofDays(400));
        assertThat(cloud.incidents()).isEmpty();
    }

    @Test
    void aConfiguredPolicyAppliesPerClassAndEntitlement() throws Exception {
        String policy = "push: api, policy: { warn: 5d, usual: perpetual, perpetual: { first: 0d, every: 0d },"
                + " subscription: { every: 40d }, entitlements: { 'regid.2018-12.com.cisco.DNA_*': subscription } }";
        start(policy);
        syncUntilAcknowledged(ONE);
        assertThat(device().ackDueBy())
                .startsWith("40 days after the last acknowledgement")
                .endsWith("(the configured policy)");
        syncAfter(Duration.ofDays(34));
        assertThat(cloud.incidents()).isEmpty();
        syncAfter(Duration.ofDays(2));
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
    }

    @Test
    void aChangeOfUsageHasItsOwnDeadline() throws Exception {
        start("push: api, policy: { subscription: { change: 1400d } }");
        syncUntilAcknowledged(ONE);
        cloud.ssm().faults().set("ack-withheld");
        cloud.drop("same.txt", bare(report(from("1675209600", payload("9ABC", 2), "2"))));
        cloud.relay().sync();
        assertThat(device().ackDueBy()).startsWith("90 days after the last acknowledgement");

        cloud.drop("more.txt", bare(report(from("1677628800", payload("9ABC", 3), "7"))));
        cloud.relay().sync();
        assertThat(device().ackDueAt())
                .isEqualTo(Instant.ofEpochSecond(1_677_628_800L).plus(Duration.ofDays(1400)));
        assertThat(device().ackDueBy()).startsWith("1400 days after the usage changed, of 2023-03-01T00:00:00Z");
    }

    @Test
    void deadlinesOfSeveralDevicesAreOneIncidentOfTheirVirtualAccount() throws Exception {
        start("push: api", "9DEF", "9GHI");
        syncUntilAcknowledged(ONE);
        syncAfter(Duration.ofDays(91));
        FailureEvent failure = lastPushFailure();
        assertThat(failure.key()).contains("/acme.local/");
        assertThat(failure.because()).containsExactly("report.ack-overdue");
        assertThat(failure.others()).isEmpty();
        assertThat(failure.sideFacts()).containsExactly("LIC5007");
        assertThat(cloud.incidents()).hasSize(1);
    }

    private void start(String reports, String... more) throws Exception {
        for (String serial : more) {
            cloud.device(serial);
        }
        cloud.reports(reports).relay().clock(clock);
        cloud.start();
    }

    /** Drops the report into the inbox and syncs until it is acknowledged. */
    private void syncUntilAcknowledged(String payload) throws Exception {
        cloud.drop(digest(payload) + ".txt", bare(report(payload)));
        cloud.relay().sync();
        syncAfter(Duration.ofSeconds(2));
        assertThat(cloud.publishedStates(digest(payload))).endsWith("acknowledged");
    }

    private void syncAfter(Duration time) throws Exception {
        clock.forward(time);
        cloud.relay().sync();
    }

    /** Runs the check that a timer starts between runs. */
    private void checkBetweenRuns() {
        cloud.relay()
                .relay()
                .camel()
                .createProducerTemplate()
                .send(
                        "direct:poll",
                        exchange -> exchange.setVariable(
                                "task", cloud.relay().relay().sites().check("hq")));
    }

    private List<FailureEvent> pushFailures() throws Exception {
        return cloud.relay().failures().stream()
                .filter(event -> event.flow().equals("push"))
                .toList();
    }

    private FailureEvent lastPushFailure() throws Exception {
        List<FailureEvent> events = pushFailures();
        return events.get(events.size() - 1);
    }

    private ExpectedDevice device() {
        List<ExpectedDevice> devices = new ArrayList<>();
        new LedgerView(cloud.relay().relay().database()).eachDevice(devices::add);
        return devices.get(0);
    }

    /** A report with this start (seconds since the epoch) and this amount of usage. */
    private static String from(String start, String payload, String count) {
        return payload.replaceAll("1671880245|1671966644|1672341045|1673790212", start)
                .replace("\"value\":\"2\"", "\"value\":\"" + count + "\"");
    }

    private static String digest(String payload) {
        return Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
    }
}
