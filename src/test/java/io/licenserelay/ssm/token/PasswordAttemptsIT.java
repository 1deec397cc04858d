package io.licenserelay.ssm.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.Rows;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import io.licenserelay.sync.run.SyncRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A user's password is sent once, whatever the server answers and however many scheduled runs follow. */
class PasswordAttemptsIT extends ScenarioIT {
    private static final int RUNS = 10;

    static Stream<Arguments> faults() {
        return Rows.first(
                4,
                Stream.of(
                        arguments("token-error status=401 error=invalid_client", "LIC3001"),
                        arguments("status status=401 body=", "LIC3001"),
                        arguments("html-token", "LIC4005"),
                        arguments("unavailable", "LIC4001"),
                        arguments("token-error status=400 error=invalid_grant", "LIC3003"),
                        arguments("status status=401 body={\"error\":\"Your_account_is_locked.\"}", "LIC3001"),
                        arguments("status status=403 body=", "LIC3009"),
                        arguments("rate-limited", "LIC4003"),
                        arguments("server-error", "LIC4004"),
                        arguments("bad-gateway", "LIC4001"),
                        arguments("status status=500 body={\"status\":500,\"error\":\"Internal\"}", "LIC4004"),
                        arguments("stall", "LIC4001")));
    }

    @Tag("deep")
    @ParameterizedTest
    @MethodSource("faults")
    void tenScheduledRunsSendOnePasswordAndTheFirstRunAfterTheFixGetsAToken(String fault, String code)
            throws Exception {
        try (SsmSimulator ssm = passwordSimulator("operator-password-1");
                TempRelay relay = relay(ssm)
                        .passwordGrant()
                        .ssm("limits", "{ connect: 10s, tls: 10s, response: 1s, total: 60s }")
                        .start()) {
            String[] words = fault.split(" ");
            Stream<String> parameters = Arrays.stream(words).skip(1).flatMap(each -> Stream.of(each.split("=", 2)));
            ssm.faults()
                    .set(
                            words[0],
                            Stream.concat(Stream.of("resource", "token"), parameters)
                                    .toArray());
            for (int run = 0; run < RUNS; run++) {
                assertThat(relay.scheduledSync().outcome()).isEqualTo("failed");
            }
            int sent = sent(ssm);
            ssm.faults().clear();
            String next = relay.scheduledSync().outcome();
            System.out.printf("PasswordAttemptsIT: %s: %d attempt(s) in %d runs, then %s%n", fault, sent, RUNS, next);
            assertThat(sent).isEqualTo(1);
            assertThat(next).isEqualTo("complete");
            assertThat(relay.failures().get(0).code())
                    .as("%s", relay.failures().get(0))
                    .isEqualTo(code);
        }
    }

    @Test
    void aClientOfTheOtherGrantReceivesOnePasswordUntilItIsRegisteredForThePasswordGrant() throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client(ApiClient.of("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS))
                        .user("operator", "operator-password-1")
                        .start();
                TempRelay relay = relay(ssm).passwordGrant().start()) {
            for (int run = 0; run < RUNS; run++) {
                relay.scheduledSync();
            }
            assertThat(sent(ssm)).isEqualTo(1);
            ssm.client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD));
            assertThat(relay.scheduledSync().outcome()).isEqualTo("complete");
            assertThat(sent(ssm)).isEqualTo(2);
        }
    }

    @Test
    void aKafkaCommandDoesNotLiftARefusalAndAnOperatorsSyncDoes() throws Exception {
        try (SsmSimulator ssm = passwordSimulator("another-password");
                TempRelay relay = relay(ssm).passwordGrant().start()) {
            relay.scheduledSync();
            relay.relay().sync(SyncRequest.of("hq", SyncRequest.Cause.COMMAND));
            assertThat(sent(ssm)).isEqualTo(1);
            relay.sync();
            assertThat(sent(ssm)).isEqualTo(2);
        }
    }

    @Test
    void aLongOutageSendsOnePasswordPerDay() throws Exception {
        MovableClock clock = new MovableClock();
        try (SsmSimulator ssm = passwordSimulator("operator-password-1");
                TempRelay relay = relay(ssm).passwordGrant().clock(clock).start()) {
            ssm.faults().set("server-error", "resource", "token");
            relay.scheduledSync();
            clock.forward(Duration.ofHours(23));
            relay.scheduledSync();
            assertThat(sent(ssm)).isEqualTo(1);
            clock.forward(Duration.ofHours(2));
            relay.scheduledSync();
            relay.scheduledSync();
            assertThat(sent(ssm)).isEqualTo(2);
        }
    }

    @Test
    void manyPlacesThatAnswer401CauseTwoPasswordsInOneRun() throws Exception {
        for (int number = 0; number < 60; number++) {
            acme.va("VA " + number).license("DNA Advantage", 1, 0, "In Compliance");
        }
        try (SsmSimulator ssm = passwordSimulator("operator-password-1");
                TempRelay relay = relay(ssm).passwordGrant().start()) {
            ssm.faults().set("status", "resource", "licenses", "status", 401, "body", "");
            relay.scheduledSync();
            assertThat(sent(ssm)).isEqualTo(2);
        }
    }

    @Test
    void anEndpointUnderTheOtherPathIsFoundWithoutThePassword() throws Exception {
        try (SsmSimulator ssm = passwordSimulator("operator-password-1");
                TempRelay relay = relay(ssm).passwordGrant().start()) {
            ssm.faults().set("not-found", "resource", "token", "times", 1);
            assertThat(relay.scheduledSync().outcome()).isEqualTo("complete");
            assertThat(sent(ssm)).isEqualTo(1);
        }
    }

    @Test
    void aRequestThatWasNeverSentIsNotAnAttempt() throws Exception {
        try (SsmSimulator ssm = passwordSimulator("operator-password-1");
                TempRelay relay = relay(ssm).passwordGrant().start()) {
            ssm.faults().set("refuse");
            relay.scheduledSync();
            ssm.faults().clear();
            assertThat(relay.scheduledSync().outcome()).isEqualTo("complete");
            assertThat(sent(ssm)).isEqualTo(1);
        }
    }

    @Test
    void onlySitesWithTheSameUserClientAndServerShareARefusal() throws Exception {
        Path config = Files.createDirectories(folder.resolve("two"));
        Files.writeString(config.resolve("relay.yaml"), """
                sites:
                  - { name: a, ssm: { url: "https://ssm.example.net", grant: password, client: { id: c, secret: env:S }, user: { name: u, password: env:S } } }
                  - { name: b, ssm: { url: "https://ssm.example.net", grant: password, client: { id: c, secret: env:S }, user: { name: u, password: env:S } } }
                  - { name: d, ssm: { url: "https://ssm.example.net", grant: password, client: { id: c, secret: env:S }, user: { name: v, password: env:S } } }
                """);
        var sites = Configuration.read(config, Map.of("S", "x"), Map.of()).sites();
        String first = PasswordAttempts.credential("ssm", sites.get(0)).name();
        assertThat(PasswordAttempts.credential("ssm", sites.get(1)).name()).isEqualTo(first);
        assertThat(PasswordAttempts.credential("ssm", sites.get(2)).name()).isNotEqualTo(first);
    }

    /** The number of requests with the user's password, including those that a fault answered. */
    private static int sent(SsmSimulator ssm) {
        return (int) ssm.requests().newest().stream()
                .filter(each ->
                        each.path().endsWith("/oauth/token") && each.body().contains("grant_type=password"))
                .count();
    }

    private SsmSimulator passwordSimulator(String password) throws Exception {
        return simulator()
                .client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD))
                .user("operator", password)
                .start();
    }
}
