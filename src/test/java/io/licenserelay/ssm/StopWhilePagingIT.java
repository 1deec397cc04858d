package io.licenserelay.ssm;

import static io.licenserelay.fixture.HostileServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.HostileServer;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopWhilePagingIT {
    @TempDir
    Path folder;

    @Test
    void anEndlessListDoesNotDelayTheStopAndIsNotAFailure() throws Exception {
        try (HostileServer server = HostileServer.start()) {
            server.answer(
                    "/licenses",
                    (request, out) -> json(
                            out,
                            "{\"licenses\":[{\"license\":\"DNA-" + System.nanoTime()
                                    + "\",\"quantity\":1,\"inUse\":0}],\"totalRecords\":9999999}"));
            TempRelay relay = TempRelay.in(folder)
                    .ssm("url", server.url())
                    .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                    .ssm("trust", server.trust(folder).toString())
                    .environment("SSM_CLIENT_SECRET", "relay-secret-1")
                    .start();
            CompletableFuture<List<SyncResult>> sync = CompletableFuture.supplyAsync(() -> synced(relay));
            await().atMost(Duration.ofMinutes(3)).until(() -> server.requests().size() > 30);
            long started = System.nanoTime();
            relay.close();
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
            assertThat(sync.get()).isEmpty();
            try (TempRelay restarted = relay.restart()) {
                assertThat(restarted.failures()).isEmpty();
            }
        }
    }

    private static List<SyncResult> synced(TempRelay relay) {
        try {
            // Not as a request of a user: in a cluster the requester waits at the database, which the relay closes when
            // it stops.
            return relay.relay().sync(SyncRequest.of("hq", SyncRequest.Cause.SCHEDULE));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
