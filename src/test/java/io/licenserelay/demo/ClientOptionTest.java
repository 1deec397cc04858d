package io.licenserelay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.ssm.ApiClient;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientOptionTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("SECRET", "s3cret");

    @Test
    void theSecretComesFromTheEnvironmentVariable() {
        ApiClient client = ClientOption.parse("relay:env:SECRET", ENVIRONMENT);
        assertThat(client.secret()).isEqualTo("s3cret");
        assertThat(client.grants()).containsExactly(Grant.CLIENT_CREDENTIALS);
        assertThat(ClientOption.parse("relay:env:SECRET:password", ENVIRONMENT).grants())
                .containsExactly(Grant.PASSWORD);
    }

    @Test
    void aSecretOnTheCommandLineIsRejectedAndNotRepeatedInTheMessage() {
        assertThatThrownBy(() -> ClientOption.parse("relay:hunter2", ENVIRONMENT))
                .hasMessage("the client has the wrong form; write ID:env:NAME or ID:env:NAME:password");
        assertThatThrownBy(() -> ClientOption.parse("relay:env:NONE", ENVIRONMENT))
                .hasMessage("the variable NONE of client relay is not set");
        assertThatThrownBy(() -> ClientOption.parse("relay:env:SECRET:x", ENVIRONMENT))
                .hasMessageContaining("unknown grant \"x\"");
    }
}
