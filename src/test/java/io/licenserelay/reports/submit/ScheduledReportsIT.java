package io.licenserelay.reports.submit;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.CloudAndRelay;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reports are also imported, and acknowledgements polled, between the runs of a site. */
class ScheduledReportsIT {
    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    @Test
    void aRunningRelayImportsFilesAndPollsBetweenRuns() throws Exception {
        cloud.push("api");
        cloud.relay()
                .setting("reports.inbox.period", "100")
                .setting("reports.poll.period", "200")
                .startScheduled();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> cloud.relay().relay().runs().current("hq").isEmpty());
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        await().atMost(Duration.ofMinutes(3)).until(() -> cloud.ledger().size() == 1);
        cloud.relay().sync();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> cloud.fileNames("outbox").size() == 1);
    }
}
