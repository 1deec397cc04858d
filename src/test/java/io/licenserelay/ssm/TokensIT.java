package io.licenserelay.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.http.RecordedRequest;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import io.licenserelay.sync.run.SyncResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens are requested as rarely as possible, and secrets are sent unchanged. */
class TokensIT extends ScenarioIT {
    private static final String ODD = " +/=&%{}%20{{x}}\"'<ä ö ü ß> #?; ";

    @Test
    void concurrentRequestsWithARejectedTokenShareOneNewToken() throws Exception {
        for (int i = 0; i < 16; i++) {
            acme.va("VA " + i).license("DNA Advantage", 1, 0, "In Compliance");
        }
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).site("parallel", "8").start()) {
            ssm.faults().set("latency", "resource", "licenses", "millis", 700, "times", 8);
            CompletableFuture<SyncResult> run = CompletableFuture.supplyAsync(() -> synced(relay));
            await().pollInterval(Duration.ofMillis(5)).until(() -> licenseRequests(ssm) >= 8);
            ssm.revokeTokens();
            assertThat(run.join().outcome()).isEqualTo("complete");
            assertThat(run.join().virtualAccounts()).isEqualTo(17);
            assertThat(ssm.requests().tokenRequests(Grant.CLIENT_CREDENTIALS)).isEqualTo(2);
        }
    }

    @Test
    void aTokenIsUsedUntilShortlyBeforeItExpires() throws Exception {
        ShiftedClock clock = new ShiftedClock();
        try (SsmSimulator ssm = simulator().tokenLifetime(Duration.ofHours(2)).start();
                TempRelay relay = relay(ssm).clock(clock).start()) {
            relay.sync();
            clock.pass(Duration.ofMinutes(118));
            relay.sync();
            assertThat(ssm.requests().tokenRequests(Grant.CLIENT_CREDENTIALS)).isEqualTo(1);
            clock.pass(Duration.ofSeconds(90));
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(ssm.requests().tokenRequests(Grant.CLIENT_CREDENTIALS)).isEqualTo(2);
        }
    }

    @Test
    void aTokenWithoutAnExpiryIsUsedUntilItIsRejected() throws Exception {
        ShiftedClock clock = new ShiftedClock();
        try (SsmSimulator ssm = simulator().withoutExpiresIn().start();
                TempRelay relay = relay(ssm).clock(clock).start()) {
            relay.sync();
            clock.pass(Duration.ofDays(2));
            relay.sync();
            assertThat(ssm.requests().tokenRequests(Grant.CLIENT_CREDENTIALS)).isEqualTo(1);
            ssm.revokeTokens();
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(ssm.requests().tokenRequests(Grant.CLIENT_CREDENTIALS)).isEqualTo(2);
        }
    }

    @Test
    void aRequestFailsIfItsRenewedTokenIsRejectedToo() throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD))
                        .user("operator", "operator-password-1")
                        .start();
                TempRelay relay = relay(ssm).passwordGrant().start()) {
            ssm.faults().set("token-refused");
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC3005");
            assertThat(trigger.because()).containsExactly("http.unauthorized");
            assertThat(ssm.requests().tokenRequests(Grant.PASSWORD)).isEqualTo(2);
            assertThat(ssm.requests().count("/api/v1/upstream_satellites/accounts"))
                    .isEqualTo(2);
        }
    }

    /** The second refused request must not renew again: SSM would grant a token for each of thousands of requests. */
    @ParameterizedTest
    @EnumSource(Grant.class)
    void severalRefusedRequestsOfARunRenewItsTokenOnce(Grant grant) throws Exception {
        for (int i = 0; i < 4; i++) {
            acme.va("VA " + i).license("DNA Advantage", 1, 0, "In Compliance");
        }
        try (SsmSimulator ssm = simulator()
                        .client(ApiClient.of("relay", "relay-secret-1", grant))
                        .user("operator", "operator-password-1")
                        .start();
                TempRelay relay = relay(ssm).site("parallel", "1")) {
            if (grant == Grant.PASSWORD) {
                relay.passwordGrant();
            }
            relay.start();
            ssm.faults().set("token-refused", "resource", "licenses");
            relay.sync();
            assertThat(licenseRequests(ssm)).isGreaterThan(4);
            // The probe requests one token too, but never with a password.
            int ofProbe = grant == Grant.CLIENT_CREDENTIALS ? 1 : 0;
            assertThat(ssm.requests().tokenRequests(grant)).isEqualTo(2 + ofProbe);
        }
    }

    @Test
    void tokensThatExpireDuringARunAreRenewedAndTheRunIsComplete() throws Exception {
        for (int i = 0; i < 4; i++) {
            acme.va("VA " + i).license("DNA Advantage", 1, 0, "In Compliance");
        }
        try (SsmSimulator ssm = simulator().tokenLifetime(Duration.ofSeconds(2)).start();
                TempRelay relay = relay(ssm).site("parallel", "1").start()) {
            ssm.faults().set("latency", "resource", "licenses", "millis", 700);
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(relay.failures()).isEmpty();
            assertThat(ssm.requests().tokenRequests(Grant.CLIENT_CREDENTIALS)).isGreaterThan(1);
        }
    }

    @Test
    void aTokenThatExpiresBeforeItsRequestIsServedIsReportedAsExpired() throws Exception {
        try (SsmSimulator ssm = simulator().tokenLifetime(Duration.ofSeconds(1)).start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("latency", "resource", "licenses", "millis", 1500);
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code() + " " + trigger.confidence()).isEqualTo("LIC3010 proven");
            assertThat(trigger.because()).containsExactly("http.token-expired");
            assertThat(trigger.others()).doesNotContain("LIC3005");
            assertThat(trigger.text("/data/step")).isEqualTo("licenses");
        }
    }

    @Test
    void aRunWithARejectedTokenThatIsNotRenewedReleasesItsConnections() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).site("parallel", "1").start()) {
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            // The site has two connections. A leak of one connection per run would use up both.
            for (int run = 0; run < 3; run++) {
                ssm.revokeTokens();
                ssm.faults().set("unavailable", "resource", "token");
                relay.sync();
                ssm.faults().clear();
                assertThat(relay.sync().outcome()).as("after run %d", run).isEqualTo("complete");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Grant.class)
    void secretsWithAnyCharactersArriveUnchangedAndNeverInAQuery(Grant grant) throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client("relay", ODD, grant)
                        .user("operator", ODD + "2")
                        .start();
                TempRelay relay = relay(ssm)) {
            if (grant == Grant.PASSWORD) {
                relay.passwordGrant().environment("SSM_PASSWORD", ODD + "2");
            }
            relay.environment("SSM_CLIENT_SECRET", ODD).start();
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(ssm.requests().newest())
                    .extracting(RecordedRequest::query)
                    .containsOnlyNulls();
        }
    }

    @Test
    void theTokenEndpointIsFoundUnderTheOtherPrefix() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("not-found", "resource", "token", "times", 1);
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(ssm.requests().count("/oauth/token")).isEqualTo(1);
            assertThat(ssm.requests().count("/backend/oauth/token")).isEqualTo(1);
            ssm.revokeTokens();
            relay.sync();
            assertThat(ssm.requests().count("/oauth/token")).isEqualTo(1);
        }
    }

    @Test
    void aRejectedPasswordIsNotSentAgainUntilItChangesOrAnOperatorRequestsIt() throws Exception {
        try (SsmSimulator ssm = simulator()
                        .client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD))
                        .user("operator", "changed-password")
                        .start();
                TempRelay relay = relay(ssm).passwordGrant().start()) {
            relay.scheduledSync();
            relay.scheduledSync();
            relay.restart();
            relay.scheduledSync();
            assertThat(ssm.requests().wrongPasswords()).isEqualTo(1);
            assertThat(relay.failures()).extracting(FailureEvent::code).containsOnly("LIC3003");
            relay.sync();
            assertThat(ssm.requests().wrongPasswords()).isEqualTo(2);
            relay.scheduledSync();
            assertThat(ssm.requests().wrongPasswords()).isEqualTo(2);
            relay.environment("SSM_PASSWORD", "changed-password");
            assertThat(relay.scheduledSync().outcome()).isEqualTo("complete");
        }
    }

    private static SyncResult synced(TempRelay relay) {
        try {
            return relay.sync();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int licenseRequests(SsmSimulator ssm) {
        return ssm.requests().count("/api/v1/accounts/ACME/licenses");
    }

    /** The system clock plus an offset that the test sets. */
    private static final class ShiftedClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        void pass(Duration time) {
            ahead = ahead.plus(time);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
