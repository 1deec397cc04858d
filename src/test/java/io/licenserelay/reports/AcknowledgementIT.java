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

/** What happens to reports whose acknowledgement does not come as it should. */
class AcknowledgementIT {
    private static final String ONE = payload("9ABC", 1);
    private static final String TWO = payload("9ABC", 2);

    @RegisterExtension
    static final SharedRelay<CloudAndRelay> RELAY = CloudAndRelay.shared("push: api");

    private CloudAndRelay cloud;

    @BeforeEach
    void take(CloudAndRelay site) {
        cloud = site;
    }

    @Test
    void completeWithoutOurAcknowledgementIsAnIncidentUntilItComes() throws Exception {
        sent(bare(report(ONE)));
        completes();
        poll();
        ReportEntry waits = cloud.ledger().get(0);
        assertThat(waits.state()).isEqualTo(ReportState.SUBMITTED);
        assertThat(waits.reason()).isEqualTo("the server answered COMPLETE without an acknowledgement for C8000V 9ABC");
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
        assertThat(message()).startsWith("1 delivered report(s) have no acknowledgement: C8000V 9ABC ");

        cloud.relay().restart();
        cloud.relay().sync();
        assertThat(cloud.incidents()).as("nothing is new").containsExactly("trigger LIC5003");

        cloud.ssm().faults().clear();
        poll();
        assertThat(cloud.publishedStates(digest(ONE))).containsExactly("received", "submitted", "acknowledged");
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003", "resolve LIC5003");
    }

    @Test
    void whatIsMissingIsAskedForAgainAtBoundedIntervals() throws Exception {
        sent(bare(report(ONE)));
        completes();
        poll();
        int asked = polls();
        cloud.relay().sync();
        assertThat(polls()).isEqualTo(asked);
        long pause = cloud.relay().relay().database().read(tx -> tx.createQuery(
                        "SELECT poll_after - ack_missing_since FROM submission WHERE settled_at IS NULL")
                .mapTo(Long.class)
                .one());
        assertThat(pause).isBetween(3_590_000L, 3_610_000L);
    }

    @Test
    void anAcknowledgementForNoReportLiesInAFolderAndIsAnIncidentUntilSomebodyTakesItAway() throws Exception {
        sent(bare(report(ONE)));
        completes(ack("9ABC", "ours"), ack("STRANGER", "theirs"));
        poll();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
        assertThat(message()).contains("an acknowledgement for C8000V STRANGER that matches no report");
        String lies = cloud.fileNames("outbox/unmatched").get(0);
        assertThat(lies).startsWith("ACK_C8000V_STRANGER_");
        assertThat(cloud.file("outbox/unmatched/" + lies)).content().isEqualTo("theirs");

        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003", "update LIC5003");
        Files.delete(cloud.file("outbox/unmatched/" + lies));
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003", "update LIC5003", "resolve LIC5003");
    }

    @Test
    void acknowledgementsThatNameADigestAreForThatReportInWhateverOrder() throws Exception {
        sent(wrapped(report(ONE), report(TWO)));
        completes(ack("9ABC", "for " + digest(TWO)), ack("9ABC", "for " + digest(ONE)));
        poll();
        assertThat(cloud.ledger()).hasSize(2).allSatisfy(each -> {
            assertThat(each.ackProof()).isEqualTo("report");
            assertThat(Path.of(String.valueOf(each.ackFile()))).content().isEqualTo("for " + each.digest());
        });
        assertThat(cloud.incidents()).isEmpty();
    }

    @Test
    void anAcknowledgementThatNamesAReportOfAnotherSubmissionIsForThatOne() throws Exception {
        sent(bare(report(ONE)));
        cloud.ssm().faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
        cloud.drop("two.txt", bare(report(TWO)));
        cloud.relay().sync();
        completes(ack("9ABC", "one"), ack("9ABC", "for " + digest(TWO)));
        // The second is not sent again before the first one's answer came.
        cloud.ssm().faults().set("server-error", "resource", "report-usage");
        poll();
        assertThat(content(digest(ONE))).isEqualTo("one");
        assertThat(content(digest(TWO))).isEqualTo("for " + digest(TWO));
        assertThat(cloud.publishedStates(digest(TWO))).containsExactly("received", "acknowledged");
    }

    @Test
    void acknowledgementsThatNameTheDeviceAloneAreForTheReportsInTheirOrder() throws Exception {
        sent(wrapped(report(ONE), report(TWO), report(payload("9ABC", 3))));
        List<String> order = sentOrder();
        completes(ack("9ABC", "first"), ack("9ABC", "for " + order.get(1)), ack("9ABC", "last"));
        poll();
        assertThat(content(order.get(0))).isEqualTo("first");
        assertThat(content(order.get(1))).isEqualTo("for " + order.get(1));
        assertThat(content(order.get(2))).isEqualTo("last");
        assertThat(cloud.incidents()).isEmpty();
    }

