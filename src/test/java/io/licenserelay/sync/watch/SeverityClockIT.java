package io.licenserelay.sync.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeverityClockIT extends ScenarioIT {
    @Test
    void aWarningBecomesAnErrorOverTimeBetweenRuns() throws Exception {
        MovableClock clock = new MovableClock();
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm)
                        .clock(clock)
                        .setting("severity.period", "100")
                        .start()) {
            ssm.faults().set("rate-limited", "resource", "licenses");
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.text("/data/severity")).isEqualTo("warning");

            clock.forward(Duration.ofHours(73));
            await().atMost(Duration.ofMinutes(3)).until(() -> relay.failures().size() > 1);
            List<FailureEvent> events = relay.failures();
            assertThat(states(events)).containsExactly("trigger", "update");
            FailureEvent update = events.get(1);
            assertThat(update.text("/data/severity")).isEqualTo("error");
            assertThat(update.text("/data/occurrences")).isEqualTo("1");
            assertThat(update.code()).isEqualTo(trigger.code());
            assertThat(update.key()).isEqualTo(trigger.key());
            assertThat(update.json().path("causationid").asText()).isEqualTo(trigger.id());
            assertThat(Duration.between(
                            Instant.parse(update.text("/time")), Instant.parse(update.text("/data/expiresAt"))))
                    .as("three intervals of a day")
                    .isCloseTo(Duration.ofDays(3), Duration.ofMinutes(10));

            ssm.faults().clear();
            relay.sync();
            assertThat(states(relay.failures())).containsExactly("trigger", "update", "resolve");
        }
    }
}
