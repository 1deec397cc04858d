package io.licenserelay.observe.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.observe.RelayOfSites;
import io.licenserelay.observe.health.SiteStatus.State;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status of a site follows from its runs and open incidents. */
class SiteHealthTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void aSiteIsUnknownUpOrDownForTheWorstAndThenOldestReason() throws Exception {
        try (Database database = Database.open(folder)) {
            SiteHealth health = new SiteHealth(database, RelayOfSites.sites(folder, 2));
            assertThat(health.all())
                    .containsExactly(
                            new SiteStatus("s1", State.UNKNOWN, null, null),
                            new SiteStatus("s2", State.UNKNOWN, null, null));

            run(database, 1, "s1", "complete", NOW.minusSeconds(60));
            run(database, 2, "s1", "failed", NOW);
            run(database, 3, "s2", "failed", NOW);
            assertThat(health.all())
                    .containsExactly(
                            new SiteStatus("s1", State.UP, null, NOW.minusSeconds(60)),
                            new SiteStatus("s2", State.UNKNOWN, null, null));

            incident(database, "a", "s1", "warning", NOW.minusSeconds(500), false);
            incident(database, "b", "s2", "error", NOW.minusSeconds(400), false);
            incident(database, "c", "s2", "critical", NOW.minusSeconds(300), false);
            incident(database, "d", "s2", "critical", NOW.minusSeconds(200), false);
            incident(database, "e", "s1", "critical", NOW.minusSeconds(100), true);
            assertThat(health.all())
                    .containsExactly(
                            new SiteStatus("s1", State.UP, null, NOW.minusSeconds(60)),
                            new SiteStatus("s2", State.DOWN, "LICc: summary c", NOW.minusSeconds(300)));

            database.write("s2", tx -> tx.execute("UPDATE incident SET is_open = 0 WHERE site = 's2'"));
            run(database, 4, "s2", "partial", NOW);
            assertThat(health.all().get(1)).isEqualTo(new SiteStatus("s2", State.UP, null, NOW));
        }
    }

    private static void run(Database database, long id, String site, String outcome, Instant at) {
        database.write(
                site,
                tx -> tx.execute(
                        "INSERT INTO run (id, site, cause, traceparent, started_at, finished_at, outcome)"
                                + " VALUES (?, ?, 'schedule', '', ?, ?, ?)",
                        id,
                        site,
                        at.toEpochMilli(),
                        at.toEpochMilli(),
                        outcome));
    }

    private static void incident(
            Database database, String id, String site, String severity, Instant at, boolean recovered) {
        database.write(
                site,
                tx -> tx.execute(
                        "INSERT INTO incident (id, dedup_key, site, flow, is_open, code, severity, summary, occurrences,"
                                + " sequence, trigger_event, last_data, healthy_since, opened_at, updated_at)"
                                + " VALUES (?, ?, ?, 'pull', 1, ?, ?, ?, 1, 0, '', '{}', ?, ?, ?)",
                        id,
                        id,
                        site,
                        "LIC" + id,
                        severity,
                        "summary " + id,
                        recovered ? at.toEpochMilli() : null,
                        at.toEpochMilli(),
                        at.toEpochMilli()));
    }
}
