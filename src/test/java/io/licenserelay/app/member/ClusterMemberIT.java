package io.licenserelay.app.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.cluster.TestNode;
import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A node begins the work for a site before anything else works for the site. */
class ClusterMemberIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Set<String> SITES = Set.of("hq", "berlin", "paris", Database.RELAY);

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

    /** Its run in progress may write and end; the next one begins on the other node. */
    @Test
    void aSiteThatIsToMoveAcceptsNoNewWorkButStaysOwnedUntilItIsIdle() throws Exception {
        String url = PostgresServer.newDatabase();
        BusyWork first = new BusyWork();
        try (Membership a = member("a", url);
                Membership b = member("b", url)) {
            a.join(first);
            await().atMost(SOON).until(() -> SITES.stream().allMatch(a.database()::acceptsWork));
            b.join(new BusyWork());
            await().atMost(SOON).until(() -> first.paused.size() == 2);
            for (String site : first.paused) {
                assertThat(a.database().acceptsWork(site)).isFalse();
                assertThat(a.database().owns(site)).isTrue();
                assertThat(a.database().<Integer>write(site, tx -> 1)).isEqualTo(1);
            }
            assertThat(SITES).noneMatch(b.database()::owns);
            first.busy = false;
            await().atMost(SOON).until(() -> first.paused.stream().allMatch(b.database()::acceptsWork));
            assertThat(first.paused).noneMatch(a.database()::owns);
            a.leave();
            b.leave();
        }
    }

    /** Also of configurations that change later. */
    @Test
    void whatIsLeftOfRemovedSitesIsEndedWhenAConfigurationHasChanged() throws Exception {
        BusyWork work = new BusyWork();
        try (Membership member = member("a", PostgresServer.newDatabase())) {
            member.join(work);
            await().atMost(SOON).until(() -> work.retired.get() > 0);
            assertThat(member.configurations().agreed("anything")).isTrue();
            int before = work.retired.get();
            work.digests = SiteDigests.of(Map.of("hq", "new"));
            await().atMost(SOON).until(() -> work.retired.get() > before);
            assertThat(member.configurations().seenWithin(Duration.ofMinutes(1)))
                    .containsExactly("a");
            member.leave();
            assertThat(member.configurations().agreed("anything")).isFalse();
        }
    }

    private static Membership member(String name, String url) {
        return new ClusterMember(
                new ClusterDatabase(url, PostgresServer::administrator),
                TestNode.SETTINGS,
                new NodeIdentity(name, "localhost", "1"),
                Clock.systemUTC());
    }

    /** Of four sites, each with a run in progress until it ends. */
    private static final class BusyWork implements OwnedWork {
        private final Set<String> paused = ConcurrentHashMap.newKeySet();
        private final AtomicInteger retired = new AtomicInteger();
        private volatile SiteDigests digests = SiteDigests.NONE;
        private volatile boolean busy = true;

        @Override
        public Set<String> keys() {
            return SITES;
        }

        @Override
        public SiteDigests digests() {
            return digests;
        }

        @Override
        public void begin(String key) {}

        @Override
        public void pause(String key) {
            paused.add(key);
        }

        @Override
        public void end(String key) {}

        @Override
        public void retire() {
            retired.incrementAndGet();
        }

        @Override
        public void collect() {}

        @Override
        public void recheck() {}

        @Override
        public boolean isIdle(String key) {
            return !busy;
        }

        @Override
        public boolean isFit(String key) {
            return true;
        }

        @Override
        public boolean isQuiet() {
            return !busy;
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
        public void recheck() {}

        @Override
        public boolean isIdle(String key) {
            return true;
        }

        @Override
        public boolean isFit(String key) {
            return true;
        }

        @Override
        public boolean isQuiet() {
            return true;
        }
    }
}
