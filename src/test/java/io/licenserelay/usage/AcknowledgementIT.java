package io.licenserelay.usage;

import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.payload;
import static io.licenserelay.usage.RumSamples.report;
import static io.licenserelay.usage.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.event.Digests;
import io.licenserelay.site.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to reports whose acknowledgement does not come as it should. */
class AcknowledgementIT {
    private static final String ONE = payload("9ABC", 1);
    private static final String TWO = payload("9ABC", 2);

    @TempDir
    Path folder;

    @Test
    void completeWithoutOurAcknowledgementIsAnIncidentUntilItComes() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, bare(report(ONE)));
            completes(house);
            poll(house);
            Report waits = house.ledger().get(0);
            assertThat(waits.state()).isEqualTo(State.SUBMITTED);
            assertThat(waits.reason())
                    .isEqualTo("the server says COMPLETE and gives no acknowledgement for C8000V 9ABC");
            assertThat(house.incidents()).containsExactly("trigger LIC5003");
            assertThat(message(house)).startsWith("1 delivered report(s) have no acknowledgement: C8000V 9ABC ");

            house.relay.restart();
            house.relay.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5003", "update LIC5003");

            house.ssm.faults().clear();
            poll(house);
            assertThat(house.told(digest(ONE))).containsExactly("received", "submitted", "acknowledged");
            assertThat(house.incidents()).containsExactly("trigger LIC5003", "update LIC5003", "resolve LIC5003");
        }
    }

    @Test
    void whatIsMissingIsAskedForAgainAtBoundedIntervals() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, bare(report(ONE)));
            completes(house);
            poll(house);
            int asked = polls(house);
            house.relay.sync();
            assertThat(polls(house)).isEqualTo(asked);
            long pause = house.relay.relay().database().read(tx -> tx.createQuery(
                            "SELECT poll_after - ack_missing_since FROM submission WHERE settled_at IS NULL")
                    .mapTo(Long.class)
                    .one());
            assertThat(pause).isBetween(3_590_000L, 3_610_000L);
        }
    }

    @Test
    void anAcknowledgementForNoReportLiesInAFolderAndIsAnIncidentUntilSomebodyTakesItAway() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, bare(report(ONE)));
            completes(house, ack("9ABC", "ours"), ack("STRANGER", "theirs"));
            poll(house);
            assertThat(house.ledger().get(0).state()).isEqualTo(State.ACKNOWLEDGED);
            assertThat(house.incidents()).containsExactly("trigger LIC5003");
            assertThat(message(house)).contains("an acknowledgement for C8000V STRANGER that is for no report");
            String lies = house.names("outbox/unmatched").get(0);
            assertThat(lies).startsWith("ACK_C8000V_STRANGER_");
            assertThat(house.file("outbox/unmatched/" + lies)).content().isEqualTo("theirs");

            house.relay.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5003", "update LIC5003");
            Files.delete(house.file("outbox/unmatched/" + lies));
            house.relay.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5003", "update LIC5003", "resolve LIC5003");
        }
    }

    @Test
    void acknowledgementsThatNameADigestAreForThatReportInWhateverOrder() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, wrapped(report(ONE), report(TWO)));
            completes(house, ack("9ABC", "for " + digest(TWO)), ack("9ABC", "for " + digest(ONE)));
            poll(house);
            assertThat(house.ledger()).hasSize(2).allSatisfy(each -> {
                assertThat(each.ackProof()).isEqualTo("report");
                assertThat(Path.of(String.valueOf(each.ackFile()))).content().isEqualTo("for " + each.digest());
            });
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void anAcknowledgementThatNamesAReportOfAnotherSubmissionIsForThatOne() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, bare(report(ONE)));
            house.ssm.faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
            house.drop("two.txt", bare(report(TWO)));
            house.relay.sync();
            completes(house, ack("9ABC", "one"), ack("9ABC", "for " + digest(TWO)));
            // The second is not sent again before the first one's answer came.
            house.ssm.faults().set("server-error", "resource", "report-usage");
            poll(house);
            assertThat(content(house, digest(ONE))).isEqualTo("one");
            assertThat(content(house, digest(TWO))).isEqualTo("for " + digest(TWO));
            assertThat(house.told(digest(TWO))).containsExactly("received", "acknowledged");
        }
    }

    @Test
    void acknowledgementsThatNameTheDeviceAloneAreForTheReportsInTheirOrder() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, wrapped(report(ONE), report(TWO), report(payload("9ABC", 3))));
            List<String> order = sentOrder(house);
            completes(house, ack("9ABC", "first"), ack("9ABC", "for " + order.get(1)), ack("9ABC", "last"));
            poll(house);
            assertThat(content(house, order.get(0))).isEqualTo("first");
            assertThat(content(house, order.get(1))).isEqualTo("for " + order.get(1));
            assertThat(content(house, order.get(2))).isEqualTo("last");
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void moreAcknowledgementsThanReportsAreNotSilentlyDropped() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, bare(report(ONE)));
            completes(house, ack("9ABC", "first"), ack("9ABC", "second"));
            poll(house);
            assertThat(content(house, digest(ONE))).isEqualTo("first");
            assertThat(house.names("outbox/unmatched")).hasSize(1);
            assertThat(house.incidents()).containsExactly("trigger LIC5003");
        }
    }

    @Test
    void aReportWhoseAnswerWasLostEndsAcknowledgedOnceTheServerKnowsTheNonce() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.ssm.faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
            house.drop("rum.txt", bare(report(ONE)));
            house.relay.sync();
            house.relay.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC1005", "update LIC5003");

            completes(house, ack("9ABC", "late"));
            poll(house);
            assertThat(house.told(digest(ONE))).containsExactly("received", "submitted", "acknowledged");
            assertThat(house.ssm.reports().received()).hasSize(1);
            assertThat(house.incidents()).endsWith("resolve LIC5003");
            int asked = polls(house);
            poll(house);
            assertThat(polls(house)).isEqualTo(asked);
        }
    }

    @Test
    void reportsSentTogetherWhoseAnswerWasLostStayVisibleEachByItself() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.ssm.faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
            house.drop("rum.txt", wrapped(report(ONE), report(TWO)));
            for (int run = 0; run < 3; run++) {
                house.relay.sync();
            }
            assertThat(house.ssm.reports().received()).hasSize(2);
            assertThat(house.ledger()).hasSize(2).allSatisfy(each -> {
                assertThat(each.state()).isEqualTo(State.SUBMITTED);
                assertThat(each.reason()).startsWith("delivered, but the answer with the poll id was lost");
            });
            assertThat(house.told(digest(ONE))).containsExactly("received", "submitted");
            assertThat(house.incidents()).startsWith("trigger LIC1005").endsWith("update LIC5003");
        }
    }

    @Test
    void aServerThatSaysNotYetAfterAllEndsTheIncidentAndIsAskedFurther() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, bare(report(ONE)));
            completes(house);
            poll(house);
            house.ssm.faults().clear().set("ack-withheld");
            poll(house);
            assertThat(house.incidents()).containsExactly("trigger LIC5003", "resolve LIC5003");
            assertThat(house.ledger().get(0).reason()).isEqualTo("the acknowledgement is not ready yet");
            house.ssm.faults().clear();
            poll(house);
            assertThat(house.ledger().get(0).state()).isEqualTo(State.ACKNOWLEDGED);
        }
    }

    @Test
    void aPollWithoutItsAnswerIsNotMadeAgainWithinItsIntervalButAtOnceByTheNextProcess() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, bare(report(ONE)));
            house.ssm.faults().set("reset-midway", "resource", "poll", "bytes", 20);
            poll(house);
            int asked = polls(house);
            poll(house);
            assertThat(polls(house)).as("asked again within the interval").isEqualTo(asked);

            house.ssm.faults().clear();
            house.relay.restart();
            house.relay.sync();
            assertThat(polls(house)).isEqualTo(asked + 1);
            assertThat(house.ledger().get(0).state()).isEqualTo(State.ACKNOWLEDGED);
        }
    }

    @Test
    void whatComesDueWhileOthersAreAskedForIsAskedForInTheSameRunAndNothingTwice() throws Exception {
        try (ReportsHouse house = new ReportsHouse(folder).push("api")) {
            house.device("9DEF");
            house.relay.start();
            house.drop("other.txt", bare(report(payload("9DEF", 1))));
            sent(house, bare(report(ONE)));
            house.ssm.reports().pollsUntilAck(9).pollInterval(1);
            house.ssm.faults().set("latency", "resource", "poll", "millis", 2_000);
            due(house, "9ABC", 0);
            due(house, "9DEF", 1_000);
            house.relay.sync();
            assertThat(polls(house)).isEqualTo(2);
        }
    }

    /** It is asked for every second, first after these milliseconds. */
    private static void due(ReportsHouse house, String serial, long millis) {
        long at = System.currentTimeMillis() + millis;
        house.relay
                .relay()
                .database()
                .write(tx -> tx.execute(
                        "UPDATE submission SET poll_seconds = 1, poll_after = ? WHERE serial = ?", at, serial));
    }

    @Test
    void anAcknowledgementOfOneDeviceThatNamesAReportOfAnotherIsForNone() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            sent(house, bare(report(ONE)));
            completes(house, ack("9DEF", "for " + digest(ONE)));
            poll(house);
            assertThat(house.ledger()).extracting(Report::state).containsOnly(State.SUBMITTED);
            assertThat(house.names("outbox/unmatched")).hasSize(1);
        }
    }

    private static void sent(ReportsHouse house, String content) throws Exception {
        house.drop("rum.txt", content);
        // Not asked within this run, however long it takes.
        house.ssm.reports().pollInterval(3600);
        house.relay.sync();
        assertThat(house.ledger()).extracting(Report::state).containsOnly(State.SUBMITTED);
    }

    /** From now on polls are answered so. */
    private static void completes(ReportsHouse house, String... acks) {
        String body = "{\"status\":\"COMPLETE\",\"message\":\"\",\"data\":{\"acknowledgements\":["
                + Stream.of(acks).collect(Collectors.joining(",")) + "]}}";
        house.ssm.faults().set("status", "resource", "poll", "status", 200, "body", body);
    }

    private static String ack(String serial, String content) {
        String base64 = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        return "{\"sudi\":{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"" + serial + "\"},\"smart_license\":\""
                + base64 + "\"}";
    }

    /** Whatever is asked for has its time now. */
    private static void poll(ReportsHouse house) throws Exception {
        house.relay
                .relay()
                .database()
                .write(tx -> tx.execute("UPDATE submission SET poll_after = 1 WHERE poll_after IS NOT NULL"));
        house.relay.sync();
    }

    private static int polls(ReportsHouse house) {
        return house.ssm.requests().count("/services/api/smart-accounts-and-licensing/v2/accounts/poll");
    }

    private static List<String> sentOrder(ReportsHouse house) {
        return house.ssm.reports().received().stream()
                .map(each -> digest(each.payload()))
                .toList();
    }

    private static String content(ReportsHouse house, String digest) throws Exception {
        Report report = house.ledger().stream()
                .filter(each -> each.digest().equals(digest))
                .findFirst()
                .orElseThrow();
        return Files.readString(Path.of(String.valueOf(report.ackFile())));
    }

    private static String message(ReportsHouse house) throws InterruptedException {
        return house.relay
                .events(Topic.FAILURES)
                .get(0)
                .at("/data/error/message")
                .asText();
    }

    private static String digest(String payload) {
        return Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
    }
}
