package io.licenserelay.sync.watch;

import static io.licenserelay.fixture.ManagerAndRelay.ADMIN_PASSWORD;
import static io.licenserelay.fixture.ManagerAndRelay.MANAGER_SECRET;
import static io.licenserelay.fixture.ManagerAndRelay.OUR_PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.ManagerAndRelay;
import io.licenserelay.fixture.ManagerAndRelay.Configured;
import io.licenserelay.fixture.Rows;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.fixture.SharedRelay.Sites;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.store.Database;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not well with an SD-WAN Manager's own syncs is told, named, and resolved, whatever the relay's own runs do. */
class ManagerWatchIT {
    @RegisterExtension
    static final SharedRelay<ManagerAndRelay> RELAY = ManagerAndRelay.shared();

    private ManagerAndRelay servers;

    @BeforeEach
    void take(ManagerAndRelay site) {
        servers = site;
    }

    @Test
    void theManagersClientOfTheWrongGrantIsProvenWhileOurOwnRunIsGood() throws Exception {
        servers.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        assertThat(servers.relay().sync().outcome()).isEqualTo("complete");
        servers.syncAndWatch();

        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3002");
        assertThat(trigger.confidence()).isEqualTo("proven");
        assertThat(trigger.because())
                .containsExactlyInAnyOrder("oauth.client-credentials.accepted", "oauth.password.unauthorized-client");
        assertThat(trigger.others()).containsExactly("LIC7004");
        assertThat(trigger.key()).isEqualTo("license-relay/" + servers.relay().siteName() + "/manager");
        assertThat(trigger.text("/data/component")).isEqualTo("manager");
        assertThat(trigger.texts("/data/evidence/logs/0/lines"))
                .anyMatch(line -> line.contains("ERROR [um8_vManage] [RestAPIClient]"));
        assertThat(trigger.toString() + trigger.json())
                .doesNotContain(MANAGER_SECRET, ADMIN_PASSWORD, OUR_PASSWORD, "JSESSIONID=");

        servers.clientIs(MANAGER_SECRET, Grant.PASSWORD);
        servers.syncAndWatch();
        servers.resolved(trigger);
    }

    @Test
    void aWrongPasswordOfTheManagersUserIsNotSentAgainUntilItChanges() throws Exception {
        servers.ssm().user("admin", "changed-password-1");
        servers.syncAndWatch();
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3003");
        assertThat(trigger.confidence()).isEqualTo("proven");
        assertThat(trigger.others()).containsExactly("LIC7004");

        servers.ssm().user("admin", ADMIN_PASSWORD);
        servers.syncAndWatch();
        servers.resolved(trigger);
        servers.ssm().user("admin", "changed-password-1");
        int before = servers.passwords();
        servers.syncAndWatch();
        assertThat(servers.passwords() - before).as("the Manager's own").isEqualTo(1);
        List<FailureEvent> told = servers.relay().failures();
        assertThat(told.get(told.size() - 1).code()).isEqualTo("LIC3003");
    }

    static Stream<Arguments> failedSyncs() {
        return Stream.of(
                arguments("LIC3001", "proven", change(servers -> servers.clientIs("regenerated", Grant.PASSWORD))),
                arguments("LIC3006", "proven", change(servers -> servers.ssm()
                        .client(ApiClient.of("manager", MANAGER_SECRET, Grant.PASSWORD)
                                .withoutAccounts("ACME")))));
    }

    @Configured(accounts = "[ACME]")
    @Sites(2)
    @ParameterizedTest(name = "{0}")
    @MethodSource("failedSyncs")
    void aFailedSyncIsNamedByAskingAsItsClient(String code, String confidence, Consumer<ManagerAndRelay> change)
            throws Exception {
        change.accept(servers);
        servers.syncAndWatch();
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
        assertThat(trigger.confidence()).isEqualTo(confidence);
        assertThat(trigger.others()).contains("LIC7004");
        servers.clientIs(MANAGER_SECRET, Grant.PASSWORD);
        servers.syncAndWatch();
        servers.resolved(trigger);
    }

    @Test
    @Configured(client = false)
    void withoutItsClientAFailedSyncIsThatAndTheRemedySaysWhatToConfigure() throws Exception {
        servers.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        servers.syncAndWatch();
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC7004");
        assertThat(trigger.texts("/data/diagnosis/remedy")).anyMatch(step -> step.contains("manager.ssmClient"));
        assertThat(servers.passwords()).as("the Manager's own").isEqualTo(1);
    }

    @Test
    @Configured(client = false, logs = "[]")
    void aComplianceThatNamesAFailedSyncNeedsNoLog() throws Exception {
        servers.manager().complianceReason("sync failed");
        servers.watch();
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC7004");
        servers.manager().complianceReason("sync complete");
        servers.resolved(trigger);
    }

    @Configured(logs = "[ { name: manager, path: 'FOLDER/shipped.log', zone: UTC } ]")
    @Sites(2)
    @ParameterizedTest
    @ValueSource(strings = {"", "2026-01-13T11:17:01.250Z [192.0.2.7] <134>Jan 13 11:17:01 um8 vmanage-server: "})
    void aLogThatSomebodyElseWritesOrSendsIsWatchedToo(String before) throws Exception {
        Path log = servers.folder().resolve("shipped.log");
        servers.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        servers.manager().sync();
        Files.write(
                log,
                servers.manager().logLines(100).stream().map(before::concat).toList());
        servers.later(Duration.ofMinutes(2));
        servers.watch();
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3002");
        assertThat(trigger.confidence()).isEqualTo("proven");
        assertThat(trigger.others()).contains("LIC7004");
    }

