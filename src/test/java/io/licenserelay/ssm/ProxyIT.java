package io.licenserelay.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.http.ConnectProxy;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The diagnosis distinguishes a failure of the proxy from a failure of SSM. */
class ProxyIT extends ScenarioIT {
    private static final String SHORT_LIMITS = "{ connect: 1s, tls: 1s, response: 1s, total: 3s }";

    @ParameterizedTest
    @ValueSource(ints = {403, 502})
    void aProxyThatRefusesIsProvenIfSsmAnswersDirectly(int status) throws Exception {
        try (SsmSimulator ssm = simulator().start();
                ConnectProxy proxy = ConnectProxy.start().answering(status);
                TempRelay relay =
                        relay(ssm).ssm("proxy", proxy.url().toString()).start()) {
            FailureEvent trigger = proven(relay);
            assertThat(trigger.because()).containsExactly("proxy.refused", "proxy.direct-works");
            assertThat(ssm.requests().count("/oauth/token")).isZero();

            proxy.answering(200);
            resolved(relay, trigger);
        }
    }

    @Test
    void aProxyThatRequiresAPasswordIsProven() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                ConnectProxy proxy = ConnectProxy.start().wanting("relay", "secret");
                TempRelay relay =
                        relay(ssm).ssm("proxy", proxy.url().toString()).start()) {
            FailureEvent trigger = proven(relay);
            assertThat(trigger.because()).containsExactly("proxy.refused", "proxy.direct-works");
        }
    }

    @Test
    void anUnreachableProxyIsTheCauseUntilAReachableOneIsConfigured() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                ConnectProxy reachable = ConnectProxy.start();
                TempRelay relay = relay(ssm)
                        .ssm("proxy", "http://localhost:" + closedPort())
                        .start()) {
            FailureEvent trigger = proven(relay);
            assertThat(trigger.because()).contains("proxy.direct-works");

            relay.ssm("proxy", reachable.url().toString()).restart();
            resolved(relay, trigger);
            assertThat(reachable.targets()).isNotEmpty();
        }
    }

    @Test
    void aProxyThatAcceptsConnectionsButDoesNotAnswerIsTheCause() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TempRelay relay = relay(ssm)
                        .ssm("proxy", "http://127.0.0.1:" + silent.getLocalPort())
                        .ssm("limits", SHORT_LIMITS)
                        .start()) {
            assertThat(proven(relay).because()).contains("proxy.direct-works");
        }
    }

    @Test
    void aProxyThatRefusesIsOnlyALikelyCauseIfTheServerIsUnreachable() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                ConnectProxy proxy = ConnectProxy.start();
                TempRelay relay =
                        relay(ssm).ssm("proxy", proxy.url().toString()).start()) {
            ssm.faults().set("refuse");
            proxy.answering(502);
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC1007");
            assertThat(trigger.confidence()).isEqualTo("likely");
            assertThat(trigger.because()).containsExactly("proxy.refused");

            ssm.faults().clear();
            proxy.answering(200);
            resolved(relay, trigger);
        }
    }

    @Test
    void anAnswerOfSsmThroughAProxyIsNotAttributedToTheProxy() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                ConnectProxy proxy = ConnectProxy.start();
                TempRelay relay =
                        relay(ssm).ssm("proxy", proxy.url().toString()).start()) {
            ssm.faults().set("bad-gateway");
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC4001");
            assertThat(trigger.others()).doesNotContain("LIC1007");

            ssm.faults().clear();
            resolved(relay, trigger);
        }
    }

    private static FailureEvent proven(TempRelay relay) throws InterruptedException {
        assertThat(relay.sync().outcome()).isEqualTo("failed");
        FailureEvent trigger = only(relay.failures());
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC1007");
        assertThat(trigger.confidence()).as("%s", trigger).isEqualTo("proven");
        assertThat(trigger.others()).as("%s", trigger).isEmpty();
        return trigger;
    }
}
