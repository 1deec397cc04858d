package io.licenserelay.sync.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.SqliteOnly;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SqliteOnly("a shared database has times of several clocks, and none is adjusted")
class ClockStepIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    @TempDir
    Path folder;

    @Test
    void scheduledRunsContinueAfterAClockStepAndTheStepIsReportedAndResolved() throws Exception {
        MovableClock clock = new MovableClock();
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(estate)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .clock(clock)
                        .site("schedule", "\"* * * * * ?\"")
                        .startScheduled()) {
            await().atMost(TIMEOUT)
                    .until(() -> scheduledSince(relay, clock.instant().minusSeconds(3600)) > 0);

            Instant before = clock.instant();
            pauses(relay, before);
            clock.forward(TWO_DAYS.negated());
            Instant back = clock.instant();
            await().atMost(TIMEOUT).until(() -> scheduledBetween(relay, back, back.plus(Duration.ofDays(1))) > 0);

            assertThat(pauses(relay)).hasSize(2).allSatisfy(at -> assertThat(at)
                    .isBetween(
                            before.minus(TWO_DAYS).minusSeconds(1),
                            before.minus(TWO_DAYS).plusSeconds(1)));

            clock.forward(TWO_DAYS.multipliedBy(2));
            Instant ahead = clock.instant();
            await().atMost(TIMEOUT).until(() -> scheduledSince(relay, ahead) > 0);

            await().atMost(TIMEOUT).until(() -> relay.failures().size() >= 4);
            assertThat(relay.failures())
                    .extracting(event -> event.state() + " " + event.code() + " " + event.flow())
                    .containsExactly(
                            "trigger LIC8006 relay",
                            "resolve LIC8006 relay",
                            "trigger LIC8006 relay",
                            "resolve LIC8006 relay");
            assertThat(relay.failures().get(0).json().at("/data/error/message").asText()
                            + relay.failures().get(0).json().at("/data/summary").asText()
                            + relay.failures()
                                    .get(0)
                                    .json()
                                    .at("/data/evidence")
                                    .toString())
                    .contains("set back by 172")
                    .contains("s, from ");

            // Another incident of the relay is neither hidden nor resolved. The step is reported after it.
            Incidents incidents = relay.relay().incidents();
            relay.relay()
                    .database()
                    .write(
                            Database.RELAY,
                            tx -> incidents.record(
                                    tx, Rules.packed().diagnose(kafkaUnreachable()), kafkaUnreachable(), now()));
            clock.forward(TWO_DAYS.negated());
            await().atMost(TIMEOUT).until(() -> unreportedSteps(relay) == 1);
            assertThat(relay.relay().database().read(incidents::open))
                    .extracting(Incident::code)
                    .containsExactly("LIC8001");
            relay.relay().database().write(Database.RELAY, tx -> incidents.clear(tx, Place.relay(), Flow.RELAY, now()));
            await().atMost(TIMEOUT).until(() -> unreportedSteps(relay) == 0);
            assertThat(relay.failures().stream().skip(4))
                    .extracting(event -> event.state() + " " + event.code())
                    .containsExactly("trigger LIC8001", "resolve LIC8001", "trigger LIC8006", "resolve LIC8006");
        }
    }

    private static Evidence kafkaUnreachable() {
        List<Finding> findings = List.of(new Finding(Findings.KAFKA_UNREACHABLE, "no broker answers"));
        return Evidence.of(Failure.of(
                Place.relay(), Flow.RELAY, Step.PUBLISH, findings, null, Instant.parse("2026-01-13T12:00:00Z")));
    }

    private static IncidentContext now() {
        return IncidentContext.ofTheRelay(Instant.parse("2026-01-13T12:00:00Z"));
    }

    private static int unreportedSteps(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT COUNT(*) FROM clock_step WHERE is_reported = 0")
                .mapTo(Integer.class)
                .one());
    }

    /** Inserts a due poll and a password attempt of a site that this relay does not have. */
    private static void pauses(TempRelay relay, Instant at) {
        relay.relay().database().write(Database.RELAY, tx -> {
            tx.execute(
                    "INSERT INTO credential_attempt (name, salt, hash, kind, error, status, outages, attempted_at)"
                            + " VALUES ('other', '', '', 'refusal', 'none', 0, 1, ?)",
                    at.toEpochMilli());
            return tx.execute(
                    "INSERT INTO submission (id, site, account, va, pid, serial, nonce, attempts, prepared_at, poll_after)"
                            + " VALUES ('other', 'other', 'a', 'v', 'p', 's', 'n', 1, 0, ?)",
                    at.toEpochMilli());
        });
    }

    private static List<Instant> pauses(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT attempted_at FROM credential_attempt WHERE name = 'other'"
                                + " UNION ALL SELECT poll_after FROM submission WHERE id = 'other'")
                .mapTo(Long.class)
                .map(Instant::ofEpochMilli)
                .list());
    }

    private static int scheduledSince(TempRelay relay, Instant since) {
        return scheduledBetween(relay, since, since.plus(Duration.ofDays(3650)));
    }

    private static int scheduledBetween(TempRelay relay, Instant from, Instant until) {
        return relay.relay().database().read(tx -> tx.createQuery("SELECT COUNT(*) FROM run WHERE cause = 'schedule'"
                        + " AND outcome = 'complete' AND started_at BETWEEN :from AND :until")
                .bind("from", from.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .mapTo(Integer.class)
                .one());
    }
}
