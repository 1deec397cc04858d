package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateAccount;
import io.licenserelay.simulator.estate.EstateVa;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.ssm.SsmSimulatorBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The common setup of pull scenarios: an account with one virtual account and two licenses. */
public abstract class ScenarioIT {
    @TempDir
    protected Path folder;

    protected final Estate estate = Estate.of();
    protected final EstateAccount acme = estate.account("ACME");
    protected final EstateVa va = acme.va("Default")
            .license("DNA Advantage", 10, 4, "In Compliance")
            .license("DNA Essentials", 5, 1, "In Compliance");

    protected final SsmSimulatorBuilder simulator() {
        return SsmSimulator.builder().estate(estate).client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS);
    }

    protected final TempRelay relay(SsmSimulator ssm) throws Exception {
        return TempRelay.in(folder).of(ssm);
    }

    protected static FailureEvent only(List<FailureEvent> events) {
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    /** Asserts that the next run succeeds and resolves the only incident, and that the run after it publishes no further event. */
    protected static void resolved(TempRelay relay, FailureEvent trigger) throws InterruptedException {
        SyncResult recovered = relay.sync();
        assertThat(recovered.outcome()).as("%s", relay.failures()).isEqualTo("complete");
        assertThat(recovered.incidents()).isEmpty();
        relay.sync();
        List<FailureEvent> events = relay.failures();
        assertThat(states(events)).containsExactly("trigger", "resolve");
        assertThat(events.get(1).key()).isEqualTo(trigger.key());
        assertThat(events.get(1).text("/causationid")).isEqualTo(trigger.id());
    }

    protected static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    protected static List<String> states(List<FailureEvent> events) {
        return events.stream().map(FailureEvent::state).toList();
    }
}
