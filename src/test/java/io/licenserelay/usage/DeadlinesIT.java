package io.licenserelay.usage;

import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.payload;
import static io.licenserelay.usage.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.event.Digests;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By when devices must report, and their usage be acknowledged. */
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

    @TempDir
    Path folder;

    @Test
    void anAcknowledgementThatIsDueIsToldThirtyDaysBeforeAndIsCriticalInTheLastWeek() throws Exception {
        try (ReportsHouse house = start("push: api")) {
            acknowledged(house, ONE);
            Instant due = Objects.requireNonNull(device(house).ackDueAt());
            assertThat(Duration.between(clock.instant(), due)).isBetween(Duration.ofDays(89), Duration.ofDays(90));
            after(house, Duration.ofDays(58));
            assertThat(house.incidents()).isEmpty();

            after(house, Duration.ofDays(3));
            FailureEvent first = push(house).get(0);
            assertThat(first.code()).isEqualTo("LIC5003");
            assertThat(first.text("/data/severity")).isEqualTo("warning");
            assertThat(first.because()).containsExactly("report.ack-due-soon");
            assertThat(first.text("/data/impact/at")).isEqualTo(due.toString());
            assertThat(first.text("/data/error/message"))
                    .contains("C8000V 9ABC by " + due + ", 90 days after the last acknowledgement of ");

            after(house, Duration.ofDays(24));
            assertThat(last(house).text("/data/severity")).isEqualTo("critical");
            assertThat(last(house).because()).containsExactly("report.ack-due-soon");

            acknowledged(house, payload("9ABC", 2));
            assertThat(house.incidents()).startsWith("trigger LIC5003").endsWith("resolve LIC5003");
            assertThat(house.incidents().stream().filter(each -> each.startsWith("resolve")))
                    .hasSize(1);
        }
    }

    @Test
    void aReportPastItsDeadlineIsOverdueAndStillAwaitsItsAcknowledgement() throws Exception {
        try (ReportsHouse house = start("push: api")) {
            house.ssm.faults().set("ack-withheld");
            house.drop("one.txt", bare(report(ONE)));
            house.relay.sync();
            after(house, Duration.ofDays(91));
            assertThat(house.ledger().get(0).state()).isEqualTo(State.OVERDUE);
            assertThat(house.ledger().get(0).reason()).contains("90 days after the first report of ");
            assertThat(last(house).because()).contains("report.ack-overdue");
            assertThat(last(house).text("/data/severity")).isEqualTo("critical");

            house.ssm.faults().clear();
            acknowledged(house, payload("9ABC", 2));
            assertThat(house.told(digest(ONE))).containsExactly("received", "submitted", "overdue", "acknowledged");
            assertThat(house.incidents()).endsWith("resolve LIC5003");
        }
    }

    @Test
    void whatTheDeviceItselfSaysGoesFirstUntilAnAcknowledgementCame() throws Exception {
        try (ReportsHouse house = start("push: api")) {
            house.ssm.faults().set("ack-withheld");
            house.drop("one.txt", bare(report(ONE)));
            house.drop("status.txt", STATUS.formatted("yes", "Jan 12 12:10:32 2036 UTC"));
            house.relay.sync();
            assertThat(device(house).ackDueAt()).isEqualTo(Instant.parse("2036-01-12T12:10:32Z"));
            assertThat(device(house).ackDueBy()).startsWith("as the device says (status.txt, read ");

            house.ssm.faults().clear();
            after(house, Duration.ofSeconds(2));
            assertThat(Duration.between(clock.instant(), device(house).ackDueAt()))
                    .isBetween(Duration.ofDays(19), Duration.ofDays(20));
            assertThat(device(house).ackDueBy())
                    .startsWith("20 days after the last acknowledgement")
                    .endsWith("(the policy that it states)");
        }
    }

    @Test
    void aDeviceThatNeedsNoAcknowledgementHasNoDeadline() throws Exception {
        try (ReportsHouse house = start("push: api")) {
            house.ssm.faults().set("ack-withheld");
            house.drop("one.txt", bare(report(ONE)));
            house.drop("status.txt", STATUS.formatted("no", "<none>"));
            house.relay.sync();
            after(house, Duration.ofDays(400));
            assertThat(device(house).ackDueAt()).isNull();
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void aDeviceThatSsmListsAndNobodyHearsOfIsToldUntilItReports() throws Exception {
        try (ReportsHouse house = start("push: api")) {
            house.relay.sync();
            assertThat(device(house).heardBy()).isEqualTo("SSM's device list");
            after(house, Duration.ofDays(91));
            assertThat(last(house).code()).isEqualTo("LIC5007");
            assertThat(last(house).because()).containsExactly("device.not-reporting");
            assertThat(last(house).text("/data/error/message"))
                    .contains("C8000V 9ABC since ")
                    .contains("(SSM's device list), something was due by");

            house.relay.restart();
            look(house);
            assertThat(house.incidents()).containsExactly("trigger LIC5007");
            acknowledged(house, ONE);
            assertThat(house.incidents()).startsWith("trigger LIC5007").endsWith("resolve LIC5007");
        }
    }

    @Test
    void aSiteThatCollectsNothingDoesNotWatchForSilence() throws Exception {
        try (ReportsHouse house = start("push: off")) {
            house.relay.sync();
            after(house, Duration.ofDays(400));
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void aConfiguredPolicyCountsPerClassAndEntitlement() throws Exception {
        String policy = "push: api, policy: { warn: 5d, usual: perpetual, perpetual: { first: 0d, every: 0d },"
                + " subscription: { every: 40d }, entitlements: { 'regid.2018-12.com.cisco.DNA_*': subscription } }";
        try (ReportsHouse house = start(policy)) {
            acknowledged(house, ONE);
            assertThat(device(house).ackDueBy())
                    .startsWith("40 days after the last acknowledgement")
                    .endsWith("(the configured policy)");
            after(house, Duration.ofDays(34));
            assertThat(house.incidents()).isEmpty();
            after(house, Duration.ofDays(2));
            assertThat(house.incidents()).containsExactly("trigger LIC5003");
        }
    }

    @Test
    void usageThatChangedMustBeAcknowledgedSoonerThanTheNextReport() throws Exception {
        try (ReportsHouse house = start("push: api, policy: { subscription: { change: 1400d } }")) {
            acknowledged(house, ONE);
            house.ssm.faults().set("ack-withheld");
            house.drop("same.txt", bare(report(from("1675209600", payload("9ABC", 2), "2"))));
            house.relay.sync();
            assertThat(device(house).ackDueBy()).startsWith("90 days after the last acknowledgement");

            house.drop("more.txt", bare(report(from("1677628800", payload("9ABC", 3), "7"))));
            house.relay.sync();
            assertThat(device(house).ackDueAt())
                    .isEqualTo(Instant.ofEpochSecond(1_677_628_800L).plus(Duration.ofDays(1400)));
            assertThat(device(house).ackDueBy())
                    .startsWith("1400 days after the usage changed, of 2023-03-01T00:00:00Z");
        }
    }

    @Test
    void deadlinesOfSeveralDevicesAreOneIncidentOfTheirVirtualAccount() throws Exception {
        try (ReportsHouse house = start("push: api", "9DEF", "9GHI")) {
            acknowledged(house, ONE);
            after(house, Duration.ofDays(91));
            FailureEvent told = last(house);
            assertThat(told.key()).contains("/acme.local/");
            assertThat(told.because()).containsExactly("report.ack-overdue");
            assertThat(told.others()).containsExactly("LIC5007");
            assertThat(house.incidents()).hasSize(1);
        }
    }

    private ReportsHouse start(String reports, String... more) throws Exception {
        ReportsHouse house = new ReportsHouse(folder);
        for (String serial : more) {
            house.device(serial);
        }
        house.reports(reports).relay.clock(clock).start();
        return house;
    }

    /** Goes all its way. */
    private void acknowledged(ReportsHouse house, String payload) throws Exception {
        house.drop(digest(payload) + ".txt", bare(report(payload)));
        house.relay.sync();
        after(house, Duration.ofSeconds(2));
        assertThat(house.told(digest(payload))).endsWith("acknowledged");
    }

    private void after(ReportsHouse house, Duration time) throws Exception {
        clock.forward(time);
        house.relay.sync();
    }

    /** As between runs. */
    private static void look(ReportsHouse house) {
        house.relay
                .relay()
                .camel()
                .createProducerTemplate()
                .send(
                        "direct:poll-hq",
                        exchange -> exchange.setProperty(
                                "site", house.relay.relay().sites().named("hq")));
    }

    private static List<FailureEvent> push(ReportsHouse house) throws Exception {
        return house.relay.failures().stream()
                .filter(event -> event.flow().equals("push"))
                .toList();
    }

    private static FailureEvent last(ReportsHouse house) throws Exception {
        List<FailureEvent> events = push(house);
        return events.get(events.size() - 1);
    }

    private static ExpectedDevice device(ReportsHouse house) {
        List<ExpectedDevice> devices = new ArrayList<>();
        new LedgerView(house.relay.relay().database()).eachDevice(devices::add);
        return devices.get(0);
    }

    /** A report that begins then, in seconds, and tells of so much usage. */
    private static String from(String start, String payload, String count) {
        return payload.replaceAll("1671880245|1671966644|1672341045|1673790212", start)
                .replace("\"value\":\"2\"", "\"value\":\"" + count + "\"");
    }

    private static String digest(String payload) {
        return Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
    }
}
