package io.licenserelay.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.ManagerAndRelay;
import io.licenserelay.fixture.ManagerAndRelay.Configured;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.fixture.SharedRelay.Sites;
import io.licenserelay.sync.run.SyncRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often the relay sends its user's password to the Manager, for each kind of answer. */
class ManagerLoginIT {
    private static final int INSPECTIONS = 10;

    @RegisterExtension
    static final SharedRelay<ManagerAndRelay> RELAY = ManagerAndRelay.shared();

    private ManagerAndRelay servers;

    @BeforeEach
    void setUp(ManagerAndRelay site) {
        servers = site;
    }

    @Sites(4)
    @ParameterizedTest
    @ValueSource(strings = {"unavailable", "server-error", "bad-gateway", "not-found"})
    void tenInspectionsDuringALoginOutageSendAtMostFourPasswordsAndDetectItsEnd(String fault) throws Exception {
        servers.watch();
        int before = pathsWithPassword().size();
        servers.manager().faults().set(fault, "resource", "login");
        for (int inspection = 0; inspection < INSPECTIONS; inspection++) {
            servers.watch();
            servers.later(Duration.ofMinutes(15));
        }
        int passwords = pathsWithPassword().size() - before;
        System.out.printf("ManagerLoginIT: %s: %d password(s) in %d inspections%n", fault, passwords, INSPECTIONS);
        assertThat(passwords).isBetween(1, 4);
        FailureEvent trigger = servers.relay().failures().get(0);
        servers.manager().faults().clear();
        servers.later(Duration.ofHours(6));
        servers.resolved(trigger);
    }

    @Test
    void aManagerThatAnswersEveryRequestWithAnErrorReceivesNoPassword() throws Exception {
        servers.manager().faults().set("bad-gateway");
        for (int inspection = 0; inspection < INSPECTIONS; inspection++) {
            servers.watch();
            servers.later(Duration.ofMinutes(15));
        }
        assertThat(pathsWithPassword()).isEmpty();
        List<FailureEvent> failures = servers.relay().failures();
        assertThat(failures).extracting(FailureEvent::code).containsOnly("LIC4001");
        FailureEvent trigger = failures.get(0);
        servers.manager().faults().clear();
        servers.resolved(trigger);
    }

    @Test
    @Configured(pushing = true)
    void aRunDuringALoginOutageSendsOnePassword() throws Exception {
        servers.manager().faults().set("server-error", "resource", "login");
        servers.relay().sync();
        assertThat(pathsWithPassword()).hasSize(1);
    }

    @Test
    void theLoginMethodIsDeterminedWithoutThePassword() throws Exception {
        servers.manager().version("20.18.1");
        servers.watch();
        servers.later(Duration.ofMinutes(2));
        servers.watch();
        assertThat(pathsWithPassword()).containsExactly("/j_security_check", "/jwt/login");
        servers.manager().version("20.12.3");
        servers.relay().restart();
        servers.manager().version("20.18.1");
        servers.watch();
        servers.manager().version("20.12.3");
        servers.later(Duration.ofMinutes(2));
        servers.watch();
        assertThat(pathsWithPassword().subList(2, pathsWithPassword().size()))
                .containsExactly("/j_security_check", "/j_security_check");
        assertThat(servers.relay().failures()).isEmpty();
    }

    @Test
    void anOperatorsSyncLiftsARefusalAndAKafkaCommandDoesNot() throws Exception {
        servers.manager().user("watcher", "another-password-1");
        servers.watch();
        servers.relay().relay().sync(SyncRequest.of(servers.relay().siteName(), SyncRequest.Cause.COMMAND));
        servers.watch();
        assertThat(servers.manager().requests().wrongPasswords()).isEqualTo(1);
        servers.relay().sync();
        servers.watch();
        servers.watch();
        assertThat(servers.manager().requests().wrongPasswords()).isEqualTo(2);
        servers.manager().user("watcher", ManagerAndRelay.OUR_PASSWORD);
        servers.relay().sync();
        servers.resolved(servers.relay().failures().get(0));
    }

    /** The paths to which the password was sent, oldest first, including requests that a fault answered. */
    private List<String> pathsWithPassword() {
        return servers.manager().requests().newest().stream()
                .filter(each -> each.body().contains(ManagerAndRelay.OUR_PASSWORD))
                .map(each -> each.path())
                .toList();
    }
}
