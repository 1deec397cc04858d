package io.licenserelay.sync;

import static io.licenserelay.sync.ManagerHouse.ADMIN_PASSWORD;
import static io.licenserelay.sync.ManagerHouse.MANAGER_SECRET;
import static io.licenserelay.sync.ManagerHouse.OUR_PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.demo.ApiClient;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.site.Grant;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not well with an SD-WAN Manager's own syncs is told, named, and resolved, whatever the relay's own runs do. */
class ManagerWatchIT {
    @TempDir
    Path folder;

    private ManagerHouse house;

    @BeforeEach
    void open() throws Exception {
        house = new ManagerHouse(folder);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    @Test
    void theManagersClientOfTheWrongGrantIsProvenWhileOurOwnRunIsGood() throws Exception {
        house.start();
        house.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        assertThat(house.relay.sync().outcome()).isEqualTo("complete");
        house.syncAndWatch();

        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3002");
        assertThat(trigger.confidence()).isEqualTo("proven");
        assertThat(trigger.because())
                .containsExactlyInAnyOrder("oauth.client-credentials.accepted", "oauth.password.unauthorized-client");
        assertThat(trigger.others()).containsExactly("LIC7004");
        assertThat(trigger.key()).isEqualTo("license-relay/hq/manager");
        assertThat(trigger.text("/data/component")).isEqualTo("manager");
        assertThat(trigger.texts("/data/evidence/logs/0/lines"))
                .anyMatch(line -> line.contains("ERROR [um8_vManage] [RestAPIClient]"));
        assertThat(trigger.toString() + trigger.json())
                .doesNotContain(MANAGER_SECRET, ADMIN_PASSWORD, OUR_PASSWORD, "JSESSIONID=");

        house.clientIs(MANAGER_SECRET, Grant.PASSWORD);
        house.syncAndWatch();
        house.resolved(trigger);
    }

    @Test
    void anIncidentCostsThePasswordOfTheManagersUserOnce() throws Exception {
        house.start();
        house.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        house.syncAndWatch();
        int after = house.passwords();
        assertThat(after).as("the Manager's own attempt and ours").isEqualTo(2);
        house.watch();
        house.relay.restart();
        house.watch();
        assertThat(house.passwords()).isEqualTo(after);
        List<FailureEvent> told = house.relay.failures();
        assertThat(told).extracting(FailureEvent::state).containsExactly("trigger", "update", "update");
        assertThat(told).extracting(FailureEvent::code).containsOnly("LIC3002");
        assertThat(told).extracting(FailureEvent::confidence).containsOnly("proven");
    }

    @Test
    void aWrongPasswordOfTheManagersUserIsNotSentAgainUntilItChanges() throws Exception {
        house.ssm.user("admin", "changed-password-1");
        house.start();
        house.syncAndWatch();
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3003");
        assertThat(trigger.confidence()).isEqualTo("proven");
        assertThat(trigger.others()).containsExactly("LIC7004");

        house.ssm.user("admin", ADMIN_PASSWORD);
        house.syncAndWatch();
        house.resolved(trigger);
        house.ssm.user("admin", "changed-password-1");
        int before = house.passwords();
        house.syncAndWatch();
        assertThat(house.passwords() - before).as("the Manager's own").isEqualTo(1);
        List<FailureEvent> told = house.relay.failures();
        assertThat(told.get(told.size() - 1).code()).isEqualTo("LIC3003");
    }

    static Stream<Arguments> failedSyncs() {
        return Stream.of(
                arguments("LIC3001", "proven", change(house -> house.clientIs("regenerated", Grant.PASSWORD))),
                arguments(
                        "LIC3006",
                        "proven",
                        change(house -> house.ssm.client(ApiClient.of("manager", MANAGER_SECRET, Grant.PASSWORD)
                                .withoutAccounts("ACME")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failedSyncs")
    void aFailedSyncIsNamedByAskingAsItsClient(String code, String confidence, Consumer<ManagerHouse> change)
            throws Exception {
        house.relay.site("accounts", "[ACME]");
        house.start();
        change.accept(house);
        house.syncAndWatch();
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
        assertThat(trigger.confidence()).isEqualTo(confidence);
        assertThat(trigger.others()).contains("LIC7004");
        house.clientIs(MANAGER_SECRET, Grant.PASSWORD);
        house.syncAndWatch();
        house.resolved(trigger);
    }

    @Test
    void withoutItsClientAFailedSyncIsThatAndTheRemedySaysWhatToConfigure() throws Exception {
        house.withoutClient().start();
        house.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        house.syncAndWatch();
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC7004");
        assertThat(trigger.texts("/data/diagnosis/remedy")).anyMatch(step -> step.contains("manager.ssmClient"));
        assertThat(house.passwords()).as("the Manager's own").isEqualTo(1);
    }

    @Test
    void aComplianceThatNamesAFailedSyncNeedsNoLog() throws Exception {
        house.relay.site("logs", "[]");
        house.withoutClient().start();
        house.manager.complianceReason("sync failed");
        house.watch();
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC7004");
        house.manager.complianceReason("sync complete");
        house.resolved(trigger);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-01-13T11:17:01.250Z [192.0.2.7] <134>Jan 13 11:17:01 um8 vmanage-server: "})
    void aLogThatSomebodyElseWritesOrSendsIsWatchedToo(String before) throws Exception {
        Path log = folder.resolve("shipped.log");
        house.relay.site("logs", "[ { name: manager, path: '" + log + "', zone: UTC } ]");
        house.start();
        house.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        house.manager.sync();
        Files.write(
                log, house.manager.logLines(100).stream().map(before::concat).toList());
        house.later(Duration.ofMinutes(2));
        house.watch();
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3002");
        assertThat(trigger.confidence()).isEqualTo("proven");
        assertThat(trigger.others()).contains("LIC7004");
    }

    /** What is changed, the cause, what it rests on, and how it is mended. */
    static Stream<Arguments> troubles() {
        return Stream.of(
                trouble("LIC7001", "manager.too-old", house -> house.manager.version("20.9.0.02-li")),
                trouble(
                        "LIC7003",
                        "manager.settings-wrong",
                        house -> house.manager.settings(house.manager.settings().mode("online"))),
                trouble(
                        "LIC7003",
                        "manager.settings-wrong",
                        house -> house.manager.settings(
                                house.manager.settings().ssmUrl(URI.create("https://192.0.2.1:8443")))),
                trouble(
                        "LIC7003",
                        "manager.settings-wrong",
                        house -> house.manager.settings(house.manager.settings().client("another", MANAGER_SECRET))),
                trouble("LIC7006", "manager.role-missing", fault("forbidden", "settings")),
                trouble("LIC7006", "manager.role-missing", fault("forbidden", "log")),
                trouble("LIC4001", "http.unavailable", fault("unavailable", "version", "retry-after", 0)),
                trouble("LIC4003", "http.rate-limited", fault("rate-limited", "compliance", "retry-after", 0)),
                trouble("LIC4005", "answer.html", fault("html", "settings")),
                trouble("LIC1003", "tcp.refused", house -> house.manager
                        .faults()
                        .set("refuse")),
                trouble("LIC2001", "tls.untrusted", house -> house.manager
                        .faults()
                        .set("other-cert")),
                trouble("LIC2003", "tls.expired", house -> house.manager
                        .faults()
                        .set("expired-cert")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("troubles")
    void aTroubleIsNamedAndResolvedOnceWhenItEnds(String code, String because, Consumer<ManagerHouse> change)
            throws Exception {
        house.start();
        var settings = house.manager.settings();
        house.watch();
        assertThat(house.relay.failures()).isEmpty();
        change.accept(house);
        house.relay.relay().watch("hq");
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
        assertThat(trigger.because()).contains(because);
        assertThat(trigger.text("/data/node")).isEqualTo("localhost");
        house.manager.faults().clear();
        house.manager.version("20.12.3").settings(settings).expireSessions();
        house.later(Duration.ofMinutes(2));
        house.resolved(trigger);
    }

    @Test
    void aRefusedLoginIsNotRepeatedUntilThePasswordChanges() throws Exception {
        house.manager.user("watcher", "another-password-1");
        house.start();
        house.watch();
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC7002");
        assertThat(trigger.confidence()).isEqualTo("proven");
        house.watch();
        house.relay.restart();
        house.watch();
        assertThat(house.manager.requests().wrongPasswords()).isEqualTo(1);
        assertThat(house.relay.failures()).extracting(FailureEvent::code).containsOnly("LIC7002");

        house.relay.environment("MANAGER_PASSWORD", "another-password-1");
        house.resolved(trigger);
    }

    @Test
    void aSyncThatWasNotSeenForTwoDaysIsStale() throws Exception {
        house.start();
        house.syncAndWatch();
        assertThat(house.relay.failures()).isEmpty();
        house.relay.relay().database().write(tx -> tx.execute("UPDATE manager_sync SET good_at = good_at - 172900000"));
        Files.writeString(house.log(), "");
        house.manager.chatters(20_000);
        house.watch();
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC7005");
        assertThat(trigger.text("/data/severity")).isEqualTo("warning");
        house.syncAndWatch();
        house.resolved(trigger);
    }

    @Test
    void aSessionThatIsOverIsBegunAnewOnce() throws Exception {
        house.start();
        house.manager.faults().set("html", "resource", "compliance", "times", 1);
        house.watch();
        assertThat(house.relay.failures()).isEmpty();
        assertThat(house.manager.requests().count("/j_security_check")).isEqualTo(2);
    }

    @Test
    void aManagerThatSlowsItsClientsDownIsAskedAgainWhenItWants() throws Exception {
        house.start();
        house.manager.faults().set("rate-limited", "resource", "version", "times", 1, "retry-after", 1);
        house.watch();
        assertThat(house.relay.failures()).isEmpty();
        house.manager.faults().set("unavailable", "resource", "version", "times", 1, "retry-after", 600);
        house.watch();
        int asked = house.manager.requests().total();
        house.watch();
        assertThat(house.manager.requests().total()).as("it is left alone").isEqualTo(asked);
        house.later(Duration.ofMinutes(11));
        house.resolved(house.relay.failures().get(0));
    }

    @Test
    void aManagerThatGivesTokensIsLookedAtWithOne() throws Exception {
        house.manager.version("20.18.1");
        house.start();
        house.watch();
        house.later(Duration.ofMinutes(2));
        house.watch();
        assertThat(house.manager.requests().count("/j_security_check")).isEqualTo(1);
        assertThat(house.manager.requests().count("/jwt/login")).isEqualTo(1);
        assertThat(house.relay.failures()).isEmpty();
    }

    @Test
    void itsLogIsKeptWithoutOverlapAndWithoutSecrets() throws Exception {
        house.start();
        house.manager.chatters(10);
        house.watch();
        house.manager.chatters(3_000).logs("token for admin: client_secret=" + MANAGER_SECRET);
        house.watch();
        house.relay.restart();
        house.watch();
        house.manager.chatters(5);
        house.watch();
        List<String> kept = Files.readAllLines(house.log());
        assertThat(kept.stream().filter(line -> line.contains("[DeviceStatsCollector]")))
                .hasSize(3_015);
        assertThat(String.join("\n", kept)).doesNotContain(MANAGER_SECRET).doesNotContain("-- license-relay");
    }

    @Test
    void theManagerIsAmongTheEvidenceOfAFailedPullAndWhatChangedThereIsTold() throws Exception {
        house.start();
        assertThat(house.relay.sync().outcome()).isEqualTo("complete");
        house.manager.version("20.15.1");
        house.later(Duration.ofMinutes(2));
        house.ssm.faults().set("server-error", "resource", "licenses");
        assertThat(house.relay.sync().outcome()).isEqualTo("failed");
        FailureEvent failed = house.relay.failures().get(0);
        assertThat(failed.code()).as("%s", failed).isEqualTo("LIC4004");
        assertThat(failed.json().at("/data/evidence/probes"))
                .anyMatch(probe -> probe.path("probe").asText().equals("manager")
                        && probe.at("/details/version").asText().equals("20.15.1")
                        && probe.path("status").asText().equals("ok"));
        assertThat(failed.text("/data/changed")).contains("Manager version was 20.12.3, is 20.15.1");
        assertThat(house.manager.openSessions()).isZero();
    }

    private static Arguments trouble(String code, String because, Consumer<ManagerHouse> change) {
        return arguments(code, because, change);
    }

    private static Consumer<ManagerHouse> change(Consumer<ManagerHouse> change) {
        return change;
    }

    private static Consumer<ManagerHouse> fault(String fault, String resource, Object... more) {
        List<Object> parameters = new ArrayList<>(List.of("resource", resource));
        parameters.addAll(List.of(more));
        return house -> house.manager.faults().set(fault, parameters.toArray());
    }
}
