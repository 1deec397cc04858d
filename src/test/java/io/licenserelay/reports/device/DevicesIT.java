package io.licenserelay.reports.device;

import static io.licenserelay.fixture.DevicesAndRelay.payload;
import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.DevicesAndRelay;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.simulator.ssm.ReceivedReport;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices as a source of usage reports, through the real routes. */
class DevicesIT {
    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @Test
    void reportsOfSeveralDevicesGoOutByteForByteInTheSameRun() throws Exception {
        String odd = "{ \"v\" :\t\"ü \\u00fc \\/ / \\\\ \\\" 😀 <&> \\ud83d\\ude00 1.0\" ,\n"
                + payload("edge-2", 2).substring(1);
        devices.add("edge-1", "edge-2", "edge-3");
        devices.device("edge-1").reports(report(payload("edge-1", 1)), report(payload("edge-1", 2), true));
        devices.device("edge-2").reports(report(odd)).singleAsObject();
        devices.start();
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
    void theSameReportFromADeviceAndTheInboxIsOne() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").reports(report(payload("edge-1", 1), true));
        devices.start();
        devices.cloud().drop("rum.txt", bare(report(payload("edge-1", 1))));
        devices.sync();
        devices.sync();
        assertThat(devices.cloud().ledger()).hasSize(1);
        assertThat(devices.cloud().ssm().reports().received()).hasSize(1);
    }

    @Test
    void aDeadDeviceNeitherHidesNorFailsTheOthersAndIsToldUntilItAnswers() throws Exception {
        devices.add("edge-1", "edge-2");
        devices.device("edge-1").faults().set("refuse");
        devices.device("edge-2").reports(report(payload("edge-2", 1)));
        devices.start();
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
    void whatElseIsNotWellAtTheSiteNeitherHidesNorResolvesADevice() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").faults().set("refuse");
        devices.start();
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
    void aDeviceThatLeavesTheConfigurationTakesItsTroubleWithIt() throws Exception {
        devices.add("edge-1", "edge-2");
        devices.device("edge-1").faults().set("refuse");
        devices.start().sync();
        devices.without("edge-1").restart().sync();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008", "resolve LIC5008");
    }

    @Test
    void aRefusedPasswordIsNotSentAgainUntilItChangesOrAnOperatorAsks() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").user("relay", "another-password-1");
        devices.start();
        scheduled();
        scheduled();
        devices.restart();
        scheduled();
        assertThat(devices.device("edge-1").requests().wrongPasswords()).isEqualTo(1);
        assertThat(devices.newestFailure())
                .contains("device.login-refused", "the password is not sent again until it changes");
        devices.sync();
        assertThat(devices.device("edge-1").requests().wrongPasswords()).isEqualTo(2);
        devices.relay().environment("DEVICE_PASSWORD", "another-password-1");
        devices.restart();
        scheduled();
        assertThat(devices.requestCount("edge-1", "all-reports")).isEqualTo(3);
        assertThat(devices.incidents()).endsWith("resolve LIC5008");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server-error", "unavailable"})
    void aDeviceThatSaysNothingOfThePasswordIsLeftAloneForLongerEachTime(String fault) throws Exception {
        MovableClock clock = new MovableClock();
        devices.relay().clock(clock);
        devices.add("edge-1");
        devices.device("edge-1").faults().set(fault);
        devices.start();
        for (int run = 0; run < 10; run++) {
            scheduled();
            clock.forward(Duration.ofMinutes(5));
        }
        int sent = devices.requestCount("edge-1", "all-reports");
        System.out.printf("DevicesIT: %s: %d password(s) in 10 runs%n", fault, sent);
        assertThat(sent).isEqualTo(3);
        devices.device("edge-1").faults().clear();
        clock.forward(Duration.ofHours(1));
        scheduled();
        assertThat(devices.incidents()).endsWith("resolve LIC5008");
    }

    @Test
    void aLoginPageOfADeviceIsARefusal() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").faults().set("html");
        devices.start();
        scheduled();
        scheduled();
        assertThat(devices.requestCount("edge-1", "all-reports")).isEqualTo(1);
        assertThat(devices.newestFailure()).contains("device.login-refused", "LIC5008");
    }

    @Test
    void aSharedPasswordThatTwoDevicesRefuseIsNotSentToTheOthers() throws Exception {
        String[] names = {"edge-1", "edge-2", "edge-3", "edge-4", "edge-5", "edge-6"};
        devices.add(names);
        for (String name : names) {
            devices.device(name).user("relay", "another-password-1").user("own", "own-password-1");
        }
        devices.relay().environment("OWN_PASSWORD", "own-password-1");
        devices.user("edge-6", "{ name: own, password: 'env:OWN_PASSWORD' }");
        devices.start();
        scheduled();
        scheduled();
        assertThat(Stream.of(names)
                        .mapToInt(name -> devices.device(name).requests().wrongPasswords())
                        .sum())
                .isEqualTo(2);
        assertThat(devices.newestFailure()).contains("5 device(s) do not let our user in", "and none took it");
        assertThat(devices.requestCount("edge-6", "all-reports"))
                .as("has a user of its own")
                .isEqualTo(2);
    }

    @Test
    void aPasswordThatTheFirstDevicesRefuseIsTriedAtTheOthersWhenAnOperatorAsks() throws Exception {
        devices.add("edge-1", "edge-2", "edge-3", "edge-4");
        for (String name : List.of("edge-1", "edge-2", "edge-3")) {
            devices.device(name).user("relay", "another-password-1");
        }
        devices.device("edge-4").reports(report(payload("edge-4", 1)));
        devices.start();
        scheduled();
        assertThat(devices.requestCount("edge-4", "all-reports")).isZero();
        devices.sync();
        scheduled();
        assertThat(devices.requestCount("edge-4", "all-reports")).isEqualTo(2);
        assertThat(devices.cloud().ledger()).hasSize(1);
    }

