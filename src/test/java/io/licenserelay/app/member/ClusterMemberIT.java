package io.licenserelay.app.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.fixture.PostgresServer;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node begins the work for a site before anything else works for the site. */
class ClusterMemberIT {
    @Test
    void aSiteIsOwnedForItsRunsOnlyAfterItsBeginHasEnded() throws Exception {
        CountDownLatch begins = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (Membership member = new ClusterMember(
                new ClusterDatabase(PostgresServer.newDatabase(), PostgresServer::administrator),
                ClusterSettings.DEFAULT,
                new NodeIdentity("node-1", "localhost", "1"),
                Clock.systemUTC())) {
            member.join(new BlockedBegin(begins, mayEnd));
            begins.await();

            assertThat(member.database().owns("hq")).isFalse();
            assertThat(member.database().<Integer>write("hq", tx -> 1))
                    .as("the begin itself may write")
                    .isEqualTo(1);

            mayEnd.countDown();
            await().atMost(Duration.ofSeconds(20)).until(() -> member.database().owns("hq"));
            member.leave();
            assertThat(member.database().owns("hq")).isFalse();
        }
    }

    private record BlockedBegin(CountDownLatch begins, CountDownLatch mayEnd) implements OwnedWork {
        @Override
        public Set<String> keys() {
            return Set.of("hq");
        }

        @Override
        public SiteDigests digests() {
            return SiteDigests.NONE;
        }

        @Override
        public void pause(String key) {}

        @Override
        public void retire() {}

        @Override
        public void begin(String key) {
            begins.countDown();
            try {
                mayEnd.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void end(String key) {}

        @Override
        public void collect() {}

        @Override
        public boolean isIdle(String key) {
            return true;
        }

        @Override
        public boolean isQuiet() {
            return true;
        }
    }
}