    @Test
    void aReportThatAnAcknowledgementNamesTakesNoneOfThoseThatFollowInOrder() throws Exception {
        sent(wrapped(report(ONE), report(TWO), report(payload("9ABC", 3))));
        List<String> order = sentOrder();
        completes(ack("9ABC", "for " + order.get(0)), ack("9ABC", "second"), ack("9ABC", "third"));
        poll();
        assertThat(content(order.get(0))).isEqualTo("for " + order.get(0));
        assertThat(content(order.get(1))).isEqualTo("second");
        assertThat(content(order.get(2))).isEqualTo("third");
    }

    @Test
    void moreAcknowledgementsThanReportsAreNotSilentlyDropped() throws Exception {
        sent(bare(report(ONE)));
        completes(ack("9ABC", "first"), ack("9ABC", "second"));
        poll();
        assertThat(content(digest(ONE))).isEqualTo("first");
        assertThat(cloud.fileNames("outbox/unmatched")).hasSize(1);
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003");
    }

    @Test
    void aReportWhoseAnswerWasLostEndsAcknowledgedOnceTheServerKnowsTheNonce() throws Exception {
        cloud.ssm().faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
        cloud.drop("rum.txt", bare(report(ONE)));
        cloud.relay().sync();
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC1005", "update LIC5003");

        completes(ack("9ABC", "late"));
        poll();
        assertThat(cloud.publishedStates(digest(ONE))).containsExactly("received", "submitted", "acknowledged");
        assertThat(cloud.ssm().reports().received()).hasSize(1);
        assertThat(cloud.incidents()).endsWith("resolve LIC5003");
        int asked = polls();
        poll();
        assertThat(polls()).isEqualTo(asked);
    }

    @Test
    void reportsSentTogetherWhoseAnswerWasLostStayVisibleEachByItself() throws Exception {
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
    void aServerThatSaysNotYetAfterAllEndsTheIncidentAndIsAskedFurther() throws Exception {
        sent(bare(report(ONE)));
        completes();
        poll();
        cloud.ssm().faults().clear().set("ack-withheld");
        poll();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5003", "resolve LIC5003");
        assertThat(cloud.ledger().get(0).reason()).isEqualTo("the acknowledgement is not ready yet");
        cloud.ssm().faults().clear();
        poll();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
    }

    @Test
    void aPollWithoutItsAnswerIsNotMadeAgainWithinItsIntervalButAtOnceByTheNextProcess() throws Exception {
        sent(bare(report(ONE)));
        cloud.ssm().faults().set("reset-midway", "resource", "poll", "bytes", 20);
        poll();
        int asked = polls();
        poll();
        assertThat(polls()).as("asked again within the interval").isEqualTo(asked);

        cloud.ssm().faults().clear();
        cloud.relay().restart();
        cloud.relay().sync();
        assertThat(polls()).isEqualTo(asked + 1);
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.ACKNOWLEDGED);
    }

    @Test
    void whatComesDueWhileOthersAreAskedForIsAskedForInTheSameRunAndNothingTwice() throws Exception {
        cloud.device("9DEF");
        cloud.drop("other.txt", bare(report(payload("9DEF", 1))));
        sent(bare(report(ONE)));
        cloud.ssm().reports().pollsUntilAck(9).pollInterval(1);
        cloud.ssm().faults().set("latency", "resource", "poll", "millis", 2_000);
        due("9ABC", 0);
        due("9DEF", 1_000);
        cloud.relay().sync();
        assertThat(polls()).isEqualTo(2);
    }

    /** It is asked for every second, first after these milliseconds. */
    private void due(String serial, long millis) {
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
    void anAcknowledgementOfOneDeviceThatNamesAReportOfAnotherIsForNone() throws Exception {
        sent(bare(report(ONE)));
        completes(ack("9DEF", "for " + digest(ONE)));
        poll();
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.SUBMITTED);
        assertThat(cloud.fileNames("outbox/unmatched")).hasSize(1);
    }

    private void sent(String content) throws Exception {
        cloud.drop("rum.txt", content);
        // Not asked within this run, however long it takes.
        cloud.ssm().reports().pollInterval(3600);
        cloud.relay().sync();
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.SUBMITTED);
    }

    /** From now on polls are answered so. */
    private void completes(String... acks) {
        String body = "{\"status\":\"COMPLETE\",\"message\":\"\",\"data\":{\"acknowledgements\":["
                + Stream.of(acks).collect(Collectors.joining(",")) + "]}}";
        cloud.ssm().faults().set("status", "resource", "poll", "status", 200, "body", body);
    }

    private static String ack(String serial, String content) {
        String base64 = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        return "{\"sudi\":{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"" + serial + "\"},\"smart_license\":\""
                + base64 + "\"}";
    }

    /** Whatever is asked for has its time now. */
    private void poll() throws Exception {
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
