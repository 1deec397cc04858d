package io.licenserelay.reports.manager;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.ManagerAndRelay;
import io.licenserelay.fixture.SqliteOnly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A relay that is killed during a sync request to the SD-WAN Manager. */
@SqliteOnly("the test copies the file of a relay that runs")
class ManagerPushKillIT {
    private static final String SYNC = "/dataservice/v1/smart-licensing/sync";

    @RegisterExtension
    final ManagerAndRelay servers = new ManagerAndRelay();

    @Test
    void afterAKillBeforeTheAnswerTheRequestIsMarkedAsLostAndRepeated() throws Exception {
        servers.pushing().start();
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.manager().faults().set("stall", "resource", "sync");
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            try {
                servers.relay().sync();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> servers.manager().requests().count(SYNC) == 1);
        Path killed = servers.folder().resolve("killed.db");
        snapshot(killed);
        assertThat(servers.requests()).containsExactly("open ");
        assertThat(servers.reports()).containsExactly("received null");
        run.exceptionally(ended -> null).get(1, TimeUnit.MINUTES);
        servers.relay().close();
        Files.copy(killed, servers.relay().data().resolve("relay.db"), StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(servers.relay().data().resolve("relay.db-wal"));
        Files.deleteIfExists(servers.relay().data().resolve("relay.db-shm"));
        servers.manager().faults().clear();
        servers.relay().start();
        servers.run("complete");
        assertThat(servers.requests()).containsExactly("lost the relay ended before an answer arrived", "taken onprem");
        assertThat(servers.history().get(1))
                .matches(
                        "received the SD-WAN Manager was asked to sync at .*Z, but no answer arrived: the Manager may sync"
                                + " anyway; the next push asks it again");
        assertThat(servers.history().get(2)).startsWith("requested ");
        assertThat(servers.manager().receivedSyncs()).hasSize(1);
    }

    /** The database as a kill at this moment leaves it. */
    private void snapshot(Path to) throws Exception {
        String from = "jdbc:sqlite:" + servers.relay().data().resolve("relay.db");
        try (Connection connection = DriverManager.getConnection(from);
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM INTO '" + to + "'");
        }
    }
}
