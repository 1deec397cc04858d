package io.licenserelay.reports.submit;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static io.licenserelay.fixture.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.event.Digests;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.simulator.ssm.ReceivedReport;
import io.licenserelay.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReportSubmissionIT {
    @RegisterExtension
    static final SharedRelay<CloudAndRelay> RELAY = CloudAndRelay.shared("push: api");

    private CloudAndRelay cloud;

    @BeforeEach
    void take(CloudAndRelay site) {
        cloud = site;
    }

    @Test
    void payloadsArriveByteForByteAndAcknowledgementsLieInTheOutbox() throws Exception {
        String plain = payload("9ABC", 1);
        String odd = "{ \"v\" :\t\"ü \\u00fc \\/ / \\\\ \\\" 😀 <&> \\ud83d\\ude00 1.0\" ,\n"
                + payload("9ABC", 2).substring(1);
        cloud.drop("rum.txt", wrapped(report(plain), report(odd, true)));
        assertThat(cloud.relay().sync().outcome()).isEqualTo("complete");
        assertThat(cloud.ssm().reports().received())
                .extracting(ReceivedReport::payload)
                .containsExactlyInAnyOrder(plain, odd);
        assertThat(cloud.ssm().reports().received())
                .allSatisfy(each -> assertThat(each.va()).isEqualTo(CloudAndRelay.VA))
                .allSatisfy(each -> assertThat(each.signature()).isEqualTo("Tq2qxHTui7/n675="));
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.SUBMITTED);

        syncUntil(ReportState.ACKNOWLEDGED);
        String digest = digest(plain);
        Path ack = cloud.file("outbox/acme.local/Lab%2FTest/ACK_C8000V_9ABC_" + digest.substring(0, 8) + ".xml");
        assertThat(ack).content().startsWith("<smartLicense><smartLicenseRumAck><data>");
        assertThat(cloud.ledger().stream().filter(each -> each.digest().equals(digest)))
                .singleElement()
                .satisfies(each -> assertThat(each.ackDigest()).isEqualTo(Digests.sha256(Files.readAllBytes(ack))))
                .satisfies(each -> assertThat(each.ackFile()).isEqualTo(ack.toString()))
                .satisfies(each -> assertThat(each.ackProof()).isEqualTo("submission"));
        assertThat(cloud.publishedStates(digest)).containsExactly("received", "submitted", "acknowledged");
        assertThat(cloud.fileNames("outbox")).hasSize(2).noneMatch(name -> name.endsWith(".part"));
        assertThat(cloud.fileNames("inbox")).isEmpty();
        assertThat(cloud.fileNames("done")).singleElement().asString().endsWith("Z-rum.txt");
        assertThat(cloud.incidents()).isEmpty();
    }

    @Test
    @CloudAndRelay.Reports("push: api, batch: { reports: 2 }")
    void aDevicesReportsGoOutInCallsOfAsManyAsAreConfigured() throws Exception {
        cloud.drop(
                "rum.txt", wrapped(report(payload("9ABC", 1)), report(payload("9ABC", 2)), report(payload("9ABC", 3))));
        cloud.relay().sync();
        assertThat(cloud.ssm().reports().received()).hasSize(3);
        assertThat(cloud.ledger()).extracting(ReportEntry::submissionId).doesNotContainNull();
        assertThat(Set.copyOf(
                        cloud.ledger().stream().map(ReportEntry::submissionId).toList()))
                .hasSize(2);
    }

    @Test
    void theSameContentUnderAnyNameIsOneReport() throws Exception {
        cloud.drop("one.txt", bare(report(payload("9ABC", 1))));
        cloud.drop("two.xml", wrapped(report(payload("9ABC", 1), true)));
        cloud.relay().sync();
        cloud.drop("three.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        assertThat(cloud.ledger()).hasSize(1);
        assertThat(cloud.ssm().reports().received()).hasSize(1);
        assertThat(cloud.fileNames("done")).hasSize(3);
    }

    @Test
    void aReportOfAnUnknownDeviceIsHeldUntilTheInventoryKnowsIt() throws Exception {
        String payload = payload("NEW1", 1);
        cloud.drop("new.txt", bare(report(payload)));
        cloud.relay().sync();
        assertThat(cloud.ledger()).singleElement().satisfies(each -> {
            assertThat(each.hold()).isEqualTo(HoldReason.NO_PLACE);
            assertThat(each.reason()).startsWith("SSM lists no device C8000V NEW1 in any virtual account; put");
        });
        cloud.estate().account(CloudAndRelay.ACCOUNT).va(CloudAndRelay.VA).device("C8000V", "NEW1");
        cloud.relay().sync();
        assertThat(cloud.publishedStates(digest(payload))).containsExactly("received", "held", "submitted");
    }

    @Test
    void theFoldersOfTheInboxSayWhoseAReportIs() throws Exception {
        cloud.drop("acme.local/Lab%2FTest/other.txt", bare(report(payload("OTHER", 1))));
        cloud.drop("acme.local/Nowhere/lost.txt", bare(report(payload("LOST", 1))));
        cloud.relay().sync();
        assertThat(cloud.ssm().reports().received()).singleElement().satisfies(each -> assertThat(each.serial())
                .isEqualTo("OTHER"));
        assertThat(cloud.ledger()).anySatisfy(each -> assertThat(each.hold()).isEqualTo(HoldReason.NO_IDS));
    }

    @Test
    void reportsThatWaitForNumbersAreAnIncidentUntilSsmTellsThem() throws Exception {
        cloud.drop("acme.local/Nowhere/lost.txt", bare(report(payload("LOST", 1))));
        cloud.relay().sync();
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5009");
        cloud.assertFirst("LIC5009", "report.no-numbers");
        cloud.estate().account(CloudAndRelay.ACCOUNT).va("Nowhere").license("DNA Advantage", 1, 0, "In Compliance");
        cloud.relay().sync();
        cloud.relay().sync();
        assertThat(cloud.ledger()).extracting(ReportEntry::state).doesNotContain(ReportState.HELD);
        assertThat(cloud.incidents()).containsExactly("trigger LIC5009", "resolve LIC5009");
    }

    @Test
    void anAnswerThatSaysNothingOfAReportIsNotCalledNoAnswer() throws Exception {
        cloud.ssm().faults().set("unavailable", "resource", "report-usage");
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        assertThat(cloud.ledger()).singleElement().satisfies(each -> assertThat(each.reason())
                .startsWith("sent, but the answer does not confirm that the server has the report (POST ")
                .contains("answered 503")
                .doesNotContain("no answer"));
    }

    @Test
    @CloudAndRelay.Reports("push: off")
    void withPushOffReportsAreHeldAndGoOnceItIsOn() throws Exception {
        String payload = payload("9ABC", 1);
        cloud.drop("rum.txt", bare(report(payload)));
        cloud.relay().sync();
        assertThat(cloud.ledger()).singleElement().satisfies(each -> assertThat(each.hold())
                .isEqualTo(HoldReason.PUSH_OFF));
        assertThat(cloud.ssm().reports().received()).isEmpty();

        cloud.push("api").relay().restart();
        cloud.relay().sync();
        assertThat(cloud.publishedStates(digest(payload))).containsExactly("received", "held", "submitted");
    }

    @Test
    void aRejectedReportIsAnIncidentUntilItsDeviceSendsAGoodOne() throws Exception {
        String payload = payload("9ABC", 1);
        cloud.ssm().faults().set("report-rejected");
        cloud.drop("rum.txt", bare(report(payload)));
        assertThat(cloud.relay().sync().incidents())
                .extracting(each -> each.code())
                .containsExactly("LIC5002");
        assertThat(cloud.publishedStates(digest(payload))).containsExactly("received", "rejected");
        assertThat(cloud.ledger().get(0).reason()).contains("Signature verification failed");
        cloud.assertFirst("LIC5002", "report.rejected", "report.signature-refused");

        cloud.ssm().faults().clear();
        cloud.drop("again.txt", bare(report(payload("9ABC", 2))));
        cloud.relay().sync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5002", "resolve LIC5002");
    }

    @Test
    void aVirtualAccountThatSsmListsNoMoreTakesItsRejectionsWithIt() throws Exception {
        cloud.ssm().faults().set("report-rejected");
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        cloud.estate().account(CloudAndRelay.ACCOUNT).remove(CloudAndRelay.VA);
        cloud.relay().acceptingSync();
        assertThat(cloud.incidents()).containsExactly("trigger LIC5002", "resolve LIC5002");
    }

    @Test
    void oneBadReportDoesNotTakeItsBatchWithIt() throws Exception {
        cloud.ssm().faults().set("report-rejected", "times", 1);
        cloud.drop("rum.txt", wrapped(report(payload("9ABC", 1)), report(payload("9ABC", 2))));
        cloud.relay().sync();
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.RECEIVED);
        cloud.relay().sync();
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.SUBMITTED);
        assertThat(cloud.incidents()).isEmpty();
    }

    @Test
    void aServerWithoutThePathLeavesReportsHeldUntilItHasOne() throws Exception {
        cloud.ssm().faults().set("not-found", "resource", "report-usage");
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        cloud.relay().sync();
        assertThat(cloud.ledger()).singleElement().satisfies(each -> assertThat(each.hold())
                .isEqualTo(HoldReason.NO_PATH));
        cloud.ssm().faults().clear();
        cloud.relay().sync();
        assertThat(cloud.publishedStates(cloud.ledger().get(0).digest()))
                .containsExactly("received", "held", "submitted");
        assertThat(cloud.incidents()).containsExactly("trigger LIC5006", "resolve LIC5006");
        cloud.assertFirst("LIC5006", "report.no-such-path");
    }

    @Test
    void anAnswerThatWasLostIsResolvedByWhatTheServerSaysNext() throws Exception {
        String payload = payload("9ABC", 1);
        cloud.ssm().faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
        cloud.drop("rum.txt", bare(report(payload)));
        assertThat(cloud.relay().sync().outcome()).isEqualTo("partial");
        assertThat(cloud.ssm().reports().received()).hasSize(1);
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.RECEIVED);
        assertThat(cloud.ledger().get(0).reason()).startsWith("sent, but no answer arrived");

        cloud.relay().restart();
        cloud.relay().sync();
        assertThat(cloud.ssm().reports().received()).hasSize(1);
        assertThat(cloud.publishedStates(digest(payload))).containsExactly("received", "submitted");
        assertThat(cloud.ledger().get(0).reason())
                .startsWith("delivered")
                .contains("the server rejected the poll by nonce: Invalid poll id");
        assertThat(cloud.incidents()).containsExactly("trigger LIC1005", "update LIC5003");
    }

    @Test
    void aBatchWhoseAnswerWasLostIsAcknowledgedUnderItsOwnNonce() throws Exception {
        cloud.ssm().reports().answersNonces().pollsUntilAck(0);
        cloud.ssm().faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
        cloud.drop(
                "rum.txt", wrapped(report(payload("9ABC", 1)), report(payload("9ABC", 2)), report(payload("9ABC", 3))));
        assertThat(cloud.relay().sync().outcome()).isEqualTo("partial");

        cloud.relay().restart();
        cloud.relay().sync();
        assertThat(cloud.ssm().reports().received()).hasSize(3);
        assertThat(cloud.ledger()).hasSize(3).extracting(ReportEntry::state).containsOnly(ReportState.ACKNOWLEDGED);
        assertThat(cloud.publishedStates(cloud.ledger().get(0).digest()))
                .containsExactly("received", "submitted", "acknowledged");
        assertThat(cloud.fileNames("outbox")).hasSize(3);
        assertThat(cloud.incidents()).containsExactly("trigger LIC1005", "resolve LIC1005");
    }

    @Test
    void aBatchThatTheServerDoesNotKnowByItsNonceGoesOutOneByOne() throws Exception {
        cloud.ssm().reports().answersNonces().pollsUntilAck(0);
        // The answer that is lost is a refusal, for one of the reports.
        cloud.ssm().faults().set("report-rejected", "times", 2, "message", "Unknown entitlement tag");
        cloud.ssm().faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
        cloud.drop("rum.txt", wrapped(report(payload("9ABC", 1)), report(payload("9ABC", 2))));
        cloud.relay().sync();
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.RECEIVED);
        cloud.relay().sync();
        assertThat(cloud.ssm().reports().received()).isEmpty();
        cloud.relay().sync();
        assertThat(cloud.ssm().reports().received()).hasSize(2);
        assertThat(cloud.ledger()).extracting(ReportEntry::state).containsOnly(ReportState.SUBMITTED);
    }

    @Test
    void aServerThatIsNotThereWasNotSentAnything() throws Exception {
        cloud.relay().sync();
        cloud.ssm().faults().set("bad-gateway", "resource", "token");
        cloud.ssm().revokeTokens();
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        assertThat(cloud.relay().sync().outcome()).isEqualTo("failed");
        assertThat(cloud.ledger()).isEmpty();
        assertThat(cloud.fileNames("inbox")).containsExactly("rum.txt");
        cloud.ssm().faults().clear();
        cloud.relay().sync();
        assertThat(cloud.ledger().get(0).state()).isEqualTo(ReportState.SUBMITTED);
    }

    @Test
    void aPollThatTheServerFindsWrongIsVisible() throws Exception {
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        cloud.relay()
                .relay()
                .database()
                .write(Database.RELAY, tx -> tx.execute("UPDATE submission SET poll_id = '1', poll_after = 1"));
        cloud.relay().sync();
        assertThat(cloud.ledger().get(0).reason()).isEqualTo("the server rejected the poll: Invalid poll id (ERROR)");
    }

    private void syncUntil(ReportState state) {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    cloud.relay().sync();
                    return cloud.ledger().stream().allMatch(each -> each.state() == state);
                });
    }

    private static String digest(String payload) {
        return Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
    }
}
