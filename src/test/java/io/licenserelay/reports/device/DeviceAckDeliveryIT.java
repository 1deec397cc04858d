package io.licenserelay.reports.device;

import static io.licenserelay.fixture.DevicesAndRelay.payload;
import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.DevicesAndRelay;
import io.licenserelay.fixture.DevicesAndRelay.Devices;
import io.licenserelay.fixture.SharedRelay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Delivers acknowledgements to devices through the real routes. edge-1 has one report, edge-2 has none. */
class DeviceAckDeliveryIT {
    @RegisterExtension
    static final SharedRelay<DevicesAndRelay> RELAY = DevicesAndRelay.shared();

    private DevicesAndRelay devices;

    @BeforeEach
    void setUp(DevicesAndRelay site) {
        devices = site;
        devices.device("edge-1").reports(report(payload("edge-1", 1)));
    }

    @Test
    @Devices(
            value = {"edge-1", "edge-2"},
            keys = "acks: xml")
    void anAcknowledgementIsDeliveredToItsDeviceAsXmlOnce() throws Exception {
        devices.awaitAcknowledged();
        assertThat(devices.imported("edge-1")).containsExactly(acknowledgement());
        assertThat(devices.imported("edge-2")).isEmpty();
        devices.sync();
        devices.restart().sync();
        assertThat(devices.imported("edge-1")).hasSize(1);
        assertThat(devices.incidents()).isEmpty();
    }

    @Test
    @Devices(
            value = {"edge-1", "edge-2"},
            keys = "acks: base64")
    void anAcknowledgementIsDeliveredInBase64IfConfigured() throws Exception {
        devices.awaitAcknowledged();
        assertThat(devices.imported("edge-1"))
                .singleElement()
                .extracting(sent -> new String(Base64.getDecoder().decode(sent), StandardCharsets.UTF_8))
                .isEqualTo(acknowledgement());
    }

    @Test
    @Devices(
            value = {"edge-1", "edge-2"},
            keys = "acks: xml")
    void theAcknowledgementOfAReportFromTheInboxIsDeliveredToItsDevice() throws Exception {
        devices.device("edge-2").faults().set("refuse");
        devices.cloud().drop("rum.txt", bare(report(payload("edge-2", 1))));
        devices.awaitAcknowledged();
        assertThat(devices.imported("edge-2")).isEmpty();
        devices.device("edge-2").faults().clear();
        devices.device("edge-2").reports(report(payload("edge-2", 1)));
        devices.sync();
        assertThat(devices.imported("edge-2")).hasSize(1);
    }

    @Test
    @Devices(
            value = {"edge-1", "edge-2"},
            keys = "acks: xml")
    void aRefusedDeliveryIsAnIncidentAndIsRetriedALimitedNumberOfTimesPerForm() throws Exception {
        devices.device("edge-1").faults().set("status", "resource", "import", "status", 400);
        devices.awaitAcknowledged();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008");
        assertThat(devices.newestFailure()).contains("device.ack-refused", "answered 400, form xml");
        for (int run = 0; run < 6; run++) {
            devices.sync();
        }
        assertThat(devices.requestCount("edge-1", "import")).isEqualTo(5);
        assertThat(devices.incidents()).containsExactly("trigger LIC5008");

        devices.device("edge-1").faults().clear();
        devices.sync();
        assertThat(devices.imported("edge-1")).isEmpty();
        devices.with("acks: base64").restart().sync();
        assertThat(devices.imported("edge-1")).hasSize(1);
        assertThat(devices.incidents()).last().isEqualTo("resolve LIC5008");
    }

    @Test
    @Devices(
            value = {"edge-1", "edge-2"},
            keys = "acks: xml")
    void turningDeliveryOffResolvesItsIncidents() throws Exception {
        devices.device("edge-1").faults().set("status", "resource", "import", "status", 400);
        devices.awaitAcknowledged();
        devices.with("acks: off").restart().sync();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008", "resolve LIC5008");
    }

    @Test
    @Devices(
            value = {"edge-1", "edge-2"},
            keys = "acks: xml")
    void anAcknowledgementWithALostAnswerIsDeliveredAgain() throws Exception {
        devices.device("edge-1").faults().set("reset-midway", "resource", "import", "bytes", 5, "times", 1);
        devices.awaitAcknowledged();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008");
        devices.sync();
        assertThat(devices.imported("edge-1")).hasSize(2);
        devices.sync();
        assertThat(devices.imported("edge-1")).hasSize(2);
        assertThat(devices.incidents()).endsWith("resolve LIC5008");
    }

    private String acknowledgement() throws Exception {
        return Files.readString(
                Path.of(String.valueOf(devices.cloud().ledger().get(0).ackFile())));
    }
}
