package io.licenserelay.simulator.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.estate.Estate;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Variants of paths and parameters that the simulator accepts. */
@SuppressWarnings("NullAway.Init") // set by start()
class SimulatorPathsIT {
    private SsmSimulator ssm;
    private Https https;

    @BeforeEach
    void start() throws Exception {
        ssm = SsmSimulator.builder()
                .estate(Estate.of().account("acme.local").va("Default").estate())
                .client("id", "secret", Grant.CLIENT_CREDENTIALS)
                .start();
        https = new Https(ssm);
    }

    @AfterEach
    void stop() throws Exception {
        ssm.close();
    }

    @Test
    void aPathWithTwoLeadingSlashesIsAccepted() throws Exception {
        String path = ssm.url() + "//api/v1/accounts/acme.local/virtual-accounts";
        assertThat(https.get(path, "Authorization", "Bearer " + https.token("id", "secret"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theOlderTokenPathOfCssmIsAccepted() throws Exception {
        assertThat(https.form(
                                "/as/token.oauth2",
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                "id",
                                "client_secret",
                                "secret")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theParametersOfAFaultCanBeInTheQuery() throws Exception {
        int status = https.send(https.request("/simulator/faults/latency?millis=1&resource=licenses")
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build())
                .statusCode();
        assertThat(status).isEqualTo(200);
        assertThat(ssm.faults().active()).containsEntry("latency", Map.of("millis", "1", "resource", "licenses"));
        assertThat(https.send(https.request("/simulator/faults/latency?milis=1")
                                .PUT(HttpRequest.BodyPublishers.noBody())
                                .build())
                        .statusCode())
                .isEqualTo(400);
    }
}
