package io.licenserelay.usage;

import static io.licenserelay.usage.DeviceHouse.payload;
import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.demo.Received;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices as a source of usage reports, through the real routes. */
class DevicesTest {
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
            assertThat(house.told()).contains("1 device(s) do not answer: edge-1 (").contains("device.unreachable");
            house.reports.assertFirst("LIC5008", "device.unreachable");
            house.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5008", "update LIC5008");
            house.device("edge-1").faults().clear();
            house.sync();
            assertThat(house.incidents()).containsExactly("trigger LIC5008", "update LIC5008", "resolve LIC5008");
        }
    }
}
