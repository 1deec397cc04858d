package io.licenserelay.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class ConnectProxyIT {
    @Test
    void theProxyTunnelsTlsUntilItRefuses() throws Exception {
        try (ConnectProxy proxy = ConnectProxy.start();
                SsmSimulator ssm = SsmSimulator.builder().start()) {
            assertThat(statusThrough(proxy, ssm)).isEqualTo(404);
            assertThat(proxy.targets()).containsExactly("localhost:" + ssm.port());

            proxy.answering(502);
            assertThatThrownBy(() -> statusThrough(proxy, ssm))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("502");
        }
    }

    @Test
    void theProxyAnswers407WithoutCredentials() throws Exception {
        try (ConnectProxy proxy = ConnectProxy.start().wanting("user", "password");
                SsmSimulator ssm = SsmSimulator.builder().start()) {
            assertThat(statusThrough(proxy, ssm)).isEqualTo(407);
            assertThat(ssm.requests().total()).isZero();
        }
    }

    private static int statusThrough(ConnectProxy proxy, SsmSimulator ssm) throws Exception {
        InetSocketAddress address =
                new InetSocketAddress(proxy.url().getHost(), proxy.url().getPort());
        HttpClient client = HttpClient.newBuilder()
                .proxy(ProxySelector.of(address))
                .sslContext(ssm.authority().trusting())
                .build();
        HttpRequest request = HttpRequest.newBuilder(ssm.url()).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
