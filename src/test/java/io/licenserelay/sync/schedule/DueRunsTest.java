package io.licenserelay.sync.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
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

/** Three sites, synced at noon; {@code daily} runs at 02:00, {@code late} too, put off, and {@code often} every hour. */
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

    private final Set<String> owned = new HashSet<>(Set.of("daily", "late", "often"));

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("relay.yaml"), """
                sites:
                  - { name: daily, schedule: "0 0 2 * * ?", jitter: 0s, ssm: { url: "https://127.0.0.1:1", client: { id: x, secret: "env:S" } } }
                  - { name: late, schedule: "0 0 2 * * ?", jitter: 300s, ssm: { url: "https://127.0.0.1:1", client: { id: x, secret: "env:S" } } }
                  - { name: often, schedule: "0 0 * * * ?", jitter: 0s, ssm: { url: "https://127.0.0.1:1", client: { id: x, secret: "env:S" } } }
                """);
        database = Database.open(folder);
        Sites sites = new Sites(
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
    void aSiteRunsAtItsTimeAndNotBefore() {
        look(NOON);
        look(NOON.plus(Duration.ofMinutes(59)));
        assertRan();
        look(NOON.plus(Duration.ofHours(1)));
        assertRan("often schedule");
        look(NOON.plus(Duration.ofHours(1)).plusMillis(500));
        assertRan("often schedule");
        look(NOON.plus(Duration.ofHours(2)));
        assertRan("often schedule", "often schedule");
    }

    @Test
    void aSiteOfAnotherRelayDoesNotRunAndARunThatWasMissedMeanwhileHappensOnce() {
        look(NOON);
        owned.remove("often");
        look(NOON.plus(Duration.ofHours(3)));
        assertRan();
        owned.add("often");
        look(NOON.plus(Duration.ofHours(3)).plusMillis(500));
        look(NOON.plus(Duration.ofHours(3)).plusMillis(900));
        assertRan("often catch-up");
    }

    @Test
    void aRunThatWasDueWhileTheProcessWasStoppedHappensOnce() {
        look(NOON);
        look(NOON.plus(Duration.ofDays(3)));
        look(NOON.plus(Duration.ofDays(3)).plusMillis(500));
        assertRan("daily schedule", "late schedule", "often schedule");
    }

    @Test
    void aRunThatWasMissedWhileNoRelayRanIsCaughtUpOnceAlsoWhenItIsStillPutOff() {
        look(Instant.parse("2026-01-14T02:00:01Z"));
        look(Instant.parse("2026-01-14T02:59:59Z"));
        assertRan("daily catch-up", "late catch-up", "often catch-up");
    }

    @Test
    void afterAStepBackOfTwoDaysEachSiteRunsAtItsNextTime() {
        look(NOON);
        step(Duration.ofDays(2).negated());
        look(now);
        assertRan();
        assertThat(due.next("daily")).isEqualTo("2026-01-12T02:00:00Z");
        assertThat(due.next("late")).isBetween("2026-01-12T02:00:00Z", "2026-01-12T02:05:00Z");
        look(Instant.parse("2026-01-11T13:00:00Z"));
        assertRan("often schedule");
        look(Instant.parse("2026-01-12T02:00:00Z"));
        assertRan("often schedule", "daily schedule", "often schedule");
    }

    /** Quartz stands still from a step back until the step is noticed. */
    @Test
    void aRunThatFellDueBeforeTheStepWasNoticedStillHappensOnce() {
        look(Instant.parse("2026-01-13T12:59:59Z"));
        assertRan();
        now = Instant.parse("2026-01-13T13:00:01Z");
        step(Duration.ofDays(2).negated());
        look(now);
        look(now.plusSeconds(5));
        assertRan("often schedule");
        assertThat(due.next("often")).isEqualTo("2026-01-11T14:00:00Z");
    }

    @Test
    void afterAStepForwardOfTwoDaysNothingIsCaughtUpAndEachSiteRunsAtItsNextTime() {
        look(NOON);
        step(Duration.ofDays(2));
        look(now);
        assertRan();
        assertThat(due.next("daily")).isEqualTo("2026-01-16T02:00:00Z");
        assertThat(due.next("often")).isEqualTo("2026-01-15T13:00:00Z");
    }

    @Test
    void aRunWhoseTimeACorrectionForwardSkipsStillHappens() {
        look(Instant.parse("2026-01-13T23:59:50Z"));
        ranSoFar();
        look(Instant.parse("2026-01-14T01:59:50Z"));
        ranSoFar();
        step(Duration.ofSeconds(20));
        look(now);
        assertThat(ranSoFar()).contains("daily schedule");
    }

    private void look(Instant at) {
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
