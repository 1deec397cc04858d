package io.licenserelay.http;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.CloudAndRelay;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PolledMemoryIT {
    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    @Test
    void storedAcknowledgementsReleaseTheirMemory() throws Exception {
        cloud.push("api").start();
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            cloud.relay().sync();
            return !cloud.fileNames("outbox").isEmpty();
        });
        assertThat(AnswerMemory.ofProcess().used()).isZero();
    }
}
