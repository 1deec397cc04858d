package io.licenserelay.reports;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static io.licenserelay.fixture.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Digests;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reports whose acknowledgement is missing, late or unexpected. */
class AcknowledgementIT {
    private static final String ONE = payload("9ABC", 1);
    private static final String TWO = payload("9ABC", 2);

    @RegisterExtension
    static final SharedRelay<CloudAndRelay> RELAY = CloudAndRelay.shared("push: api");

    private CloudAndRelay cloud;

    @BeforeEach
    void setUp(CloudAndRelay site) {
        cloud = site;
    }

    @Test
    void completeWithoutTheAcknowledgementIsAnIncidentUntilItArrives() throws Exception {
        submit(bare(report(ONE)));
        completePolls();
        pollNow();
        ReportEntry waiting = cloud.ledger().get(0);
        assertThat(waiting.state()).isEqualTo(ReportState.SUBMITTED);
        assertThat(waiting.reason())
                .isEqualTo("the server answered COMPLETE without an acknowledgement for C8000V 9ABC");
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
        assertThat(message()).startsWith("1 delivered report has no acknowledgement: C8000V 9ABC ");

        cloud.relay().restart();
        cloud.relay().sync();
        assertThat(cloud.incidents()).as("the incident is unchanged").containsExactly("trigger LIC5003");

        cloud.ssm().faults().clear();
        pollNow();
        assertThat(cloud.publishedStates(digest(ONE))).containsExactly("received", "submitted", "acknowledged");
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003", "resolve LIC5003");
    }

    @Test
    void aMissingAcknowledgementIsPolledAgainAtALimitedRate() throws Exception {
        submit(bare(report(ONE)));
        completePolls();
        pollNow();
        int pollsBefore = polls();
        cloud.relay().sync();
        assertThat(polls()).isEqualTo(pollsBefore);
        long pause = cloud.relay().relay().database().read(tx -> tx.createQuery(
                        "SELECT poll_after - ack_missing_since FROM submission WHERE settled_at IS NULL")
                .mapTo(Long.class)
                .one());
        assertThat(pause).isBetween(3_590_000L, 3_610_000L);
    }

    @Test
    void anUnmatchedAcknowledgementIsAnIncidentUntilItsFileIsRemoved() throws Exception {
        submit(bare(report(ONE)));
        completePolls(ack("9ABC", "ours"), ack("STRANGER", "theirs"));
        pollNow();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
        assertThat(message()).contains("an acknowledgement for C8000V STRANGER that matches no report");
        String fileName = cloud.fileNames("outbox/unmatched").get(0);
        assertThat(fileName).startsWith("ACK_C8000V_STRANGER_");
        assertThat(cloud.file("outbox/unmatched/" + fileName)).content().isEqualTo("theirs");

        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003", "update LIC5003");
        Files.delete(cloud.file("outbox/unmatched/" + fileName));
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003", "update LIC5003", "resolve LIC5003");
    }

    @Test
    void acknowledgementsWithADigestMatchTheirReportInAnyOrder() throws Exception {
        submit(wrapped(report(ONE), report(TWO)));
        completePolls(ack("9ABC", "for " + digest(TWO)), ack("9ABC", "for " + digest(ONE)));
        pollNow();
        assertThat(cloud.ledger()).hasSize(2).allSatisfy(each -> {
            assertThat(each.ackProof()).isEqualTo("report");
            assertThat(Path.of(String.valueOf(each.ackFile()))).content().isEqualTo("for " + each.digest());
        });
        assertThat(cloud.incidents()).isEmpty();
    }

    @Test
    void anAcknowledgementWithTheDigestOfAReportOfAnotherSubmissionMatchesThatReport() throws Exception {
        submit(bare(report(ONE)));
        cloud.ssm().faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
        cloud.drop("two.txt", bare(report(TWO)));
        cloud.relay().sync();
        completePolls(ack("9ABC", "one"), ack("9ABC", "for " + digest(TWO)));
        // The second report is not sent again before the poll for the first report is answered.
        cloud.ssm().faults().set("server-error", "resource", "report-usage");
        pollNow();
        assertThat(content(digest(ONE))).isEqualTo("one");
        assertThat(content(digest(TWO))).isEqualTo("for " + digest(TWO));
        assertThat(cloud.publishedStates(digest(TWO))).containsExactly("received", "acknowledged");
    }

