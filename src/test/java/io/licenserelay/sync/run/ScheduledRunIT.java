package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.schedule.DueRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.CronExpression;

class ScheduledRunIT {
    private static final String EVERY_SECOND = "\"* * * * * ?\"";

    @TempDir
    Path folder;

    @Test
    void aSiteRunsWhenItsScheduleFiresAndNeverTwiceAtOnce() throws Exception {
        try (SsmSimulator ssm = simulator();
                TempRelay relay = TempRelay.in(folder).of(ssm).site("schedule", EVERY_SECOND)) {
            // Longer than the interval of the schedule.
            ssm.faults().set("latency", "millis", 1300, "resource", "accounts");
            relay.startScheduled();
            await().atMost(Duration.ofMinutes(3)).until(() -> finished(relay).size() >= 3);
            List<FinishedRun> runs = finished(relay);
            assertThat(runs.stream()
                            .filter(run -> run.cause().equals("schedule"))
                            .count())
                    .isGreaterThan(1);
            assertThat(runs).extracting(FinishedRun::outcome).containsOnly("complete");
            for (int i = 1; i < runs.size(); i++) {
                assertThat(runs.get(i).from())
                        .isGreaterThanOrEqualTo(runs.get(i - 1).to());
            }
        }
    }

    @Test
    void aMissedRunIsCaughtUpExactlyOnceAtStart() throws Exception {
        try (SsmSimulator ssm = simulator()) {
            try (TempRelay first = scheduled(ssm, Clock.systemUTC(), "\"0 0 2 * * ?\"")) {
                await().until(() -> finished(first).size() == 1);
            }
            try (TempRelay atOnce = scheduled(ssm, Clock.systemUTC(), "\"0 0 2 * * ?\"")) {
                // After a complete requested run, every automatic run has started.
                atOnce.sync();
                assertThat(causes(atOnce)).containsExactly("catch-up", "operator");
            }
            Clock daysLater = Clock.offset(Clock.systemUTC(), Duration.ofDays(3));
            try (TempRelay later = scheduled(ssm, daysLater, "\"0 0 2 * * ?\"")) {
                await().until(() -> finished(later).size() == 3);
                later.sync();
                assertThat(causes(later)).containsExactly("catch-up", "operator", "catch-up", "operator");
            }
        }
    }

    private static List<String> causes(TempRelay relay) {
        return finished(relay).stream().map(FinishedRun::cause).toList();
    }

    @Test
    void aRequestedSyncIsNotDelayedByJitter() throws Exception {
        try (SsmSimulator ssm = simulator();
                TempRelay relay =
                        TempRelay.in(folder).of(ssm).site("jitter", "300s").start()) {
            Instant requestedAt = Instant.now();
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(Duration.between(requestedAt, Instant.now())).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void aScheduledRunIsDelayedByJitterAndTheRelayStopsWithoutIt() throws Exception {
        try (SsmSimulator ssm = simulator()) {
            Instant closing;
            try (TempRelay relay = TempRelay.in(folder)
                    .of(ssm)
                    .site("schedule", EVERY_SECOND)
                    .site("jitter", "300s")
                    .startScheduled()) {
                await().until(() -> finished(relay).size() == 1);
                Duration jitter = Schedules.jitter(relay.relay().sites().named("hq"));
                assertThat(due(relay.relay()).next("hq"))
                        .isAfter(Instant.now().plus(jitter).minusSeconds(30));
                assertThat(all(relay)).isEqualTo(1);
                assertThat(finished(relay).get(0).cause()).isEqualTo("catch-up");
                closing = Instant.now();
            }
            assertThat(Duration.between(closing, Instant.now())).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void theDueTimeOfEveryExpressionAndZoneMatchesQuartz() throws Exception {
        record Expected(String site, String cron, String zone, String quartzZone) {}
        List<Expected> expected = List.of(
                new Expected("a.b-c_d", "0 0 2 * * ?", "UTC", "UTC"),
                new Expected("A-1", "0 0/15 8-18 ? * MON-FRI", "Europe/Paris", "Europe/Paris"),
                new Expected("x_y", "0 5,35 * ? * 6#3", "America/New_York", "America/New_York"),
                new Expected("last.friday", "0 15 10 ? * 6L", "Asia/Kolkata", "Asia/Kolkata"),
                new Expected("last.day", "0 15 10 L * ? 2030-2040", "+02:00", "GMT+02:00"),
                new Expected("work.day", "0 15 10 15W JAN,JUL ?", "UTC-05:30", "GMT-05:30"),
                new Expected("blanks", "0   0  3\t* *  ?", "GMT+2", "GMT+02:00"));
        try (SsmSimulator ssm = simulator()) {
            Path trust = ssm.authority().writeTo(folder.resolve("ca.pem"));
            StringBuilder yaml = new StringBuilder("sites:\n");
            for (Expected each : expected) {
                yaml.append("""
                          - name: %s
                            schedule: "%s"
                            zone: "%s"
                            ssm: { url: "%s", trust: "%s", client: { id: relay, secret: "env:SECRET" } }
                        """.formatted(each.site, each.cron.replace("\t", "\\t"), each.zone, ssm.url(), trust));
            }
            Path config = Files.createDirectories(folder.resolve("config"));
            Files.writeString(config.resolve("relay.yaml"), yaml);
            Files.writeString(
                    config.resolve("application.properties"), "relay.kafka.brokers=" + RealKafka.brokers() + "\n");
            Configuration configuration = Configuration.read(config, Map.of("SECRET", "relay-secret-1"), Map.of());
            try (Relay relay =
                    new Relay(configuration, Files.createDirectories(folder.resolve("data")), Clock.systemUTC())) {
                relay.start(Path.of("routes"), true);
                await().until(() -> due(relay).next("blanks").isBefore(Instant.MAX));
                for (Expected each : expected) {
                    CronExpression cron = new CronExpression(each.cron);
                    cron.setTimeZone(TimeZone.getTimeZone(each.quartzZone));
                    Duration jitter = Schedules.jitter(relay.sites().named(each.site));
                    Instant fires = due(relay).next(each.site).minus(jitter);
                    assertThat(cron.isSatisfiedBy(Date.from(fires)))
                            .as("%s: %s", each, fires)
                            .isTrue();
                    assertThat(cron.getNextValidTimeAfter(Date.from(fires.minus(Duration.ofMinutes(5)))))
                            .as("%s: %s", each, fires)
                            .isEqualTo(Date.from(fires));
                }
            }
        }
    }

    private static DueRuns due(Relay relay) {
        return Objects.requireNonNull(relay.camel().getRegistry().lookupByNameAndType("dueRuns", DueRuns.class));
    }

    private TempRelay scheduled(SsmSimulator ssm, Clock clock, String cron) throws Exception {
        return TempRelay.in(folder).of(ssm).clock(clock).site("schedule", cron).startScheduled();
    }

    private static SsmSimulator simulator() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        return SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
    }

    private record FinishedRun(String cause, String outcome, long from, long to) {}

    private static int all(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery("SELECT COUNT(*) FROM run")
                .mapTo(Integer.class)
                .one());
    }

    private static List<FinishedRun> finished(TempRelay relay) {
        return new ArrayList<>(relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT * FROM run WHERE finished_at IS NOT NULL ORDER BY started_at")
                .map((row, context) -> new FinishedRun(
                        row.getString("cause"),
                        row.getString("outcome"),
                        row.getLong("started_at"),
                        row.getLong("finished_at")))
                .list()));
    }
}
