package io.licenserelay.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.observe.RelayObserver;
import io.licenserelay.observe.RelayOfSites;
import io.licenserelay.observe.Scrape;
import io.licenserelay.observe.health.BoundedReads;
import io.licenserelay.ssm.token.TokenListener;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a database with seeded rows, without a running relay. */
class RelayMetricsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void numbersOfTheDatabaseAreThoseOfItsRows() throws Exception {
        try (Database database = Database.open(folder);
                BoundedReads reads = reads();
                RelayMetrics metrics = metrics(database, 2, reads)) {
            database.write("s1", tx -> {
                place(tx, 1, "s1", "ACME");
                license(tx, 1, "A", "In Compliance", NOW.plusSeconds(1000));
                license(tx, 1, "B", "Out Of Compliance", NOW.minusSeconds(1000));
                license(tx, 1, "C", "Out Of Compliance", NOW.plusSeconds(2000));
                license(tx, 1, "D", "<script>", NOW.plusSeconds(3000));
                report(tx, "d1", "s1", "submitted", NOW.minusSeconds(70));
                report(tx, "d2", "s1", "overdue", NOW.minusSeconds(90));
                report(tx, "d3", "s1", "acknowledged", NOW.minusSeconds(900));
                tx.execute("INSERT INTO outbox (kind, topic, record_key, headers, created_at)"
                        + " VALUES ('record', 't', 'k', '{}', "
                        + NOW.minusSeconds(30).toEpochMilli() + ")");
                return tx.execute("INSERT INTO run (id, site, cause, traceparent, started_at, finished_at, outcome)"
                        + " VALUES (7, 's1', 'schedule', '', 1, "
                        + NOW.minusSeconds(60).toEpochMilli()
                        + ", 'complete')");
            });
            RelayObserver observer = metrics.observer();
            observer.finished("s1", SyncOutcome.PARTIAL, Duration.ofSeconds(3));
            observer.requested(RelayOfSites.sites(folder, 1).named("s1"), TokenListener.Answer.REFUSED);
            Scrape scrape = Scrape.of(metrics.scrape());

            assertThat(scrape.value("license_relay_licenses{account=\"ACME\",compliance=\"in\",site=\"s1\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("license_relay_licenses{account=\"ACME\",compliance=\"out\",site=\"s1\"}"))
                    .isEqualTo(2);
            assertThat(scrape.value("license_relay_licenses{account=\"ACME\",compliance=\"other\",site=\"s1\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("license_relay_deadline_seconds{kind=\"license\",site=\"s1\"}"))
                    .isEqualTo(1000);
            assertThat(scrape.value("license_relay_reports{site=\"s1\",state=\"overdue\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("license_relay_report_awaiting_ack_age_seconds{site=\"s1\"}"))
                    .isEqualTo(90);
            assertThat(scrape.value("license_relay_report_awaiting_ack_age_seconds{site=\"s2\"}"))
                    .isZero();
            assertThat(scrape.value("license_relay_outbox_events")).isEqualTo(1);
            assertThat(scrape.value("license_relay_outbox_age_seconds")).isEqualTo(30);
            assertThat(scrape.value("license_relay_last_complete_run_age_seconds{site=\"s1\"}"))
                    .isEqualTo(60);
            assertThat(scrape.lines())
                    .noneMatch(line -> line.startsWith("license_relay_last_complete_run_age_seconds{site=\"s2\""));
            assertThat(scrape.value("license_relay_runs_total{outcome=\"partial\",site=\"s1\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("license_relay_runs_total{outcome=\"failed\",site=\"s2\"}"))
                    .isZero();
            assertThat(scrape.value("license_relay_token_requests_total{answer=\"refused\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("license_relay_store_writes_total")).isEqualTo(1);
            assertThat(scrape.value("license_relay_store_writes_waiting")).isZero();
        }
    }

    /** Old numbers would look like current ones. */
    @Test
    void whileTheDatabaseDoesNotAnswerItsNumbersAreAbsent() throws Exception {
        Database database = Database.open(folder);
        try (BoundedReads reads = reads();
                RelayMetrics metrics = metrics(database, 1, reads)) {
            assertThat(Scrape.of(metrics.scrape()).value("license_relay_store_up"))
                    .isEqualTo(1);
            database.close();
            Scrape scrape = await().atMost(Duration.ofSeconds(20))
                    .until(() -> Scrape.of(metrics.scrape()), found -> found.value("license_relay_store_up") == 0);
            assertThat(scrape.families())
                    .contains("license_relay_build_info", "license_relay_runs_total", "license_relay_deadline_seconds")
                    .doesNotContain(
                            "license_relay_outbox_events",
                            "license_relay_outbox_age_seconds",
                            "license_relay_last_complete_run_age_seconds",
                            "license_relay_licenses",
                            "license_relay_reports",
                            "license_relay_incidents_open",
                            "license_relay_cluster_nodes",
                            "license_relay_cluster_owner_changes_total");
        }
    }

    @Test
    void aSiteAddsFewSeriesAndManyAccountsAndUnknownProbesAddNone() throws Exception {
        int one = series(1);
        int hundred = series(100);
        assertThat(hundred - one).as("series of 99 further sites").isLessThanOrEqualTo(99 * 15);
        assertThat(hundred).isLessThan(1700);
    }

    private int series(int sites) throws Exception {
        Path own = Files.createDirectories(folder.resolve(String.valueOf(sites)));
        try (Database database = Database.open(own);
                BoundedReads reads = reads();
                RelayMetrics metrics = metrics(own, database, sites, reads)) {
            database.write("s1", tx -> {
                for (int i = 1; i <= sites; i++) {
                    place(tx, i, "s" + i, "ACME");
                    license(tx, i, "A", "In Compliance", NOW.plusSeconds(1000));
                    license(tx, i, "B", "Out Of Compliance", NOW.plusSeconds(1000));
                    report(tx, "d" + i, "s" + i, "submitted", NOW);
                    report(tx, "e" + i, "s" + i, "acknowledged", NOW);
                }
                for (int i = 0; i < 300; i++) {
                    place(tx, 1000 + i, "s1", "account " + i);
                    license(tx, 1000 + i, "A", "status " + i, NOW.plusSeconds(1000));
                }
                return 1;
            });
            Site site = RelayOfSites.sites(own, 1).named("s1");
            for (int i = 0; i < 300; i++) {
                metrics.observer()
                        .probed(
                                site,
                                new ProbeResult(
                                        "own" + i,
                                        "target",
                                        ProbeResult.Status.OK,
                                        "ok",
                                        Map.of("phase" + i, 1.0),
                                        Map.of(),
                                        List.of()));
            }
            Scrape scrape = Scrape.of(metrics.scrape());
            assertThat(scrape.lines().stream()
                            .filter(line -> line.startsWith("license_relay_licenses{") && line.contains("site=\"s1\"")))
                    .hasSizeLessThan(110)
                    .anyMatch(line -> line.contains("account=\"(other)\""));
            assertThat(scrape.lines().stream()
                            .filter(line -> line.startsWith("license_relay_probe_phase_duration_seconds_count")))
                    .hasSize(1);
            return scrape.lines().size();
        }
    }

    private static BoundedReads reads() {
        return new BoundedReads(Duration.ofSeconds(10));
    }

    private RelayMetrics metrics(Database database, int sites, BoundedReads reads) throws Exception {
        return metrics(folder, database, sites, reads);
    }

    private static RelayMetrics metrics(Path own, Database database, int number, BoundedReads reads) throws Exception {
        Sites sites = RelayOfSites.sites(own, number);
        return new RelayMetrics(database, sites, () -> 1, reads, "1.0", Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static void place(Handle tx, long id, String site, String account) {
        tx.execute(
                "INSERT INTO place (id, site, account, va, first_run, listed_run, applied_run) VALUES (?, ?, ?, 'Default', 1, 1, 1)",
                id,
                site,
                account);
    }

    private static void license(Handle tx, long place, String name, String status, Instant ends) {
        tx.execute(
                "INSERT INTO license (place_id, name, billing, quantity, in_use, available, reserved, status, ends_at,"
                        + " merged_rows, first_run, changed_run) VALUES (?, ?, 'PREPAID', 1, 1, 1, 0, ?, ?, 1, 1, 1)",
                place,
                name,
                status,
                ends.toEpochMilli());
    }

    private static void report(Handle tx, String digest, String site, String state, Instant at) {
        tx.execute(
                "INSERT INTO report (digest, site, pid, serial, origin, received_at, state, changed_at)"
                        + " VALUES (?, ?, 'C8000V', 'S1', 'inbox', ?, ?, ?)",
                digest,
                site,
                at.toEpochMilli(),
                state,
                at.toEpochMilli());
    }
}
