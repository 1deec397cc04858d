package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.fixture.MigratedStore;
import io.licenserelay.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulesTest {
    private static final Instant NOON = Instant.parse("2026-01-13T12:00:00Z");
    private static final Instant TWO = Instant.parse("2026-01-14T02:00:00Z");

    @TempDir
    Path folder;

    @Test
    void aRunStartsWhenItsScheduleFiresPutOffByTheJitter() throws Exception {
        Site site = site("hq", "0 0 2 * * ?", "UTC", "300s");
        assertThat(Schedules.jitter(site)).isPositive();
        assertThat(Schedules.next(site, NOON)).isEqualTo(TWO.plus(Schedules.jitter(site)));
        assertThat(Schedules.next(site, TWO)).isEqualTo(TWO.plus(Schedules.jitter(site)));
        assertThat(Schedules.next(site, TWO.plus(Schedules.jitter(site))))
                .isEqualTo(TWO.plus(Duration.ofDays(1)).plus(Schedules.jitter(site)));
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, 2026-01-14T02:00:00Z",
        "Z, 2026-01-14T02:00:00Z",
        "Europe/Paris, 2026-01-14T01:00:00Z",
        "America/New_York, 2026-01-14T07:00:00Z",
        "Asia/Kolkata, 2026-01-13T20:30:00Z",
        "+02:00, 2026-01-14T00:00:00Z",
        "UTC-05:30, 2026-01-14T07:30:00Z",
        "GMT+2, 2026-01-14T00:00:00Z"
    })
    void aScheduleIsReadInItsZone(String zone, Instant next) throws Exception {
        assertThat(Schedules.next(site("hq", "0 0 2 * * ?", zone, "0s"), NOON)).isEqualTo(next);
    }

    @Test
    void summerTimeMovesARunWithTheWallClock() throws Exception {
        Site site = site("hq", "0 0 3 * * ?", "Europe/Paris", "0s");
        assertThat(Schedules.next(site, Instant.parse("2026-03-28T12:00:00Z"))).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(Schedules.next(site, Instant.parse("2026-03-27T12:00:00Z"))).isEqualTo("2026-03-28T02:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "1s", "60s", "300s"})
    void jitterIsStablePerSiteAndWithinItsBound(String most) throws Exception {
        Duration bound = Duration.ofSeconds(Long.parseLong(most.replace("s", "")));
        List<Duration> jitters = IntStream.range(0, 200)
                .mapToObj(i -> Schedules.jitter(quiet("site-" + i, most)))
                .toList();
        assertThat(jitters).allMatch(each -> !each.isNegative() && each.compareTo(bound) <= 0);
        assertThat(Schedules.jitter(quiet("site-7", most))).isEqualTo(jitters.get(7));
        if (!bound.isZero()) {
            assertThat(jitters.stream().distinct().count())
                    .as("they are spread")
                    .isGreaterThan(150);
        }
    }

    @Test
    void aSiteThatWasNeverSyncedIsDue() throws Exception {
        try (Database database = MigratedStore.open(folder)) {
            assertThat(schedules(database, NOON, site("hq", "0 0 2 * * ?", "UTC", "0s"))
                            .missed("hq"))
                    .isTrue();
        }
    }

    @Test
    void aRunIsMissedOnlyOnceItsScheduleFired() throws Exception {
        Site site = site("hq", "0 0 2 * * ?", "UTC", "0s");
        try (Database database = MigratedStore.open(folder)) {
            ran(database, "hq", NOON, NOON.plusSeconds(5));
            assertThat(schedules(database, TWO.minusSeconds(1), site).missed("hq"))
                    .isFalse();
            assertThat(schedules(database, TWO.plusSeconds(1), site).missed("hq"))
                    .isTrue();
            ran(database, "hq", TWO.plusSeconds(2), TWO.plusSeconds(5));
            assertThat(schedules(database, TWO.plusSeconds(10), site).missed("hq"))
                    .isFalse();
        }
    }

    @Test
    void aRunThatWasBeingPutOffWhenTheRelayEndedIsMissedAtOnce() throws Exception {
        Site site = site("hq", "0 0 2 * * ?", "UTC", "300s");
        assertThat(Schedules.jitter(site)).isGreaterThan(Duration.ofSeconds(10));
        try (Database database = MigratedStore.open(folder)) {
            ran(database, "hq", NOON, NOON.plusSeconds(5));
            assertThat(schedules(database, TWO.plusSeconds(5), site).missed("hq"))
                    .isTrue();
        }
    }

    @Test
    void aRunThatBeganWhenItWasDueIsNotMissedThoughTheClockWasSlewed() throws Exception {
        Site site = site("hq", "0 0 2 * * ?", "UTC", "300s");
        Instant due = TWO.plus(Schedules.jitter(site));
        try (Database database = MigratedStore.open(folder)) {
            ran(database, "hq", due.minusMillis(150), due.plusSeconds(5));
            assertThat(schedules(database, due.plusSeconds(60), site).missed("hq"))
                    .isFalse();
        }
    }

    @Test
    void aRunThatWasCutShortIsMissed() throws Exception {
        Site site = site("hq", "0 0 2 * * ?", "UTC", "0s");
        try (Database database = MigratedStore.open(folder)) {
            ran(database, "hq", NOON, NOON.plusSeconds(5));
            database.write(
                    Database.RELAY,
                    tx -> tx.execute(
                            "INSERT INTO run (id, site, cause, traceparent, started_at, outcome)"
                                    + " VALUES (1, 'hq', 'schedule', 't', ?, 'interrupted')",
                            TWO.toEpochMilli()));
            assertThat(schedules(database, TWO.plusSeconds(60), site).missed("hq"))
                    .isTrue();
        }
    }

    @Test
    void anotherSitesRunIsNotThisSitesRun() throws Exception {
        Site site = site("hq", "0 0 2 * * ?", "UTC", "0s");
        try (Database database = MigratedStore.open(folder)) {
            ran(database, "branch", NOON, NOON.plusSeconds(5));
            assertThat(schedules(database, NOON.plusSeconds(60), site).missed("hq"))
                    .isTrue();
        }
    }

    @Test
    void theIntervalIsTheLongestTimeUntilTheThirdRunFromNow() throws Exception {
        try (Database database = MigratedStore.open(folder)) {
            assertThat(interval(database, "0 0 2 * * ?", NOON)).isEqualTo(Duration.ofDays(1));
            assertThat(interval(database, "0 0/15 * * * ?", NOON)).isEqualTo(Duration.ofMinutes(15));
            // 2026-01-16 is a Friday.
            assertThat(interval(database, "0 0 2 ? * MON-FRI", Instant.parse("2026-01-16T12:00:00Z")))
                    .isEqualTo(Duration.ofHours(62));
            assertThat(interval(database, "0 * 8-17 * * ?", Instant.parse("2026-01-16T17:58:30Z")))
                    .isEqualTo(Duration.ofHours(14).plusMinutes(1));
        }
    }

    private Duration interval(Database database, String cron, Instant now) throws Exception {
        Site site = site("hq", cron, "UTC", "0s");
        return schedules(database, now, site).interval(site);
    }

    private static Schedules schedules(Database database, Instant now, Site site) {
        return new Schedules(database, new Sites(List.of(site)), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void ran(Database database, String site, Instant from, Instant to) {
        database.write(
                Database.RELAY,
                tx -> tx.execute(
                        "INSERT INTO run (id, site, cause, traceparent, started_at, finished_at, outcome)"
                                + " VALUES (?, ?, 'schedule', 't', ?, ?, 'failed')",
                        from.toEpochMilli(),
                        site,
                        from.toEpochMilli(),
                        to.toEpochMilli()));
    }

    private Site quiet(String name, String jitter) {
        try {
            return site(name, "0 0 2 * * ?", "UTC", jitter);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the real reader reads it. */
    private Site site(String name, String cron, String zone, String jitter) throws Exception {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("relay.yaml"), """
                sites:
                  - name: %s
                    schedule: "%s"
                    zone: "%s"
                    jitter: %s
                    ssm: { url: "https://localhost:8443", client: { id: relay, secret: "env:SECRET" } }
                """.formatted(name, cron, zone, jitter));
        return Configuration.read(config, Map.of("SECRET", "secret-1"), Map.of())
                .sites()
                .get(0);
    }
}
