package io.licenserelay.usage;

import static io.licenserelay.usage.DeviceHouse.payload;
import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acknowledgements on their way back to the devices, through the real routes. */
class DeviceAcksIT {
    @TempDir
    Path folder;

    @Test
    void anAcknowledgementGoesBackToItsDeviceAsXmlOnce() throws Exception {
        try (DeviceHouse house = house("acks: xml")) {
            house.acknowledged();
            assertThat(house.imported("edge-1")).containsExactly(acknowledgement(house));
            assertThat(house.imported("edge-2")).isEmpty();
            house.sync();
            house.restart().sync();
            assertThat(house.imported("edge-1")).hasSize(1);
            assertThat(house.incidents()).isEmpty();
        }
    }

    @Test
    void orInBase64() throws Exception {
        try (DeviceHouse house = house("acks: base64")) {
            house.acknowledged();
            assertThat(house.imported("edge-1"))
                    .singleElement()
                    .extracting(sent -> new String(Base64.getDecoder().decode(sent), StandardCharsets.UTF_8))
                    .isEqualTo(acknowledgement(house));
        }
    }

    @Test
    void aReportThatCameByTheInboxIsAcknowledgedToTheDeviceThatHasItToo() throws Exception {
        try (DeviceHouse house = house("acks: xml")) {
            house.device("edge-2").faults().set("refuse");
            house.reports.drop("rum.txt", bare(report(payload("edge-2", 1))));
            house.acknowledged();
            assertThat(house.imported("edge-2")).isEmpty();
            house.device("edge-2").faults().clear();
            house.device("edge-2").reports(report(payload("edge-2", 1)));
            house.sync();
            assertThat(house.imported("edge-2")).hasSize(1);
        }
    }

    @Test
    void aDeviceThatRefusesIsToldAndIsTriedSomeTimesAndAnewInTheOtherForm() throws Exception {
        try (DeviceHouse house = house("acks: xml")) {
            house.device("edge-1").faults().set("status", "resource", "import", "status", 400);
            house.acknowledged();
            assertThat(house.incidents()).containsExactly("trigger LIC5008");
            assertThat(house.told()).contains("device.ack-refused", "answered 400, form xml");
            for (int run = 0; run < 6; run++) {
                house.sync();
            }
            assertThat(house.asked("edge-1", "import")).isEqualTo(5);
            assertThat(house.incidents()).hasSize(7).last().isEqualTo("update LIC5008");

            house.device("edge-1").faults().clear();
            house.sync();
            assertThat(house.imported("edge-1")).isEmpty();
            house.with("acks: base64").restart().sync();
            assertThat(house.imported("edge-1")).hasSize(1);
            assertThat(house.incidents()).last().isEqualTo("resolve LIC5008");
        }
    }

    @Test
    void whatIsGivenToDevicesNoMoreIsNobodysTrouble() throws Exception {
        try (DeviceHouse house = house("acks: xml")) {
            house.device("edge-1").faults().set("status", "resource", "import", "status", 400);
            house.acknowledged();
            house.with("acks: off").restart().sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5008", "resolve LIC5008");
        }
    }

    @Test
    void anAcknowledgementWhoseAnswerWasLostIsGivenAgain() throws Exception {
        try (DeviceHouse house = house("acks: xml")) {
            house.device("edge-1").faults().set("reset-midway", "resource", "import", "bytes", 5, "times", 1);
            house.acknowledged();
            assertThat(house.incidents()).containsExactly("trigger LIC5008");
            house.sync();
            assertThat(house.imported("edge-1")).hasSize(2);
            house.sync();
            assertThat(house.imported("edge-1")).hasSize(2);
            assertThat(house.incidents()).endsWith("resolve LIC5008");
        }
    }

    @Test
    void aRunningRelayGivesItBackBetweenRuns() throws Exception {
        try (DeviceHouse house = house("acks: xml")) {
            house.reports.relay.close();
            house.reports
                    .relay
                    .setting("reports.poll.period", "200")
                    .site("schedule", "'0 0 3 1 1 ?'")
                    .startScheduled();
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            house.reports.relay.relay().runs().current("hq").isEmpty());
            house.sync();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> house.device("edge-1").imported().size() == 1);
        }
    }

    /** The report of edge-1 waits; edge-2 has none. */
    private DeviceHouse house(String acks) throws Exception {
        DeviceHouse house = new DeviceHouse(folder, "edge-1", "edge-2");
        house.device("edge-1").reports(report(payload("edge-1", 1)));
        return house.with(acks).start();
    }

    private static String acknowledgement(DeviceHouse house) throws Exception {
        return Files.readString(
                Path.of(String.valueOf(house.reports.ledger().get(0).ackFile())));
    }
}
