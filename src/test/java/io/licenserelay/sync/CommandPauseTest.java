package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pause between commands that several relays accept. */
class CommandPauseTest {
    private static final String ACCEPTED = "accepted";

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private final CommandPause first = new CommandPause(Duration.ofMinutes(1), clock);
    private final CommandPause second = new CommandPause(Duration.ofMinutes(1), clock);
    private Database database;

    @BeforeEach
    void open() throws Exception {
        database = TestStore.current().open(folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aCommandThatAnyRelayAcceptedBeginsThePauseOfItsSite() {
        assertThat(require(first, "hq", "0")).isEqualTo(ACCEPTED);
        clock.forward(Duration.ofSeconds(30));
        assertThat(require(second, "hq", "1"))
                .startsWith("another command for hq was accepted at ")
                .endsWith("; at most one command per 60 s is allowed (relay.commands.pause)");
        assertThat(require(second, "branch", "2")).isEqualTo(ACCEPTED);
        clock.forward(Duration.ofSeconds(30));
        assertThat(require(second, "hq", "3")).as("a refused one begins none").isEqualTo(ACCEPTED);
        assertThat(require(first, "hq", "4")).startsWith("another command for hq");
    }

    @Test
    void anAcceptedRecordThatKafkaDeliversAgainToAnotherRelayIsNotRefused() {
        assertThat(require(first, "hq", "0")).isEqualTo(ACCEPTED);
        clock.forward(Duration.ofSeconds(30));
        assertThat(require(second, "hq", "0")).isEqualTo(ACCEPTED);
        clock.forward(Duration.ofSeconds(30));
        assertThat(require(second, "hq", "1")).isEqualTo(ACCEPTED);
    }

    @Test
    void aClockThatWasSetBackDoesNotProlongThePause() {
        assertThat(require(first, "hq", "0")).isEqualTo(ACCEPTED);
        clock.forward(Duration.ofDays(-1));
        assertThat(require(first, "hq", "1")).isEqualTo(ACCEPTED);
    }

    @Test
    void ofManySimultaneousCommandsOneIsAccepted() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String offset = Integer.toString(i);
                CommandPause relay = i % 2 == 0 ? first : second;
                results.add(threads.submit(() -> require(relay, "hq", offset)));
            }
            int accepted = 0;
            for (Future<String> each : results) {
                accepted += each.get().equals(ACCEPTED) ? 1 : 0;
            }
            assertThat(accepted).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private String require(CommandPause pause, String site, String offset) {
        return database.submit(tx -> {
            try {
                pause.require(tx, site, "commands/0", offset);
                return ACCEPTED;
            } catch (InvalidCommand refused) {
                return String.valueOf(refused.getMessage());
            }
        });
    }
}
