package io.licenserelay.reports.device;

import static io.licenserelay.fixture.DevicesAndRelay.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.DevicesAndRelay;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Devices whose configuration changes between two starts of the relay. */
class ReconfiguredDevicesIT {
    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @Test
    void removingADeviceFromTheConfigurationResolvesItsIncident() throws Exception {
        devices.add("edge-1", "edge-2");
        devices.device("edge-1").faults().set("refuse");
        devices.start().sync();
        devices.without("edge-1").restart().sync();
        assertThat(devices.incidents()).containsExactly("trigger LIC5008", "resolve LIC5008");
    }

    @Test
    void nothingIsWrittenToADeviceUnlessConfigured() throws Exception {
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
    void aTruncatedOrOversizedAnswerIsAnIncidentAndIsRequestedAgain() throws Exception {
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
}
