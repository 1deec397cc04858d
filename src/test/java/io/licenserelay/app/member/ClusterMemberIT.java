package io.licenserelay.app.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.fixture.PostgresServer;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClusterMemberIT {
    @Test
    void noRunBeginsBeforeTheSiteIsTakenOver() throws Exception {
        SlowWork work = new SlowWork();
        try (Membership member = new ClusterMember(
                new ClusterDatabase(PostgresServer.newDatabase(), PostgresServer::administrator),
                ClusterSettings.DEFAULT,
                new NodeIdentity("node-1", "host-1", "1.0"),
                Clock.systemUTC())) {
            member.join(work);
            assertThat(work.begun.await(60, TimeUnit.SECONDS)).isTrue();
            // The begin itself may write: it ends the run of the former owner.
            assertThat(member.database().<Integer>write("hq", tx -> 1)).isEqualTo(1);
            assertThat(member.database().owns("hq")).isFalse();
            work.release.countDown();
            await().until(() -> member.database().owns("hq"));
            member.leave();
            assertThat(member.database().owns("hq")).isFalse();
        }
    }

    /** Work for one site whose begin lasts until it is released. */
    private static final class SlowWork implements OwnedWork {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public Set<String> keys() {
            return Set.of("hq");
        }

        @Override
        public void begin(String key) {
            begun.countDown();
            try {
                assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
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
