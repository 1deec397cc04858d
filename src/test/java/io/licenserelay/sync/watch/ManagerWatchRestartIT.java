package io.licenserelay.sync.watch;

import static io.licenserelay.fixture.ManagerAndRelay.MANAGER_SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.ManagerAndRelay;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The relay keeps the known state of an SD-WAN Manager across a restart. */
class ManagerWatchRestartIT {
    @RegisterExtension
    final ManagerAndRelay servers = new ManagerAndRelay();

    @Test
    void anIncidentSendsThePasswordOfTheManagersUserOnce() throws Exception {
        servers.start();
        servers.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        servers.syncAndWatch();
        int passwordsSent = servers.passwords();
        assertThat(passwordsSent)
                .as("one attempt of the Manager and one of the relay")
                .isEqualTo(2);
        servers.watch();
        servers.relay().restart();
        servers.watch();
        assertThat(servers.passwords()).isEqualTo(passwordsSent);
        List<FailureEvent> events = servers.relay().failures();
        assertThat(events).extracting(FailureEvent::state).containsExactly("trigger");
        assertThat(events).extracting(FailureEvent::code).containsOnly("LIC3002");
        assertThat(events).extracting(FailureEvent::confidence).containsOnly("proven");
    }

    @Test
    void aRejectedLoginIsNotRepeatedUntilThePasswordChanges() throws Exception {
        servers.manager().user("watcher", "another-password-1");
        servers.start();
        servers.watch();
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC7002");
        assertThat(trigger.confidence()).isEqualTo("proven");
        servers.watch();
        servers.relay().restart();
        servers.watch();
        assertThat(servers.manager().requests().wrongPasswords()).isEqualTo(1);
        assertThat(servers.relay().failures()).extracting(FailureEvent::code).containsOnly("LIC7002");

        servers.ourPassword("another-password-1");
        servers.resolved(trigger);
    }

    @Test
    void theManagersLogIsStoredWithoutOverlapAndSecrets() throws Exception {
        servers.start();
        servers.manager().chatters(10);
        servers.watch();
        servers.manager().chatters(3_000).logs("token for admin: client_secret=" + MANAGER_SECRET);
        servers.watch();
        servers.relay().restart();
        servers.watch();
        servers.manager().chatters(5);
        servers.watch();
        List<String> lines = Files.readAllLines(servers.log());
        assertThat(lines.stream().filter(line -> line.contains("[DeviceStatsCollector]")))
                .hasSize(3_015);
        assertThat(String.join("\n", lines)).doesNotContain(MANAGER_SECRET).doesNotContain("-- license-relay");
    }
}
