package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.licenserelay.app.route.SyslogPortUnavailable;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A relay that receives the log of SSM by syslog. */
class SyslogIT extends ScenarioIT {
    @Test
    void aReceivedLogLineIsEvidenceAndProvesTheCause() throws Exception {
        int port = closedPort();
        try (SsmSimulator ssm = simulator()
                        .syslog(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .start();
                TempRelay relay = relayWithSyslog(ssm, port, "udp").startScheduled()) {
            await().until(() -> finished(relay) == 1);
            ssm.faults().set("bad-gateway");
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC4002");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.texts("/data/evidence/logs/0/lines"))
                    .anyMatch(line ->
                            line.matches("\\S+Z \\[127\\.0\\.0\\.1] <134>\\w{3} .*while connecting to upstream.*"));
            assertThat(trigger.json().at("/data/evidence/timeline"))
                    .anyMatch(line -> line.path("whose").asText().equals("failed-request"))
                    .allMatch(line -> line.path("yearFrom").asText().matches("received|line"));

            ssm.faults().clear();
            resolved(relay, trigger);
        }
    }

    @Test
    void aPortInUseStopsTheStartAndIsReportedWithItsKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SsmSimulator ssm = simulator().start();
                TempRelay relay = relayWithSyslog(ssm, taken.getLocalPort(), "tcp")) {
            assertThatThrownBy(relay::startScheduled)
                    .isInstanceOf(SyslogPortUnavailable.class)
                    .hasMessageStartingWith(
                            "log ssm in logs of site hq cannot be received: cannot open a socket on \"bind\" 127.0.0.1,"
                                    + " \"port\" " + taken.getLocalPort() + "/tcp (")
                    .hasMessageEndingWith("or set another port in the configuration");
        }
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                SsmSimulator ssm = simulator().start();
                TempRelay relay = relayWithSyslog(ssm, taken.getLocalPort(), "udp")) {
            assertThatThrownBy(relay::startScheduled)
                    .hasMessageContaining("\"port\" " + taken.getLocalPort() + "/udp (");
        }
    }

    /** The number of finished runs. A new relay starts a catch-up run at once. */
    private static int finished(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT COUNT(*) FROM run WHERE finished_at IS NOT NULL")
                .mapTo(Integer.class)
                .one());
    }

    private TempRelay relayWithSyslog(SsmSimulator ssm, int port, String protocol) throws Exception {
        Path log = Files.createDirectories(folder.resolve("received")).resolve("ssm.log");
        return relay(ssm)
                .setting("relay.events.evidence", "full")
                .site("schedule", "'0 0 0 1 1 ?'")
                .site(
                        "logs",
                        "[ { name: ssm, source: syslog, bind: 127.0.0.1, port: " + port + ", protocol: " + protocol
                                + ", path: '" + log + "' } ]");
    }
}