    @Test
    void acknowledgementsWithoutADigestMatchTheReportsInTheOrderSent() throws Exception {
        submit(wrapped(report(ONE), report(TWO), report(payload("9ABC", 3))));
        List<String> order = sentOrder();
        completePolls(ack("9ABC", "first"), ack("9ABC", "for " + order.get(1)), ack("9ABC", "last"));
        pollNow();
        assertThat(content(order.get(0))).isEqualTo("first");
        assertThat(content(order.get(1))).isEqualTo("for " + order.get(1));
        assertThat(content(order.get(2))).isEqualTo("last");
        assertThat(cloud.incidents()).isEmpty();
    }

    @Test
    void aReportMatchedByDigestTakesNoAcknowledgementMatchedByOrder() throws Exception {
        submit(wrapped(report(ONE), report(TWO), report(payload("9ABC", 3))));
        List<String> order = sentOrder();
        completePolls(ack("9ABC", "for " + order.get(0)), ack("9ABC", "second"), ack("9ABC", "third"));
        pollNow();
        assertThat(content(order.get(0))).isEqualTo("for " + order.get(0));
        assertThat(content(order.get(1))).isEqualTo("second");
        assertThat(content(order.get(2))).isEqualTo("third");
    }

    @Test
    void surplusAcknowledgementsAreNotSilentlyDropped() throws Exception {
        submit(bare(report(ONE)));
        completePolls(ack("9ABC", "first"), ack("9ABC", "second"));
        pollNow();
        assertThat(content(digest(ONE))).isEqualTo("first");
        assertThat(cloud.fileNames("outbox/unmatched")).hasSize(1);
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
    }

    @Test
    void aReportWithALostAnswerIsAcknowledgedOnceTheServerKnowsItsNonce() throws Exception {
        cloud.ssm().faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
        cloud.drop("rum.txt", bare(report(ONE)));
        cloud.relay().sync();
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC1005", "update LIC5003");

        completePolls(ack("9ABC", "late"));
        pollNow();
        assertThat(cloud.publishedStates(digest(ONE))).containsExactly("received", "submitted", "acknowledged");
        assertThat(cloud.ssm().reports().received()).hasSize(1);
        assertThat(cloud.incidents()).endsWith("resolve LIC5003");
        int pollsBefore = polls();
        pollNow();
        assertThat(polls()).isEqualTo(pollsBefore);
    }

    @Test
    void everyReportOfABatchWithALostAnswerStaysVisible() throws Exception {
        cloud.ssm().faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
        cloud.drop("rum.txt", wrapped(report(ONE), report(TWO)));
        for (int run = 0; run < 3; run++) {
            cloud.relay().sync();
        }
        assertThat(cloud.ssm().reports().received()).hasSize(2);
        assertThat(cloud.ledger()).hasSize(2).allSatisfy(each -> {
            assertThat(each.state()).isEqualTo(ReportState.SUBMITTED);
            assertThat(each.reason()).startsWith("delivered, but the answer with the poll id was lost");
        });
        assertThat(cloud.publishedStates(digest(ONE))).containsExactly("received", "submitted");
        assertThat(cloud.incidents()).startsWith("trigger LIC1005").endsWith("update LIC5003");
    }

    @Test
    void theAnswerNotYetResolvesTheIncidentAndPollingContinues() throws Exception {
        submit(bare(report(ONE)));
        completePolls();
        pollNow();
        cloud.ssm().faults().clear().set("ack-withheld");
        pollNow();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003", "resolve LIC5003");
        assertThat(cloud.ledger().get(0).reason()).isEqualTo("the acknowledgement is not ready yet");
        cloud.ssm().faults().clear();
        pollNow();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
    }

