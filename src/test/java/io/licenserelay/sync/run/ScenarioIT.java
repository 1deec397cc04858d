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

/** What the scenarios of a pull have in common: an account of one virtual account with two licenses. */
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

    /** The next run is well and resolves the only incident there is; the one after it says nothing more. */
    protected static void resolved(TempRelay relay, FailureEvent trigger) throws InterruptedException {
        SyncResult good = relay.sync();
        assertThat(good.outcome()).as("%s", relay.failures()).isEqualTo("complete");
        assertThat(good.incidents()).isEmpty();
        relay.sync();
        List<FailureEvent> told = relay.failures();
        assertThat(states(told)).containsExactly("trigger", "resolve");
        assertThat(told.get(1).key()).isEqualTo(trigger.key());
        assertThat(told.get(1).text("/causationid")).isEqualTo(trigger.id());
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