    @Test
    void nothingIsWrittenToADeviceUnlessItIsAskedFor() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").reports(report(payload("edge-1", 1))).openReport(report(payload("edge-1", 2)));
        devices.start().awaitAcknowledged();
        devices.sync();
        assertThat(devices.device("edge-1").requests().newest())
                .allSatisfy(each -> assertThat(each.method()).isEqualTo("GET"));

        devices.with("close: true").restart().sync();
        assertThat(devices.cloud().ledger()).hasSize(2);
        assertThat(devices.requestCount("edge-1", "close-reports")).isEqualTo(1);
        assertThat(devices.device("edge-1").imported()).isEmpty();
    }

    @Test
    void aDeviceIsAskedForTheReportsOfSomeDaysOnly() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").reports(report(payload("edge-1", 1)));
        devices.with("days: 30").start().sync();
        assertThat(devices.requestCount("edge-1", "days/30")).isEqualTo(1);
        assertThat(devices.requestCount("edge-1", "all-reports")).isZero();
        assertThat(devices.cloud().ledger()).hasSize(1);
    }

    @Test
    void noMoreDevicesAreAskedAtOnceThanAllowed() throws Exception {
        devices.add("edge-1", "edge-2", "edge-3", "edge-4", "edge-5", "edge-6", "edge-7");
        for (int i = 1; i <= 7; i++) {
            devices.device("edge-" + i).faults().set("latency", "millis", 300);
        }
        devices.with("parallel: 3").start().sync();
        assertThat(devices.atOnce().most()).isEqualTo(3);
    }

    @Test
    void whatADeviceAnswersInPlaceOfReportsIsNamed() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").faults().set("not-found");
        devices.start();
        devices.sync();
        assertThat(devices.newestFailure()).contains("\"device.no-such-path\"", "LIC5008");
        devices.device("edge-1").faults().clear();
        devices.sync();
        assertThat(devices.incidents()).endsWith("resolve LIC5008");
    }

    @Test
    void theGoodReportsOfAnAnswerAreTakenWhateverLiesBeside() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").reports(report(payload("edge-1", 1)), "{\"payload\":7}", report(payload("edge-1", 2)));
        devices.start().sync();
        assertThat(devices.cloud().ledger()).hasSize(2);
        assertThat(devices.newestFailure()).contains("report 2 in the answer: it has no \\\"payload\\\" text");
    }

    @Test
    void anAnswerThatEndsEarlyOrIsTooLargeIsToldAndAskedForAgain() throws Exception {
        String[] many = IntStream.range(0, 500)
                .mapToObj(number -> report(payload("edge-1", number)))
                .toArray(String[]::new);
        devices.add("edge-1");
        devices.device("edge-1").reports(many).faults().set("cut-body", "bytes", 100_000);
        devices.start().sync();
        assertThat(devices.newestFailure()).contains("device.bad-answer");
        devices.device("edge-1").faults().clear();
        devices.relay().ssm("limits", "{ connect: 2s, tls: 2s, response: 5s, total: 20s, size: 200KiB }");
        devices.restart().sync();
        assertThat(devices.newestFailure()).contains("larger than 204800 bytes");
        assertThat(devices.cloud().ledger()).isEmpty();
        devices.relay().ssm("limits", "{ size: 1GiB }");
        devices.restart().sync();
        assertThat(devices.cloud().ledger()).hasSize(many.length);
        assertThat(devices.incidents()).containsExactly("trigger LIC5008", "update LIC5008", "resolve LIC5008");
    }

    @Test
    void anAnswerOfManyReportsIsTakenWhole() throws Exception {
        String filling = "x".repeat(1_000);
        String[] many = IntStream.range(0, 1_200)
                .mapToObj(number -> report(
                                payload("edge-1", number).replace("1671880245", String.valueOf(1_500_000_000 + number)))
                        .replace("builtin", filling))
                .toArray(String[]::new);
        devices.add("edge-1");
        devices.device("edge-1").reports(many);
        devices.push("off").start().sync();
        assertThat(devices.cloud().ledger().size()).isEqualTo(many.length);
        assertThat(devices.incidents()).isEmpty();
    }

    @Test
    void noPasswordOfADeviceIsOnAnyTopicNorInTheDatabase() throws Exception {
        devices.add("edge-1", "edge-2");
        devices.device("edge-1").faults().set("echo", "status", 200);
        devices.device("edge-2").faults().set("status", "status", 200, "body", DevicesAndRelay.PASSWORD);
        devices.start();
        devices.sync();
        devices.device("edge-1").faults().clear().set("echo", "status", 401);
        devices.sync();
        String written = devices.newestFailure() + devices.relay().failures();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(devices.relay().data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                data.write(Files.readAllBytes(file));
            }
        }
        String basic = Base64.getEncoder()
                .encodeToString(("relay:" + DevicesAndRelay.PASSWORD).getBytes(StandardCharsets.UTF_8));
        assertThat(written + data.toString(StandardCharsets.ISO_8859_1))
                .contains("device.login-refused", "device.bad-answer")
                .doesNotContain(DevicesAndRelay.PASSWORD, basic);
    }

    /** As the schedule makes it: nobody asked. */
    private void scheduled() throws InterruptedException {
        devices.relay().scheduledSync();
    }
}
