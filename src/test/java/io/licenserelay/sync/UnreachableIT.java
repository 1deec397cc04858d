package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.sync.run.ScenarioIT;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An unreachable server is diagnosed by its cause, from the first run on. */
class UnreachableIT extends ScenarioIT {
    @Test
    void anUnknownHostNameIsDiagnosed() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm)
                        .ssm("url", "https://no-such-host.invalid:8443")
                        .start()) {
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC1001");
            assertThat(trigger.because()).contains("dns.nxdomain");
            assertThat(trigger.text("/data/node")).isEqualTo("no-such-host.invalid");

            relay.ssm("url", ssm.url().toString()).restart();
            resolved(relay, trigger);
        }
    }

    @Test
    void aClosedPortIsDiagnosed() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm)
                        .ssm("url", "https://localhost:" + closedPort())
                        .start()) {
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC1003");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.because()).containsExactly("tcp.refused");

            relay.ssm("url", ssm.url().toString()).restart();
            resolved(relay, trigger);
        }
    }

    @Test
    void theCertificateOfAnotherCaIsDiagnosed() throws Exception {
        Path other = CertificateAuthority.create("Another CA").writeTo(folder.resolve("other.pem"));
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).ssm("trust", other.toString()).start()) {
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC2001");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.because()).containsExactly("tls.untrusted");
            assertThat(ssm.requests().total()).isZero();

            ssm.authority().writeTo(other);
            resolved(relay, trigger);
        }
    }

    @Test
    void aChangedPinnedCertificateIsCriticalUntilItIsRestored() throws Exception {
        try (SsmSimulator ssm = simulator().start()) {
            Path pinned = Files.writeString(
                    folder.resolve("pinned.pem"), ssm.certificate().pem());
            try (TempRelay relay = relay(ssm).ssm("trust", pinned.toString()).start()) {
                assertThat(relay.sync().outcome()).isEqualTo("complete");
                int requestCount = ssm.requests().total();
                ssm.faults().set("renewed-cert");
                assertThat(relay.sync().outcome()).isEqualTo("failed");
                FailureEvent trigger = only(relay.failures());
                assertThat(trigger.code()).isEqualTo("LIC2004");
                assertThat(trigger.confidence()).isEqualTo("proven");
                assertThat(trigger.because()).containsExactly("tls.pin-changed");
                assertThat(trigger.others()).isEmpty();
                assertThat(trigger.text("/data/severity")).isEqualTo("critical");
                assertThat(ssm.requests().total()).isEqualTo(requestCount);

                ssm.faults().clear();
                resolved(relay, trigger);
            }
        }
    }

    @Test
    void aFilteredPortIsDiagnosedUntilItAnswers() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (SsmSimulator ssm = simulator().start();
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TempRelay relay = relay(ssm)
                        .ssm("url", "https://localhost:" + full.getLocalPort())
                        .ssm("limits", "{ connect: 300ms, tls: 2s, response: 5s, total: 20s }")
                        .start()) {
            fill(full, waiting);
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC1004");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.because()).containsExactlyInAnyOrder("tcp.timeout", "dns.resolved");
            assertThat(trigger.others()).isEmpty();

            full.close();
            try (SsmSimulator open = simulator()
                    .authority(ssm.authority())
                    .port(full.getLocalPort())
                    .start()) {
                assertThat(open.port()).isEqualTo(full.getLocalPort());
                resolved(relay, trigger);
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void aContinuingIncidentIsUpdatedWithItsCurrentCause() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            for (String fault : new String[] {"refuse", "bad-gateway", "other-cert"}) {
                ssm.faults().clear().set(fault);
                relay.sync();
            }
            ssm.faults().clear();
            relay.sync();
            var events = relay.failures();
            assertThat(states(events)).containsExactly("trigger", "update", "update", "resolve");
            assertThat(events.subList(0, 3))
                    .extracting(FailureEvent::code)
                    .containsExactly("LIC1003", "LIC4001", "LIC2001");
            assertThat(events).extracting(FailureEvent::key).containsOnly("license-relay/hq/pull");
            assertThat(events.subList(1, 4))
                    .extracting(event -> event.text("/causationid"))
                    .containsOnly(events.get(0).id());
        }
    }

    /** Linux drops the first packet of a connection beyond the backlog. */
    private static void fill(ServerSocket server, List<Socket> waiting) throws Exception {
        for (int i = 0; i < 16; i++) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new AssertionError("the backlog has no limit");
    }
}
