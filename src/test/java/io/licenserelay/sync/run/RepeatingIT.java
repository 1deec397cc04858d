package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.fixture.SharedRelay.Sites;
import io.licenserelay.fixture.SsmSite;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay retries a request as the server asks. A request that the circuit breaker rejects fails. */
class RepeatingIT {
    private static final String LICENSES = "/api/v1/accounts/ACME/licenses";

    @RegisterExtension
    static final SharedRelay<SsmSite> RELAY = SsmSite.shared();

    private SsmSite site;

    @BeforeEach
    void take(SsmSite own) {
        site = own;
    }

    @Sites(2)
    @ParameterizedTest
    @ValueSource(strings = {"rate-limited", "unavailable"})
    void theRetryAfterOfTheServerIsRespected(String fault) throws Exception {
        site.ssm().faults().set(fault, "resource", "licenses", "retry-after", 1, "times", 1);
        SyncResult run = site.relay().sync();
        assertThat(run.outcome()).isEqualTo("complete");
        assertThat(run.seconds()).isGreaterThan(1.0);
        assertThat(site.ssm().requests().count(LICENSES)).isEqualTo(2);
    }

    @Test
    void aTooLongRetryAfterEndsTheRequest() throws Exception {
        site.ssm().faults().set("rate-limited", "resource", "licenses", "retry-after", 3600);
        assertThat(site.relay().sync().outcome()).isEqualTo("failed");
        assertThat(site.ssm().requests().count(LICENSES)).isEqualTo(1);
        assertThat(onlyFailure().code()).isEqualTo("LIC4003");
    }

    @Sites(3)
    @ParameterizedTest
    @ValueSource(strings = {"unavailable", "reset", "server-error"})
    void aFaultThatEndsWithinThreeAttemptsIsNotAFailure(String fault) throws Exception {
        site.ssm().faults().set(fault, "resource", "token", "times", 1);
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");
        site.ssm().faults().clear().set(fault, "resource", "subscriptions", "times", 2);
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");
        assertThat(site.relay().failures()).isEmpty();
    }

    @Test
    void aRejectedRequestIsNotRetried() throws Exception {
        site.ssm().faults().set("forbidden", "resource", "licenses", "times", 1);
        assertThat(site.relay().sync().outcome()).isEqualTo("failed");
        assertThat(site.ssm().requests().count(LICENSES)).isEqualTo(1);
    }

    @Test
    void anOpenBreakerFailsRequestsUntilTheNextRun() throws Exception {
        for (int i = 0; i < 40; i++) {
            site.estate().account("ACME").va("VA " + i).license("DNA Advantage", 1, 0, "In Compliance");
        }
        site.ssm().faults().set("server-error", "resource", "licenses");
        assertThat(site.relay().sync().outcome()).isEqualTo("failed");
        assertThat(site.ssm().requests().count(LICENSES)).isLessThan(60);
        assertThat(site.relay().inventory()).isEmpty();
        FailureEvent trigger = onlyFailure();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC4004");
        assertThat(trigger.texts("/data/virtualAccounts")).hasSize(41);
        site.ssm().faults().clear();
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");
    }

    private FailureEvent onlyFailure() throws InterruptedException {
        List<FailureEvent> failures = site.relay().failures();
        assertThat(failures).hasSize(1);
        return failures.get(0);
    }
}
