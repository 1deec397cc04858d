package io.licenserelay.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.ssm.SsmSimulatorBuilder;
import io.licenserelay.simulator.ssm.WrongGrant;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests with both grants prove a cause that a single refusal leaves open. */
class GrantsIT {
    private static final String SECRET = "relay-secret-1";
    private static final String PASSWORD = "operator-password-1";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "UNAUTHORIZED_CLIENT_400, oauth.password.unauthorized-client, 400",
        "UNAUTHORIZED_CLIENT_401, oauth.password.unauthorized-client, 401",
        "INVALID_CLIENT_401,      oauth.password.invalid-client,      401"
    })
    void aClientRegisteredForTheOtherGrantIsProvenForEveryErrorFormat(WrongGrant dialect, String finding, int status)
            throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client("relay", SECRET, Grant.CLIENT_CREDENTIALS)
                        .wrongGrant(dialect)
                        .start();
                TempRelay relay = TempRelay.in(folder).of(ssm).passwordGrant().start()) {
            FailureEvent trigger = failed(relay);
            assertThat(trigger.code()).isEqualTo("LIC3002");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.because()).containsExactlyInAnyOrder("oauth.client-credentials.accepted", finding);
            assertThat(trigger.text("/data/error/httpStatus")).isEqualTo(Integer.toString(status));
            assertThat(trigger.text("/data/step")).isEqualTo("token");

            ssm.client(ApiClient.of("relay", SECRET, Grant.PASSWORD));
            resolved(relay, trigger);
        }
    }

    @Test
    void invalidGrantForAClientOfTheOtherGrantLeavesTwoPossibleCauses() throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client("relay", SECRET, Grant.CLIENT_CREDENTIALS)
                        .wrongGrant(WrongGrant.INVALID_GRANT_400)
                        .start();
                TempRelay relay = TempRelay.in(folder).of(ssm).passwordGrant().start()) {
            FailureEvent trigger = failed(relay);
            assertThat(trigger.code()).isEqualTo("LIC3003");
            assertThat(trigger.confidence()).isEqualTo("likely");
            assertThat(trigger.others()).contains("LIC3002");

            ssm.client(ApiClient.of("relay", SECRET, Grant.PASSWORD));
            resolved(relay, trigger);
        }
    }

    @Test
    void aPasswordClientAtAClientCredentialsSiteIsDiagnosedAsTheWrongGrant() throws Exception {
        try (SsmSimulator ssm =
                        simulator().client("relay", SECRET, Grant.PASSWORD).start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            FailureEvent trigger = failed(relay);
            assertThat(trigger.code()).isEqualTo("LIC3002");
            assertThat(trigger.confidence()).isEqualTo("likely");
            assertThat(trigger.because()).contains("oauth.client-credentials.unauthorized-client");
            assertThat(ssm.requests().tokenRequests(Grant.PASSWORD)).isZero();
        }
    }

    @Test
    void aWrongSecretIsProvenByRefusalsOfBothGrants() throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client("relay", "regenerated", Grant.PASSWORD)
                        .start();
                TempRelay relay = TempRelay.in(folder).of(ssm).passwordGrant().start()) {
            FailureEvent trigger = failed(relay);
            assertThat(trigger.code()).isEqualTo("LIC3001");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.because())
                    .containsExactlyInAnyOrder(
                            "oauth.password.invalid-client", "oauth.client-credentials.invalid-client");

            relay.environment("SSM_CLIENT_SECRET", "regenerated");
            resolved(relay, trigger);
        }
    }

    @Test
    void aWrongSecretAtAClientCredentialsSiteIsTheFirstDiagnosis() throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client("relay", "regenerated", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            FailureEvent trigger = failed(relay);
            assertThat(trigger.code()).isEqualTo("LIC3001");
            assertThat(trigger.because()).contains("oauth.client-credentials.invalid-client");
        }
    }

    @Test
    void aWrongPasswordIsProvenIfTheClientIsRegisteredForThePasswordGrant() throws Exception {
        try (SsmSimulator ssm =
                        simulator().client("relay", SECRET, Grant.PASSWORD).start();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .passwordGrant()
                        .environment("SSM_PASSWORD", "mistyped-1")
                        .start()) {
            FailureEvent trigger = failed(relay);
            assertThat(trigger.code()).isEqualTo("LIC3003");
            assertThat(trigger.confidence()).isEqualTo("proven");
            assertThat(trigger.because())
                    .containsExactlyInAnyOrder(
                            "oauth.password.invalid-grant", "oauth.client-credentials.unauthorized-client");
            assertThat(ssm.requests().wrongPasswords()).isEqualTo(1);

            relay.environment("SSM_PASSWORD", PASSWORD);
            resolved(relay, trigger);
        }
    }

    @Test
    void aWrongPasswordAfterASuccessfulRunRulesOutTheWrongGrant() throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client("relay", SECRET, Grant.PASSWORD, Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = TempRelay.in(folder).of(ssm).passwordGrant().start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");

            ssm.revokeTokens();
            relay.environment("SSM_PASSWORD", "mistyped-1").restart();
            FailureEvent trigger = failed(relay);
            assertThat(trigger.code()).isEqualTo("LIC3003");
            assertThat(trigger.others()).isEmpty();
            assertThat(trigger.findings()).contains("oauth.password.worked-before");
            assertThat(trigger.json().at("/data/diagnosis/ruledOut")).anySatisfy(out -> assertThat(
                            out.path("code").asText() + " by " + out.path("by").asText())
                    .isEqualTo("LIC3002 by oauth.password.worked-before"));
        }
    }

    private static SsmSimulatorBuilder simulator() {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        return SsmSimulator.builder().estate(estate).user("operator", PASSWORD);
    }

    private static FailureEvent failed(TempRelay relay) throws InterruptedException {
        assertThat(relay.sync().outcome()).isEqualTo("failed");
        List<FailureEvent> failures = relay.failures();
        assertThat(failures).extracting(FailureEvent::state).containsExactly("trigger");
        return failures.get(0);
    }

    private static void resolved(TempRelay relay, FailureEvent trigger) throws InterruptedException {
        assertThat(relay.sync().outcome()).isEqualTo("complete");
        relay.sync();
        List<FailureEvent> failures = relay.failures();
        assertThat(failures).extracting(FailureEvent::state).containsExactly("trigger", "resolve");
        assertThat(failures.get(1).key()).isEqualTo(trigger.key());
        assertThat(failures.get(1).text("/causationid")).isEqualTo(trigger.id());
    }
}