    /** What is changed, the cause, what it rests on, and how it is mended. */
    static Stream<Arguments> troubles() {
        return Rows.first(
                4,
                Stream.of(
                        trouble("LIC7003", "manager.settings-wrong", servers -> servers.manager()
                                .settings(servers.manager().settings().mode("online"))),
                        trouble("LIC7006", "manager.role-missing", fault("forbidden", "log")),
                        trouble("LIC4001", "http.unavailable", fault("unavailable", "version", "retry-after", 0)),
                        trouble("LIC2001", "tls.untrusted", servers -> servers.manager()
                                .faults()
                                .set("other-cert")),
                        trouble("LIC7001", "manager.too-old", servers -> servers.manager()
                                .version("20.9.0.02-li")),
                        trouble("LIC7003", "manager.settings-wrong", servers -> servers.manager()
                                .settings(servers.manager().settings().ssmUrl(URI.create("https://192.0.2.1:8443")))),
                        trouble("LIC7003", "manager.settings-wrong", servers -> servers.manager()
                                .settings(servers.manager().settings().client("another", MANAGER_SECRET))),
                        trouble("LIC7006", "manager.role-missing", fault("forbidden", "settings")),
                        trouble("LIC4003", "http.rate-limited", fault("rate-limited", "compliance", "retry-after", 0)),
                        trouble("LIC4005", "answer.html", fault("html", "settings")),
                        trouble("LIC1003", "tcp.refused", servers -> servers.manager()
                                .faults()
                                .set("refuse")),
                        trouble("LIC2003", "tls.expired", servers -> servers.manager()
                                .faults()
                                .set("expired-cert"))));
    }

    @Tag("deep")
    @Sites(value = 4, all = 12)
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("troubles")
    void aTroubleIsNamedAndResolvedOnceWhenItEnds(String code, String because, Consumer<ManagerAndRelay> change)
            throws Exception {
        var settings = servers.manager().settings();
        servers.watch();
        assertThat(servers.relay().failures()).isEmpty();
        change.accept(servers);
        servers.relay().relay().watch(servers.relay().siteName());
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
        assertThat(trigger.because()).contains(because);
        assertThat(trigger.text("/data/node")).isEqualTo("localhost");
        servers.manager().faults().clear();
        servers.manager().version("20.12.3").settings(settings).expireSessions();
        servers.later(Duration.ofMinutes(2));
        servers.resolved(trigger);
    }

    @Test
    void aSyncThatWasNotSeenForTwoDaysIsStale() throws Exception {
        servers.syncAndWatch();
        assertThat(servers.relay().failures()).isEmpty();
        servers.relay()
                .relay()
                .database()
                .write(
                        Database.RELAY,
                        tx -> tx.execute("UPDATE manager_sync SET last_success_at = last_success_at - 172900000"));
        Files.writeString(servers.log(), "");
        servers.manager().chatters(20_000);
        servers.watch();
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC7005");
        assertThat(trigger.text("/data/severity")).isEqualTo("warning");
        servers.syncAndWatch();
        servers.resolved(trigger);
    }

    @Test
    void aSessionThatIsOverIsBegunAnewOnce() throws Exception {
        servers.manager().faults().set("html", "resource", "compliance", "times", 1);
        servers.watch();
        assertThat(servers.relay().failures()).isEmpty();
        assertThat(servers.manager().requests().count("/j_security_check")).isEqualTo(2);
    }

    @Test
    void aManagerThatSlowsItsClientsDownIsAskedAgainWhenItWants() throws Exception {
        servers.manager().faults().set("rate-limited", "resource", "version", "times", 1, "retry-after", 1);
        servers.watch();
        assertThat(servers.relay().failures()).isEmpty();
        servers.manager().faults().set("unavailable", "resource", "version", "times", 1, "retry-after", 600);
        servers.watch();
        int asked = servers.manager().requests().total();
        servers.watch();
        assertThat(servers.manager().requests().total()).as("it is left alone").isEqualTo(asked);
        servers.later(Duration.ofMinutes(11));
        servers.resolved(servers.relay().failures().get(0));
    }

    @Test
    void aManagerThatGivesTokensIsLookedAtWithOne() throws Exception {
        servers.manager().version("20.18.1");
        servers.watch();
        servers.later(Duration.ofMinutes(2));
        servers.watch();
        assertThat(servers.manager().requests().count("/j_security_check")).isEqualTo(1);
        assertThat(servers.manager().requests().count("/jwt/login"))
                .as("once without the password, once with it")
                .isEqualTo(2);
        assertThat(servers.manager().requests().passwordAttempts()).isEqualTo(2);
        assertThat(servers.relay().failures()).isEmpty();
    }

    private static Arguments trouble(String code, String because, Consumer<ManagerAndRelay> change) {
        return arguments(code, because, change);
    }

    private static Consumer<ManagerAndRelay> change(Consumer<ManagerAndRelay> change) {
        return change;
    }

    private static Consumer<ManagerAndRelay> fault(String fault, String resource, Object... more) {
        List<Object> parameters = new ArrayList<>(List.of("resource", resource));
        parameters.addAll(List.of(more));
        return servers -> servers.manager().faults().set(fault, parameters.toArray());
    }
}
