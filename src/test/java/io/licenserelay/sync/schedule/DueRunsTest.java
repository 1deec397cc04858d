package io.licenserelay.sync.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Schedules;
import io.licenserelay.sync.run.Sites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three sites, synced at noon: {@code daily} runs at 02:00, {@code late} runs at 02:00 plus jitter, and {@code often} runs every hour. */
class DueRunsTest {
    private static final Instant NOON = Instant.parse("2026-01-13T12:00:00Z");

    @TempDir
    Path folder;

    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    private volatile Instant now = NOON;
    private Database database;
    private RunQueue queue;
    private DueRuns due;

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    private Sites sites;

    private final Set<String> owned = new HashSet<>(Set.of("daily", "late", "often"));

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("relay.yaml"), """
                sites:
                  - { name: daily, schedule: "0 0 2 * * ?", jitter: 0s, ssm: { url: "https://127.0.0.1:1", client: { id: x, secret: "env:S" } } }
                  - { name: late, schedule: "0 0 2 * * ?", jitter: 300s, ssm: { url: "https://127.0.0.1:1", client: { id: x, secret: "env:S" } } }
                  - { name: often, schedule: "0 0 * * * ?", jitter: 0s, ssm: { url: "https://127.0.0.1:1", client: { id: x, secret: "env:S" } } }
                """);
        database = TestStore.current().open(folder);
        sites = new Sites(
                Configuration.read(folder, Map.of("S", "secret-1"), Map.of()).sites());
        for (Site site : sites.all()) {
            database.write(
                    Database.RELAY,
                    tx -> tx.execute(
                            "INSERT INTO run (id, site, cause, traceparent, started_at, finished_at, outcome)"
                                    + " VALUES (?, ?, 'schedule', 't', ?, ?, 'complete')",
                            site.place().id(),
                            site.name(),
                            NOON.toEpochMilli(),
                            NOON.toEpochMilli()));
        }
        queue = new RunQueue(1, request -> {
            ran.add(request.site() + " " + request.cause().wireName());
            return List.of();
        });
        due = new DueRuns(sites, new Schedules(database, sites, clock), queue, owned::contains);
    }

    @AfterEach
    void end() throws Exception {
        queue.close();
        database.close();
    }

    @Test
    void aSiteWhoseScheduleChangedRunsByItsNewSchedule() {
        checkAt(NOON);
        Site daily = sites.named("daily");
        sites.put(new Site(
                daily.name(),
                daily.labels(),
                daily.ssm(),
                daily.accounts(),
                sites.named("often").schedule(),
                daily.parallel(),
                daily.guard(),
                daily.reports(),
                daily.manager(),
                daily.logs(),
                daily.probing()));
        sites.remove("often");
        due.forget("daily");
        checkAt(NOON.plus(Duration.ofMinutes(59)));
        assertRan();
        checkAt(NOON.plus(Duration.ofHours(1)));
        assertRan("daily schedule");
    }

    @Test
    void aSiteRunsAtItsTimeAndNotBefore() {
        checkAt(NOON);
        checkAt(NOON.plus(Duration.ofMinutes(59)));
        assertRan();
        checkAt(NOON.plus(Duration.ofHours(1)));
        assertRan("often schedule");
        checkAt(NOON.plus(Duration.ofHours(1)).plusMillis(500));
        assertRan("often schedule");
        checkAt(NOON.plus(Duration.ofHours(2)));
        assertRan("often schedule", "often schedule");
    }

    @Test
    void aSiteOfAnotherRelayDoesNotRunAndItsMissedRunStartsOnceAfterTakeover() {
        checkAt(NOON);
        owned.remove("often");
        checkAt(NOON.plus(Duration.ofHours(3)));
        assertRan();
        owned.add("often");
        checkAt(NOON.plus(Duration.ofHours(3)).plusMillis(500));
        checkAt(NOON.plus(Duration.ofHours(3)).plusMillis(900));
        assertRan("often catch-up");
    }

    @Test
    void aRunThatWasDueWhileTheProcessWasStoppedStartsOnce() {
        checkAt(NOON);
        checkAt(NOON.plus(Duration.ofDays(3)));
        checkAt(NOON.plus(Duration.ofDays(3)).plusMillis(500));
        assertRan("daily schedule", "late schedule", "often schedule");
    }

    @Test
    void aRunMissedWhileNoRelayRanIsCaughtUpOnceEvenDuringItsJitter() {
        checkAt(Instant.parse("2026-01-14T02:00:01Z"));
        checkAt(Instant.parse("2026-01-14T02:59:59Z"));
        assertRan("daily catch-up", "late catch-up", "often catch-up");
    }

    @Test
    void afterAStepBackOfTwoDaysEachSiteRunsAtItsNextTime() {
        checkAt(NOON);
        step(Duration.ofDays(2).negated());
        checkAt(now);
        assertRan();
        assertThat(due.next("daily")).isEqualTo("2026-01-12T02:00:00Z");
        assertThat(due.next("late")).isBetween("2026-01-12T02:00:00Z", "2026-01-12T02:05:00Z");
        checkAt(Instant.parse("2026-01-11T13:00:00Z"));
        assertRan("often schedule");
        checkAt(Instant.parse("2026-01-12T02:00:00Z"));
        assertRan("often schedule", "daily schedule", "often schedule");
    }

    /** Quartz does not fire between a step back and its detection. */
    @Test
    void aRunThatWasDueBeforeTheStepWasDetectedStartsOnce() {
        checkAt(Instant.parse("2026-01-13T12:59:59Z"));
        assertRan();
        now = Instant.parse("2026-01-13T13:00:01Z");
        step(Duration.ofDays(2).negated());
        checkAt(now);
        checkAt(now.plusSeconds(5));
        assertRan("often schedule");
        assertThat(due.next("often")).isEqualTo("2026-01-11T14:00:00Z");
    }

    @Test
    void afterAStepForwardOfTwoDaysEachSiteRunsOnlyAtItsNextTime() {
        checkAt(NOON);
        step(Duration.ofDays(2));
        checkAt(now);
        assertRan();
        assertThat(due.next("daily")).isEqualTo("2026-01-16T02:00:00Z");
        assertThat(due.next("often")).isEqualTo("2026-01-15T13:00:00Z");
    }

    @Test
    void aRunSkippedByASmallClockCorrectionStillStarts() {
        checkAt(Instant.parse("2026-01-13T23:59:50Z"));
        ranSoFar();
        checkAt(Instant.parse("2026-01-14T01:59:50Z"));
        ranSoFar();
        step(Duration.ofSeconds(20));
        checkAt(now);
        assertThat(ranSoFar()).contains("daily schedule");
    }

    private void checkAt(Instant at) {
        now = at;
        due.handOver(at);
    }

    private void step(Duration by) {
        ClockStep step = new ClockStep(now, now.plus(by));
        now = step.observed();
        due.clockStepped(step);
    }

    private void assertRan(String... runs) {
        assertThat(ranSoFar()).containsExactly(runs);
    }

    private List<String> ranSoFar() {
        await().atMost(Duration.ofMinutes(3)).until(() -> queue.isIdle());
        return List.copyOf(ran);
    }
}
