package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.demo.Estate;
import io.licenserelay.demo.SsmSimulator;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.site.Grant;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockStepIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    @TempDir
    Path folder;

    @Test
    void scheduledRunsGoOnAfterTheClockIsSetAndAnIncidentTellsOfItAndIsResolved() throws Exception {
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
            await().atMost(PATIENCE)
                    .until(() -> scheduledSince(relay, clock.instant().minusSeconds(3600)) > 0);

            clock.forward(TWO_DAYS.negated());
            Instant back = clock.instant();
            await().atMost(PATIENCE).until(() -> scheduledBetween(relay, back, back.plus(Duration.ofDays(1))) > 0);

            clock.forward(TWO_DAYS.multipliedBy(2));
            Instant ahead = clock.instant();
            await().atMost(PATIENCE).until(() -> scheduledSince(relay, ahead) > 0);

            await().atMost(PATIENCE).until(() -> relay.failures().size() >= 4);
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
        }
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