    @Test
    void anUnansweredPollIsRepeatedAfterItsIntervalOrAtOnceAfterARestart() throws Exception {
        submit(bare(report(ONE)));
        cloud.ssm().faults().set("reset-midway", "resource", "poll", "bytes", 20);
        pollNow();
        int pollsBefore = polls();
        pollNow();
        assertThat(polls()).as("polls within the interval").isEqualTo(pollsBefore);

        cloud.ssm().faults().clear();
        cloud.relay().restart();
        cloud.relay().sync();
        assertThat(polls()).isEqualTo(pollsBefore + 1);
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
    }

    @Test
    void aPollThatBecomesDueDuringARunIsSentInThatRunExactlyOnce() throws Exception {
        cloud.device("9DEF");
        cloud.drop("other.txt", bare(report(payload("9DEF", 1))));
        submit(bare(report(ONE)));
        cloud.ssm().reports().pollsUntilAck(9).pollInterval(1);
        cloud.ssm().faults().set("latency", "resource", "poll", "millis", 2_000);
        pollAfter("9ABC", 0);
        pollAfter("9DEF", 1_000);
        cloud.relay().sync();
        assertThat(polls()).isEqualTo(2);
    }

    /** Polls for the device's acknowledgement every second, first after the given delay. */
    private void pollAfter(String serial, long millis) {
        long at = System.currentTimeMillis() + millis;
        cloud.relay()
                .relay()
                .database()
                .write(
                        Database.RELAY,
                        tx -> tx.execute(
                                "UPDATE submission SET poll_seconds = 1, poll_after = ? WHERE serial = ?", at, serial));
    }

    @Test
    void anAcknowledgementWithTheDigestOfAReportOfAnotherDeviceMatchesNoReport() throws Exception {
        submit(bare(report(ONE)));
        completePolls(ack("9DEF", "for " + digest(ONE)));
        pollNow();
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.SUBMITTED);
        assertThat(cloud.fileNames("outbox/unmatched")).hasSize(1);
    }

    private void submit(String content) throws Exception {
        cloud.drop("rum.txt", content);
        // No poll becomes due during this run.
        cloud.ssm().reports().pollInterval(3600);
        cloud.relay().sync();
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.SUBMITTED);
    }

    /** Answers every further poll with COMPLETE and these acknowledgements. */
    private void completePolls(String... acks) {
        String body = "{\"status\":\"COMPLETE\",\"message\":\"\",\"data\":{\"acknowledgements\":["
                + Stream.of(acks).collect(Collectors.joining(",")) + "]}}";
        cloud.ssm().faults().set("status", "resource", "poll", "status", 200, "body", body);
    }

    private static String ack(String serial, String content) {
        String base64 = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        return "{\"sudi\":{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"" + serial + "\"},\"smart_license\":\""
                + base64 + "\"}";
    }

    /** Makes every poll due and runs a sync. */
    private void pollNow() throws Exception {
        cloud.relay()
                .relay()
                .database()
                .write(
                        Database.RELAY,
                        tx -> tx.execute("UPDATE submission SET poll_after = 1 WHERE poll_after IS NOT NULL"));
        cloud.relay().sync();
    }

    private int polls() {
        return cloud.ssm().requests().count("/services/api/smart-accounts-and-licensing/v2/accounts/poll");
    }

    private List<String> sentOrder() {
        return cloud.ssm().reports().received().stream()
                .map(each -> digest(each.payload()))
                .toList();
    }

    private String content(String digest) throws Exception {
        ReportEntry report = cloud.ledger().stream()
                .filter(each -> each.digest().equals(digest))
                .findFirst()
                .orElseThrow();
        return Files.readString(Path.of(String.valueOf(report.ackFile())));
    }

    private String message() throws InterruptedException {
        return cloud.relay()
                .events(Topic.FAILURES)
                .get(0)
                .at("/data/error/message")
                .asText();
    }

    private static String digest(String payload) {
        return Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
    }
}
