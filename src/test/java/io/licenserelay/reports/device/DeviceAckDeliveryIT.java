package io.licenserelay.reports.device;

import static io.licenserelay.fixture.DevicesAndRelay.payload;
import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.DevicesAndRelay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Acknowledgements on their way back to the devices, through the real routes. */
class DeviceAckDeliveryIT {
    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @Test
    void anAcknowledgementGoesBackToItsDeviceAsXmlOnce() throws Exception {
        start("acks: xml");
        devices.awaitAcknowledged();
        assertThat(devices.imported("edge-1")).containsExactly(acknowledgement());
        assertThat(devices.imported("edge-2")).isEmpty();
        devices.sync();
        devices.restart().sync();
        assertThat(devices.imported("edge-1")).hasSize(1);
        assertThat(devices.incidents()).isEmpty();
    }

    @Test
    void orInBase64() throws Exception {
        start("acks: base64");
        devices.awaitAcknowledged();
        assertThat(devices.imported("edge-1"))
                .singleElement()
                .extracting(sent -> new String(Base64.getDecoder().decode(sent), StandardCharsets.UTF_8))
                .isEqualTo(acknowledgement());
    }

    @Test
    void aReportThatCameByTheInboxIsAcknowledgedToTheDeviceThatHasItToo() throws Exception {
        start("acks: xml");
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
    void aDeviceThatRefusesIsToldAndIsTriedSomeTimesAndAnewInTheOtherForm() throws Exception {
        start("acks: xml");
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
    void whatIsGivenToDevicesNoMoreIsNobodysTrouble() throws Exception {
        start("acks: xml");
        devices.device("edge-1").faults().set("status", "resource", "import", "status", 400);
        devices.awaitAcknowledged();
        devices.with("acks: off").restart().sync();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008", "resolve LIC5008");
    }

    @Test
    void anAcknowledgementWhoseAnswerWasLostIsGivenAgain() throws Exception {
        start("acks: xml");
        devices.device("edge-1").faults().set("reset-midway", "resource", "import", "bytes", 5, "times", 1);
        devices.awaitAcknowledged();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008");
        devices.sync();
        assertThat(devices.imported("edge-1")).hasSize(2);
        devices.sync();
        assertThat(devices.imported("edge-1")).hasSize(2);
        assertThat(devices.incidents()).endsWith("resolve LIC5008");
    }

    @Test
    void aRunningRelayGivesItBackBetweenRuns() throws Exception {
        start("acks: xml");
        devices.relay().close();
        devices.relay()
                .setting("reports.poll.period", "200")
                .site("schedule", "'0 0 3 1 1 ?'")
                .startScheduled();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> devices.relay().relay().runs().current("hq").isEmpty());
        devices.sync();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> devices.device("edge-1").imported().size() == 1);
    }

    /** The report of edge-1 waits; edge-2 has none. */
    private void start(String acks) throws Exception {
        devices.add("edge-1", "edge-2");
        devices.device("edge-1").reports(report(payload("edge-1", 1)));
        devices.with(acks).start();
    }

    private String acknowledgement() throws Exception {
        return Files.readString(
                Path.of(String.valueOf(devices.cloud().ledger().get(0).ackFile())));
    }
}
