package io.licenserelay.usage;

import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.payload;
import static io.licenserelay.usage.RumSamples.report;
import static io.licenserelay.usage.RumSamples.wrapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.demo.Received;
import io.licenserelay.event.Digests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushIT {
    @TempDir
    Path folder;

    @Test
    void payloadsArriveByteForByteAndAcknowledgementsLieInTheOutbox() throws Exception {
        String plain = payload("9ABC", 1);
        String odd = "{ \"v\" :\t\"ü \\u00fc \\/ / \\\\ \\\" 😀 <&> \\ud83d\\ude00 1.0\" ,\n"
                + payload("9ABC", 2).substring(1);
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.drop("rum.txt", wrapped(report(plain), report(odd, true)));
            assertThat(house.relay.sync().outcome()).isEqualTo("complete");
            assertThat(house.ssm.reports().received())
                    .extracting(Received::payload)
                    .containsExactlyInAnyOrder(plain, odd);
            assertThat(house.ssm.reports().received())
                    .allSatisfy(each -> assertThat(each.va()).isEqualTo(ReportsHouse.VA))
                    .allSatisfy(each -> assertThat(each.signature()).isEqualTo("Tq2qxHTui7/n675="));
            assertThat(house.ledger()).extracting(Report::state).containsOnly(State.SUBMITTED);

            syncUntil(house, State.ACKNOWLEDGED);
            String digest = digest(plain);
            Path ack = house.file("outbox/acme.local/Lab%2FTest/ACK_C8000V_9ABC_" + digest.substring(0, 8) + ".xml");
            assertThat(ack).content().startsWith("<smartLicense><smartLicenseRumAck><data>");
            assertThat(house.ledger().stream().filter(each -> each.digest().equals(digest)))
                    .singleElement()
                    .satisfies(each -> assertThat(each.ackDigest()).isEqualTo(Digests.sha256(Files.readAllBytes(ack))))
                    .satisfies(each -> assertThat(each.ackFile()).isEqualTo(ack.toString()))
                    .satisfies(each -> assertThat(each.ackProof()).isEqualTo("submission"));
            assertThat(house.told(digest)).containsExactly("received", "submitted", "acknowledged");
            assertThat(house.names("outbox")).hasSize(2).noneMatch(name -> name.endsWith(".part"));
            assertThat(house.names("inbox")).isEmpty();
            assertThat(house.names("done")).singleElement().asString().endsWith("Z-rum.txt");
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void aDevicesReportsGoOutInCallsOfAsManyAsAreConfigured() throws Exception {
        try (ReportsHouse house = new ReportsHouse(folder).reports("push: api, batch: { reports: 2 }")) {
            house.relay.start();
            house.drop(
                    "rum.txt",
                    wrapped(report(payload("9ABC", 1)), report(payload("9ABC", 2)), report(payload("9ABC", 3))));
            house.relay.sync();
            assertThat(house.ssm.reports().received()).hasSize(3);
            assertThat(house.ledger()).extracting(Report::submissionId).doesNotContainNull();
            assertThat(Set.copyOf(
                            house.ledger().stream().map(Report::submissionId).toList()))
                    .hasSize(2);
        }
    }

    @Test
    void theSameContentUnderAnyNameIsOneReport() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.drop("one.txt", bare(report(payload("9ABC", 1))));
            house.drop("two.xml", wrapped(report(payload("9ABC", 1), true)));
            house.relay.sync();
            house.drop("three.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            assertThat(house.ledger()).hasSize(1);
            assertThat(house.ssm.reports().received()).hasSize(1);
            assertThat(house.names("done")).hasSize(3);
        }
    }

    @Test
    void aReportOfAnUnknownDeviceIsHeldUntilTheInventoryKnowsIt() throws Exception {
        String payload = payload("NEW1", 1);
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.drop("new.txt", bare(report(payload)));
            house.relay.sync();
            assertThat(house.ledger()).singleElement().satisfies(each -> {
                assertThat(each.hold()).isEqualTo(Hold.NO_PLACE);
                assertThat(each.reason()).startsWith("SSM lists no device C8000V NEW1 in any virtual account; put");
            });
            house.estate.account(ReportsHouse.ACCOUNT).va(ReportsHouse.VA).device("C8000V", "NEW1");
            house.relay.sync();
            assertThat(house.told(digest(payload))).containsExactly("received", "held", "submitted");
        }
    }

    @Test
    void theFoldersOfTheInboxSayWhoseAReportIs() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.drop("acme.local/Lab%2FTest/other.txt", bare(report(payload("OTHER", 1))));
            house.drop("acme.local/Nowhere/lost.txt", bare(report(payload("LOST", 1))));
            house.relay.sync();
            assertThat(house.ssm.reports().received()).singleElement().satisfies(each -> assertThat(each.serial())
                    .isEqualTo("OTHER"));
            assertThat(house.ledger())
                    .anySatisfy(each -> assertThat(each.hold()).isEqualTo(Hold.NO_IDS));
        }
    }

    @Test
    void withPushOffReportsAreHeldAndGoOnceItIsOn() throws Exception {
        String payload = payload("9ABC", 1);
        try (ReportsHouse house = new ReportsHouse(folder).push("off")) {
            house.relay.start();
            house.drop("rum.txt", bare(report(payload)));
            house.relay.sync();
            assertThat(house.ledger()).singleElement().satisfies(each -> assertThat(each.hold())
                    .isEqualTo(Hold.PUSH_OFF));
            assertThat(house.ssm.reports().received()).isEmpty();

            house.push("api").relay.restart();
            house.relay.sync();
            assertThat(house.told(digest(payload))).containsExactly("received", "held", "submitted");
        }
    }

    @Test
    void aRejectedReportIsAnIncidentUntilItsDeviceSendsAGoodOne() throws Exception {
        String payload = payload("9ABC", 1);
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.ssm.faults().set("report-rejected");
            house.drop("rum.txt", bare(report(payload)));
            assertThat(house.relay.sync().incidents())
                    .extracting(each -> each.code())
                    .containsExactly("LIC5002");
            assertThat(house.told(digest(payload))).containsExactly("received", "rejected");
            assertThat(house.ledger().get(0).reason()).contains("Signature verification failed");
            house.assertFirst("LIC5002", "report.rejected", "report.signature-refused");

            house.ssm.faults().clear();
            house.drop("again.txt", bare(report(payload("9ABC", 2))));
            house.relay.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5002", "resolve LIC5002");
        }
    }

    @Test
    void aVirtualAccountThatSsmListsNoMoreTakesItsRejectionsWithIt() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.ssm.faults().set("report-rejected");
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            house.estate.account(ReportsHouse.ACCOUNT).remove(ReportsHouse.VA);
            house.relay.acceptingSync();
            assertThat(house.incidents()).containsExactly("trigger LIC5002", "resolve LIC5002");
        }
    }

    @Test
    void oneBadReportDoesNotTakeItsBatchWithIt() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.ssm.faults().set("report-rejected", "times", 1);
            house.drop("rum.txt", wrapped(report(payload("9ABC", 1)), report(payload("9ABC", 2))));
            house.relay.sync();
            assertThat(house.ledger()).extracting(Report::state).containsOnly(State.RECEIVED);
            house.relay.sync();
            assertThat(house.ledger()).extracting(Report::state).containsOnly(State.SUBMITTED);
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void aServerWithoutThePathLeavesReportsHeldUntilItHasOne() throws Exception {
        for (String fault : List.of("not-found", "not-allowed", "html")) {
            Path own = Files.createDirectory(folder.resolve(fault));
            try (ReportsHouse house = ReportsHouse.in(own)) {
                house.ssm.faults().set(fault, "resource", "report-usage");
                house.drop("rum.txt", bare(report(payload("9ABC", 1))));
                house.relay.sync();
                house.relay.sync();
                assertThat(house.ledger()).singleElement().satisfies(each -> assertThat(each.hold())
                        .isEqualTo(Hold.NO_PATH));
                house.ssm.faults().clear();
                house.relay.sync();
                assertThat(house.told(house.ledger().get(0).digest())).containsExactly("received", "held", "submitted");
                assertThat(house.incidents()).containsExactly("trigger LIC5006", "update LIC5006", "resolve LIC5006");
                house.assertFirst("LIC5006", "report.no-such-path");
            }
        }
    }

    @Test
    void anAnswerThatWasLostIsResolvedByWhatTheServerSaysNext() throws Exception {
        String payload = payload("9ABC", 1);
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.ssm.faults().set("reset-midway", "resource", "report-usage", "bytes", 20, "times", 1);
            house.drop("rum.txt", bare(report(payload)));
            assertThat(house.relay.sync().outcome()).isEqualTo("partial");
            assertThat(house.ssm.reports().received()).hasSize(1);
            assertThat(house.ledger().get(0).state()).isEqualTo(State.RECEIVED);
            assertThat(house.ledger().get(0).reason()).startsWith("sent, and no answer came");

            house.relay.restart();
            house.relay.sync();
            assertThat(house.ssm.reports().received()).hasSize(1);
            assertThat(house.told(digest(payload))).containsExactly("received", "submitted");
            assertThat(house.ledger().get(0).reason())
                    .startsWith("delivered")
                    .contains("the server says: Invalid poll id");
            assertThat(house.incidents()).containsExactly("trigger LIC1005", "update LIC5003");
        }
    }

    @Test
    void aServerThatIsNotThereWasNotSentAnything() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.relay.sync();
            house.ssm.faults().set("bad-gateway", "resource", "token");
            house.ssm.revokeTokens();
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            assertThat(house.relay.sync().outcome()).isEqualTo("failed");
            assertThat(house.ledger()).isEmpty();
            assertThat(house.names("inbox")).containsExactly("rum.txt");
            house.ssm.faults().clear();
            house.relay.sync();
            assertThat(house.ledger().get(0).state()).isEqualTo(State.SUBMITTED);
        }
    }

    @Test
    void aPollThatTheServerFindsWrongIsVisible() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            house.relay
                    .relay()
                    .database()
                    .write(tx -> tx.execute("UPDATE submission SET poll_id = '1', poll_after = 1"));
            house.relay.sync();
            assertThat(house.ledger().get(0).reason()).isEqualTo("the poll was answered: Invalid poll id (ERROR)");
        }
    }

    @Test
    void aRunningRelayTakesFilesAndPollsByItself() throws Exception {
        try (ReportsHouse house = new ReportsHouse(folder).push("api")) {
            house.relay
                    .setting("reports.inbox.period", "100")
                    .setting("reports.poll.period", "200")
                    .startScheduled();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> house.relay.relay().runs().current("hq").isEmpty());
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            await().atMost(Duration.ofSeconds(20)).until(() -> house.ledger().size() == 1);
            house.relay.sync();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> house.names("outbox").size() == 1);
        }
    }

    private static void syncUntil(ReportsHouse house, State state) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    house.relay.sync();
                    return house.ledger().stream().allMatch(each -> each.state() == state);
                });
    }

    private static String digest(String payload) {
        return Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
    }
}
