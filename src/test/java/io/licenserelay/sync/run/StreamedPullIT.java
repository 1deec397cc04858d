package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamedPullIT {
    @TempDir
    Path folder;

    @Test
    void anAnswerIsStoredWhileItArrivesSoItIsNeverCompletelyInMemory() throws Exception {
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(Estate.generate(1, 1, 4_000, 42))
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            ssm.faults().set("bandwidth", Map.of("resource", "licenses", "bytes-per-second", "1000000"));
            CompletableFuture<SyncResult> sync = CompletableFuture.supplyAsync(() -> syncUnchecked(relay));
            await().until(() -> staged(relay) >= 1_000);
            assertThat(sync).isNotDone();
            assertThat(staged(relay)).isLessThan(4_000);
            ssm.faults().clear();
            assertThat(sync.get().licenses()).isEqualTo(4_000);
        }
    }

    private static SyncResult syncUnchecked(TempRelay relay) {
        try {
            return relay.sync();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long staged(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery("SELECT COUNT(*) FROM license")
                .mapTo(Long.class)
                .one());
    }
}
