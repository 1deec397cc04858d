package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.evidence.TestSite;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.sync.run.Sites;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Several relays read one commands topic. Each relay runs its own commands, and never makes a dead letter of a command for another relay. */
class SyncCommandsTest {
    private final Sites sites =
            new Sites(List.of(TestSite.at("https://ssm.example.net:8443").site()));
    private final SyncCommands commands = new SyncCommands(
            "relay-eu", sites, site -> site.equals("of-another-node"), Duration.ZERO, Clock.systemUTC());

    @Test
    void aCommandForASiteOfThisRelayIsAccepted() throws Exception {
        assertThat(commands.read(command("{\"site\":\"hq\"}")).site()).isEqualTo("hq");
        assertThat(commands.read(command("{\"site\":\"hq\",\"relay\":\"relay-eu\"}"))
                        .site())
                .isEqualTo("hq");
    }

    @Test
    void aCommandForAnUnknownSiteIsLeftToOtherRelays() {
        assertThatThrownBy(() -> commands.read(command("{\"site\":\"lab\"}")))
                .isInstanceOf(CommandForAnotherRelay.class)
                .hasMessageContaining("no site \"lab\"");
    }

    /** Any relay of a cluster reads a command, and its owner runs it. */
    @Test
    void aCommandForASiteOfAnotherNodeIsAccepted() throws Exception {
        assertThat(commands.read(command("{\"site\":\"of-another-node\"}")).site())
                .isEqualTo("of-another-node");
    }

    @Test
    void aCommandForAnotherRelayIsIgnoredEvenIfTheSiteIsKnown() {
        assertThatThrownBy(() -> commands.read(command("{\"site\":\"hq\",\"relay\":\"relay-us\"}")))
                .isInstanceOf(CommandForAnotherRelay.class)
                .hasMessage("the command is for relay relay-us");
    }

    @Test
    void aCommandForThisRelayWithAnUnknownSiteIsADeadLetter() {
        assertThatThrownBy(() -> commands.read(command("{\"site\":\"lab\",\"relay\":\"relay-eu\"}")))
                .isInstanceOf(InvalidCommand.class)
                .hasMessageContaining("no site \"lab\"");
    }

    @Test
    void thePauseAfterACommandDoesNotDependOnTheWallClock() throws Exception {
        MovableClock clock = new MovableClock();
        AtomicLong nanos = new AtomicLong();
        SyncCommands paused = new SyncCommands(
                "relay-eu", sites, site -> site.equals("of-another-node"), Duration.ofMinutes(1), clock, nanos::get);
        paused.read(command("{\"site\":\"hq\"}"));
        clock.forward(Duration.ofDays(2));
        assertThatThrownBy(() -> paused.read(command("{\"site\":\"hq\"}")))
                .isInstanceOf(InvalidCommand.class)
                .hasMessageContaining("another command for hq was accepted at");
        clock.forward(Duration.ofDays(4).negated());
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(paused.read(command("{\"site\":\"hq\"}")).site()).isEqualTo("hq");
    }

    @Test
    void aCommandWithoutASiteIsADeadLetter() {
        assertThatThrownBy(() -> commands.read(command("{}")))
                .isInstanceOf(InvalidCommand.class)
                .hasMessage("the command names no site");
    }

    @Test
    void anEventOfAnotherTypeIsADeadLetterEvenWithAKnownSite() {
        byte[] other = new String(command("{\"site\":\"hq\"}"), StandardCharsets.UTF_8)
                .replace("sync.requested", "sync.completed")
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> commands.read(other))
                .isInstanceOf(InvalidCommand.class)
                .hasMessageContaining("sync.completed");
    }

    private static byte[] command(String data) {
        String event = "{\"specversion\":\"1.0\",\"type\":\"io.licenserelay.sync.requested.v1\",\"data\":" + data + "}";
        return event.getBytes(StandardCharsets.UTF_8);
    }
}
