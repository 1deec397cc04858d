package io.licenserelay.usage;

import static io.licenserelay.usage.DeviceHouse.payload;
import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.demo.Received;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices as a source of usage reports, through the real routes. */
class DevicesIT {
    @TempDir
    Path folder;

    @Test
    void reportsOfSeveralDevicesGoOutByteForByteInTheSameRun() throws Exception {
        String odd = "{ \"v\" :\t\"ü \\u00fc \\/ / \\\\ \\\" 😀 <&> \\ud83d\\ude00 1.0\" ,\n"
                + payload("edge-2", 2).substring(1);
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1", "edge-2", "edge-3")) {
            house.device("edge-1").reports(report(payload("edge-1", 1)), report(payload("edge-1", 2), true));
            house.device("edge-2").reports(report(odd)).singleAsObject();
            house.start();
            assertThat(house.sync()).isEqualTo("complete");
            assertThat(house.reports.ssm.reports().received())
                    .extracting(Received::payload)
                    .containsExactlyInAnyOrder(payload("edge-1", 1), payload("edge-1", 2), odd);
            assertThat(house.reports.ledger())
                    .extracting(Report::origin)
                    .containsExactlyInAnyOrder("device edge-1", "device edge-1", "device edge-2");
            assertThat(house.reports.ledger()).extracting(Report::state).containsOnly(State.SUBMITTED);
            assertThat(house.asked("edge-3", "all-reports")).isEqualTo(1);
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void theSameReportFromADeviceAndTheInboxIsOne() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.device("edge-1").reports(report(payload("edge-1", 1), true));
            house.start();
            house.reports.drop("rum.txt", bare(report(payload("edge-1", 1))));
            house.sync();
            house.sync();
            assertThat(house.reports.ledger()).hasSize(1);
            assertThat(house.reports.ssm.reports().received()).hasSize(1);
        }
    }

    @Test
    void aDeadDeviceNeitherHidesNorFailsTheOthersAndIsToldUntilItAnswers() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1", "edge-2")) {
            house.device("edge-1").faults().set("refuse");
            house.device("edge-2").reports(report(payload("edge-2", 1)));
            house.start();
            assertThat(house.sync()).isNotEqualTo("failed");
            assertThat(house.reports.ssm.reports().received()).hasSize(1);
            assertThat(house.incidents()).containsExactly("trigger LIC5008");
            assertThat(house.told())
                    .contains("1 device(s) do not answer: edge-1 (")
                    .contains("device.unreachable");
            house.reports.assertFirst("LIC5008", "device.unreachable");
            house.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5008", "update LIC5008");
            house.device("edge-1").faults().clear();
            house.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5008", "update LIC5008", "resolve LIC5008");
        }
    }

    @Test
    void whatElseIsNotWellAtTheSiteNeitherHidesNorResolvesADevice() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.device("edge-1").faults().set("refuse");
            house.start();
            house.reports.drop("noise.txt", "noise");
            house.sync();
            assertThat(house.incidents()).hasSize(2).first().isEqualTo("trigger LIC5008");
            assertThat(house.told()).contains("report.unreadable", "device.unreachable", "LIC5004", "LIC5008");
            Files.delete(house.reports.file(
                    "rejected/" + house.reports.names("rejected").get(0)));
            for (String reason : house.reports.names("rejected")) {
                Files.delete(house.reports.file("rejected/" + reason));
            }
            house.sync();
            assertThat(house.incidents()).hasSize(3).last().isEqualTo("update LIC5008");
            assertThat(house.told()).doesNotContain("report.unreadable");
        }
    }

    @Test
    void aDeviceThatLeavesTheConfigurationTakesItsTroubleWithIt() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1", "edge-2")) {
            house.device("edge-1").faults().set("refuse");
            house.start().sync();
            house.without("edge-1").restart().sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5008", "resolve LIC5008");
        }
    }

    @Test
    void aRefusedPasswordIsNotSentAgainUntilItChangesOrAnOperatorAsks() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.device("edge-1").user("relay", "another-password-1");
            house.start();
            scheduled(house);
            scheduled(house);
            house.restart();
            scheduled(house);
            assertThat(house.device("edge-1").requests().wrongPasswords()).isEqualTo(1);
            assertThat(house.told())
                    .contains("device.login-refused", "the password is not sent again until it changes");
            house.sync();
            assertThat(house.device("edge-1").requests().wrongPasswords()).isEqualTo(2);
            house.reports.relay.environment("DEVICE_PASSWORD", "another-password-1");
            house.restart();
            scheduled(house);
            assertThat(house.asked("edge-1", "all-reports")).isEqualTo(3);
            assertThat(house.incidents()).endsWith("resolve LIC5008");
        }
    }

    @Test
    void aSharedPasswordThatTwoDevicesRefuseIsNotSentToTheOthers() throws Exception {
        String[] names = {"edge-1", "edge-2", "edge-3", "edge-4", "edge-5", "edge-6"};
        try (DeviceHouse house = new DeviceHouse(folder, names)) {
            for (String name : names) {
                house.device(name).user("relay", "another-password-1").user("own", "own-password-1");
            }
            house.reports.relay.environment("OWN_PASSWORD", "own-password-1");
            house.user("edge-6", "{ name: own, password: 'env:OWN_PASSWORD' }");
            house.start();
            scheduled(house);
            scheduled(house);
            assertThat(Stream.of(names)
                            .mapToInt(name -> house.device(name).requests().wrongPasswords())
                            .sum())
                    .isEqualTo(2);
            assertThat(house.told()).contains("5 device(s) do not let our user in", "and none took it");
            assertThat(house.asked("edge-6", "all-reports"))
                    .as("has a user of its own")
                    .isEqualTo(2);
        }
    }

    @Test
    void aPasswordThatTheFirstDevicesRefuseIsTriedAtTheOthersWhenAnOperatorAsks() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1", "edge-2", "edge-3", "edge-4")) {
            for (String name : List.of("edge-1", "edge-2", "edge-3")) {
                house.device(name).user("relay", "another-password-1");
            }
            house.device("edge-4").reports(report(payload("edge-4", 1)));
            house.start();
            scheduled(house);
            assertThat(house.asked("edge-4", "all-reports")).isZero();
            house.sync();
            scheduled(house);
            assertThat(house.asked("edge-4", "all-reports")).isEqualTo(2);
            assertThat(house.reports.ledger()).hasSize(1);
        }
    }

    @Test
    void nothingIsWrittenToADeviceUnlessItIsAskedFor() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.device("edge-1").reports(report(payload("edge-1", 1))).openReport(report(payload("edge-1", 2)));
            house.start().acknowledged();
            house.sync();
            assertThat(house.device("edge-1").requests().newest())
                    .allSatisfy(each -> assertThat(each.method()).isEqualTo("GET"));

            house.with("close: true").restart().sync();
            assertThat(house.reports.ledger()).hasSize(2);
            assertThat(house.asked("edge-1", "close-reports")).isEqualTo(1);
            assertThat(house.device("edge-1").imported()).isEmpty();
        }
    }

    @Test
    void aDeviceIsAskedForTheReportsOfSomeDaysOnly() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.device("edge-1").reports(report(payload("edge-1", 1)));
            house.with("days: 30").start().sync();
            assertThat(house.asked("edge-1", "days/30")).isEqualTo(1);
            assertThat(house.asked("edge-1", "all-reports")).isZero();
            assertThat(house.reports.ledger()).hasSize(1);
        }
    }

    @Test
    void noMoreDevicesAreAskedAtOnceThanAllowed() throws Exception {
        try (DeviceHouse house =
                new DeviceHouse(folder, "edge-1", "edge-2", "edge-3", "edge-4", "edge-5", "edge-6", "edge-7")) {
            for (int i = 1; i <= 7; i++) {
                house.device("edge-" + i).faults().set("latency", "millis", 300);
            }
            house.with("parallel: 3").start().sync();
            assertThat(house.atOnce.most()).isEqualTo(3);
        }
    }

    @Test
    void whatADeviceAnswersInPlaceOfReportsIsNamed() throws Exception {
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put("html", "device.bad-answer");
        faults.put("server-error", "device.bad-answer");
        faults.put("endless", "device.bad-answer");
        faults.put("not-found", "device.no-such-path");
        faults.put("not-allowed", "device.no-such-path");
        faults.put("forbidden", "device.login-refused");
        faults.put("token-refused", "device.login-refused");
        faults.put("other-cert", "device.not-trusted");
        faults.put("expired-cert", "device.not-trusted");
        faults.put("wrong-name-cert", "device.not-trusted");
        faults.put("stall", "device.unreachable");
        faults.put("reset", "device.unreachable");
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.reports
                    .relay
                    .ssm("limits", "{ connect: 2s, tls: 2s, response: 1s, total: 20s, size: 1MiB }")
                    .setting("relay.flap.times", "1000");
            house.start();
            for (Map.Entry<String, String> each : faults.entrySet()) {
                house.device("edge-1").faults().set(each.getKey());
                house.sync();
                assertThat(house.told()).as(each.getKey()).contains("\"" + each.getValue() + "\"", "LIC5008");
                house.device("edge-1").faults().clear();
                house.sync();
                assertThat(house.incidents()).as(each.getKey()).endsWith("resolve LIC5008");
            }
        }
    }

    @Test
    void theGoodReportsOfAnAnswerAreTakenWhateverLiesBeside() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.device("edge-1")
                    .reports(report(payload("edge-1", 1)), "{\"payload\":7}", report(payload("edge-1", 2)));
            house.start().sync();
            assertThat(house.reports.ledger()).hasSize(2);
            assertThat(house.told()).contains("report 2 in the answer: it has no \\\"payload\\\" text");
        }
    }

    @Test
    void anAnswerThatEndsEarlyOrIsTooLargeIsToldAndAskedForAgain() throws Exception {
        String[] many = IntStream.range(0, 500)
                .mapToObj(number -> report(payload("edge-1", number)))
                .toArray(String[]::new);
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.device("edge-1").reports(many).faults().set("cut-body", "bytes", 100_000);
            house.start().sync();
            assertThat(house.told()).contains("device.bad-answer");
            house.device("edge-1").faults().clear();
            house.reports.relay.ssm("limits", "{ connect: 2s, tls: 2s, response: 5s, total: 20s, size: 200KiB }");
            house.restart().sync();
            assertThat(house.told()).contains("larger than 204800 bytes");
            assertThat(house.reports.ledger()).isEmpty();
            house.reports.relay.ssm("limits", "{ size: 1GiB }");
            house.restart().sync();
            assertThat(house.reports.ledger()).hasSize(many.length);
            assertThat(house.incidents()).containsExactly("trigger LIC5008", "update LIC5008", "resolve LIC5008");
        }
    }

    @Test
    void anAnswerOfManyReportsIsTakenWhole() throws Exception {
        String filling = "x".repeat(1_000);
        String[] many = IntStream.range(0, 1_200)
                .mapToObj(number -> report(
                                payload("edge-1", number).replace("1671880245", String.valueOf(1_500_000_000 + number)))
                        .replace("builtin", filling))
                .toArray(String[]::new);
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1")) {
            house.device("edge-1").reports(many);
            house.push("off").start().sync();
            assertThat(house.reports.ledger().size()).isEqualTo(many.length);
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void noPasswordOfADeviceIsOnAnyTopicNorInTheDatabase() throws Exception {
        try (DeviceHouse house = new DeviceHouse(folder, "edge-1", "edge-2")) {
            house.device("edge-1").faults().set("echo", "status", 200);
            house.device("edge-2").faults().set("status", "status", 200, "body", DeviceHouse.PASSWORD);
            house.start();
            house.sync();
            house.device("edge-1").faults().clear().set("echo", "status", 401);
            house.sync();
            String written = house.told() + house.reports.relay.failures();
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            try (Stream<Path> files = Files.walk(house.reports.relay.data())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    data.write(Files.readAllBytes(file));
                }
            }
            String basic = Base64.getEncoder()
                    .encodeToString(("relay:" + DeviceHouse.PASSWORD).getBytes(StandardCharsets.UTF_8));
            assertThat(written + data.toString(StandardCharsets.ISO_8859_1))
                    .contains("device.login-refused", "device.bad-answer")
                    .doesNotContain(DeviceHouse.PASSWORD, basic);
        }
    }

    /** As the schedule makes it: nobody asked. */
    private static void scheduled(DeviceHouse house) throws InterruptedException {
        house.reports.relay.scheduledSync();
    }
}
