package io.licenserelay.reports.device;

import static io.licenserelay.fixture.DevicesAndRelay.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.DevicesAndRelay;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Acknowledgements are also delivered to devices between the runs of a site. */
class ScheduledAckDeliveryIT {
    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @Test
    void aRunningRelayDeliversAnAcknowledgementBetweenRuns() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").reports(report(payload("edge-1", 1)));
        devices.with("acks: xml").configure();
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
}
