package io.licenserelay.reports.manager;

import static io.licenserelay.fixture.ManagerAndRelay.ADMIN_PASSWORD;
import static io.licenserelay.fixture.ManagerAndRelay.MANAGER_SECRET;
import static io.licenserelay.fixture.ManagerAndRelay.OUR_PASSWORD;
import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.ManagerAndRelay;
import io.licenserelay.fixture.Rows;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.fixture.SharedRelay.Sites;
import io.licenserelay.simulator.estate.EstateAccount;
import io.licenserelay.simulator.http.RecordedRequest;
import io.licenserelay.simulator.manager.ReceivedSync;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A site with {@code push: manager}: each run has the SD-WAN Manager sync, and nothing is claimed of any report. */
class ManagerPushIT {
    private static final String SYNC = "/dataservice/v1/smart-licensing/sync";
    private static final String OLD_SYNC = "/dataservice/smartLicensing/syncLicenses";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final SharedRelay<ManagerAndRelay> RELAY = ManagerAndRelay.sharedPushing();

    private ManagerAndRelay servers;

    @BeforeEach
    void take(ManagerAndRelay site) {
        servers = site;
    }

    @Test
    void aRunAsksTheManagerToSyncWithTheNumbersThatSsmListedAndInTheDocumentedForm() throws Exception {
        EstateAccount acme = servers.estate().account("ACME");
        acme.va("Lab");
        servers.manager().multipleEntitlement(true);
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.run("complete");

        ReceivedSync asked = servers.manager().receivedSyncs().get(0);
        assertThat(servers.manager().receivedSyncs()).hasSize(1);
        assertThat("/" + asked.path()).isEqualTo(SYNC);
        assertThat(asked.fileName()).isNull();
        assertThat(JSON.readTree(asked.data()))
                .isEqualTo(JSON.readTree("{\"mode\":\"onprem\",\"multipleEntitlement\":true,\"smartAccounts\":[{"
                        + "\"account_id\":\"" + acme.id() + "\",\"name\":\"ACME\",\"virtual_accounts\":["
                        + "{\"virtual_account_id\":\"" + acme.va("Default").id() + "\"},"
                        + "{\"virtual_account_id\":\"" + acme.va("Lab").id() + "\"}]}]}"));
        RecordedRequest request = requests(SYNC).get(0);
        assertThat(request.headers().get("content-type"))
                .singleElement()
                .asString()
                .startsWith("multipart/form-data;");
        assertThat(request.headers()).containsKey("x-xsrf-token");

        assertThat(servers.reports())
                .singleElement()
                .asString()
                .matches(
                        "requested the SD-WAN Manager was asked to sync at .*Z, which proves nothing about this report; .*");
        assertThat(servers.requests()).containsExactly("taken onprem");
        assertThat(states()).containsExactly("received", "requested");
        assertThat(servers.pushed()).isEmpty();
    }

    @Test
    void itIsAskedOnceARunWhetherOrNotReportsWaitAndAReportThatWasRequestedStays() throws Exception {
        servers.run("complete");
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.run("complete");
        servers.run("complete");
        assertThat(servers.manager().receivedSyncs()).hasSize(3);
        assertThat(servers.requests()).containsOnly("taken onprem").hasSize(3);
        assertThat(states()).containsExactly("received", "requested");
    }

    @Test
    void itIsNeverAskedBesideAnotherSession() throws Exception {
        servers.manager().atMostSessions(1);
        CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> {
            while (servers.manager().receivedSyncs().size() < 3) {
                servers.relay().relay().watch(servers.relay().siteName());
            }
        });
        for (int i = 0; i < 3; i++) {
            assertThat(servers.relay().sync().outcome()).isEqualTo("complete");
        }
        looking.get(1, TimeUnit.MINUTES);
        assertThat(servers.manager().openSessions()).isZero();
        assertThat(servers.relay().failures()).isEmpty();
    }

    @Test
    void aGoodSyncThatIsSeenAfterwardsStandsOnTheReportAndAcknowledgesNothing() throws Exception {
        servers.manager().complianceReason("sync complete");
        servers.watch();
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.run("complete");
        assertThat(servers.reports()).singleElement().asString().endsWith("; no sync was observed yet");
        servers.later(Duration.ofMinutes(2));
        servers.watch();
        assertThat(servers.reports())
                .singleElement()
                .asString()
                .matches("requested .* proves nothing about this report; a sync of the Manager succeeded at .*Z");
        assertThat(states()).containsExactly("received", "requested");
    }

    @Test
    void whatTheManagerDidBeforeItWasAskedIsNotReadBack() throws Exception {
        servers.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        servers.manager().sync();
        servers.later(Duration.ofMinutes(2));
        servers.clientIs(MANAGER_SECRET, Grant.PASSWORD);
        servers.manager().complianceReason("sync complete");
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.run("complete");
        assertThat(servers.reports()).singleElement().asString().endsWith("; no sync was observed yet");
    }

    @Test
    void aFailedSyncIsReadBackWithinTheRunAndItsCauseIsTold() throws Exception {
        servers.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.run("complete");
        assertThat(servers.reports())
                .singleElement()
                .asString()
                .matches("(?s)requested .*; a sync of the Manager failed at .*Z: .*RestAPIClient.*")
                .doesNotContain(MANAGER_SECRET, ADMIN_PASSWORD);
        FailureEvent trigger = servers.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3002");
        assertThat(trigger.confidence()).isEqualTo("proven");
    }

    /** What is changed, the cause, what it rests on. */
    static Stream<Arguments> troubles() {
        return Rows.first(
                3,
                Stream.of(
                        trouble("LIC7001", "manager.too-old", servers -> servers.manager()
                                .version("20.9.0.02-li")),
                        trouble("LIC7007", "manager.sync-not-taken", fault("status", "sync", "status", 400)),
                        trouble("LIC4005", "answer.html", fault("html", "sync")),
                        trouble("LIC7003", "manager.settings-wrong", servers -> servers.manager()
                                .settings(servers.manager().settings().mode("online"))),
                        trouble("LIC7006", "manager.role-missing", servers -> servers.manager()
                                .role("watcher", "Operator")),
                        trouble("LIC7006", "manager.role-missing", fault("forbidden", "user-settings")),
                        trouble("LIC7007", "manager.no-sync-path", servers -> {
                            fault("not-found", "sync").accept(servers);
                            fault("not-allowed", "old-sync").accept(servers);
                        }),
                        trouble("LIC4004", "http.server-error", fault("server-error", "sync")),
                        trouble("LIC1003", "tcp.refused", servers -> servers.manager()
                                .faults()
                                .set("refuse")),
                        trouble("LIC2001", "tls.untrusted", servers -> servers.manager()
                                .faults()
                                .set("other-cert"))));
    }

    @Tag("deep")
    @Sites(value = 3, all = 10)
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("troubles")
    void aRequestThatIsNotTakenIsNamedAndResolvedByTheNextGoodOne(
            String code, String because, Consumer<ManagerAndRelay> change) throws Exception {
        var settings = servers.manager().settings();
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        change.accept(servers);
        servers.relay().sync();
        servers.relay().sync();
        List<FailureEvent> told = servers.pushed();
        assertThat(told.get(0).state()).isEqualTo("trigger");
        FailureEvent trigger = told.get(0);
        assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
        assertThat(trigger.because()).contains(because);
        assertThat(trigger.key()).isEqualTo("license-relay/" + servers.relay().siteName() + "/push");
        assertThat(trigger.text("/data/step")).isEqualTo("manager-sync");
        assertThat(trigger.text("/data/component")).isEqualTo("manager");
        String port = ":" + servers.manager().url().getPort();
        assertThat(trigger.json().at("/data/evidence/probes"))
                .as("made at the Manager")
                .anyMatch(probe -> probe.path("target").asText().contains(port));
        assertThat(servers.reports())
                .singleElement()
                .asString()
                .startsWith("received the SD-WAN Manager could not be asked");
        assertThat(servers.requests()).hasSize(2).allMatch(row -> row.startsWith("refused "));
        assertThat(servers.manager().openSessions()).isZero();

        servers.manager().faults().clear();
        servers.manager().version("20.12.3").settings(settings).role("watcher", "admin");
        servers.run("complete");
        assertThat(servers.pushed().stream().map(FailureEvent::state).filter(state -> !state.equals("update")))
                .containsExactly("trigger", "resolve");
        assertThat(states()).containsExactly("received", "requested");
    }

    @Test
    void aRejectedLoginIsNotRepeatedUntilThePasswordChanges() throws Exception {
        servers.manager().user("watcher", "another-password-1");
        servers.relay().scheduledSync();
        servers.relay().scheduledSync();
        assertThat(servers.pushed()).extracting(FailureEvent::code).containsExactly("LIC7002", "LIC7002");
        assertThat(servers.manager().requests().wrongPasswords()).isEqualTo(1);
        servers.ourPassword("another-password-1");
        servers.run("complete");
        assertThat(servers.pushed()).extracting(FailureEvent::state).containsExactly("trigger", "update", "resolve");
    }

    @Test
    void aRefusalThatTellsOfTheManagersOwnLoginIsLookedIntoByAskingAsItsClient() throws Exception {
        servers.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        fault(
                        "status",
                        "sync",
                        "status",
                        403,
                        "body",
                        "{\"error\":{\"message\":\"Failed to authenticate Smart Account credentials.\"}}")
                .accept(servers);
        servers.relay().sync();
        FailureEvent trigger = servers.pushed().get(0);
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3002");
        assertThat(trigger.confidence()).isEqualTo("proven");
        assertThat(trigger.others()).contains("LIC7004");
    }

    @Test
    void aManagerThatWantsToBeAskedLessIsWaitedForOrLeftAlone() throws Exception {
        fault("rate-limited", "sync", "retry-after", 1, "times", 1).accept(servers);
        servers.run("complete");
        assertThat(servers.manager().receivedSyncs())
                .as("429 says that it was not taken")
                .hasSize(1);
        fault("rate-limited", "sync", "retry-after", 3600).accept(servers);
        servers.relay().sync();
        int after = servers.manager().requests().passwordAttempts();
        servers.relay().sync();
        assertThat(servers.manager().requests().passwordAttempts())
                .as("left alone")
                .isEqualTo(after);
        assertThat(servers.pushed()).extracting(FailureEvent::code).containsExactly("LIC4003", "LIC4003");
        servers.manager().faults().clear();
        servers.later(Duration.ofMinutes(61));
        servers.run("complete");
        assertThat(servers.pushed()).extracting(FailureEvent::state).containsExactly("trigger", "update", "resolve");
    }

    @Test
    void aManagerWithoutTheNewPathsIsAskedByTheDeprecatedOnes() throws Exception {
        fault("not-found", "sync").accept(servers);
        fault("not-allowed", "user-settings").accept(servers);
        servers.run("complete");
        assertThat(servers.manager().receivedSyncs())
                .extracting(asked -> "/" + asked.path())
                .containsExactly(OLD_SYNC);
        assertThat(servers.pushed()).isEmpty();
    }

    @Test
    void aSessionThatEndsMeanwhileIsOpenedOnceMore() throws Exception {
        fault("html", "sync", "times", 1).accept(servers);
        servers.run("complete");
        assertThat(servers.manager().receivedSyncs()).hasSize(1);
    }

    @Test
    void anAnswerThatDoesNotComeIsToldAndNotTakenForOne() throws Exception {
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        fault("stall", "sync").accept(servers);
        servers.relay().sync();
        assertThat(servers.requests()).singleElement().asString().startsWith("lost ");
        assertThat(servers.reports())
                .singleElement()
                .asString()
                .startsWith("received ")
                .contains("no answer arrived");
        FailureEvent trigger = servers.pushed().get(0);
        assertThat(trigger.findings()).as("%s", trigger).contains("http.no-answer");
        assertThat(servers.manager().openSessions()).isZero();
    }

    @Test
    void aReportOfAVirtualAccountThatSsmDoesNotListWaitsAndIsNotAskedFor() throws Exception {
        servers.drop("ACME/Gone/rum.txt", bare(report(payload("9XYZ", 1))));
        servers.run("complete");
        assertThat(servers.reports()).singleElement().asString().startsWith("held SSM lists no virtual account");
        assertThat(servers.manager().receivedSyncs().get(0).data()).doesNotContain("Gone");
    }

    @Test
    void aManagerIsNotAskedForNothing() throws Exception {
        servers.ssm().faults().set("server-error", "resource", "accounts");
        servers.run("failed");
        assertThat(requests(SYNC)).isEmpty();
        assertThat(servers.requests()).isEmpty();
        assertThat(servers.pushed()).isEmpty();
    }

    @Test
    void whatTheManagerSaysLeavesWithoutSecrets() throws Exception {
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        fault(
                        "status",
                        "sync",
                        "status",
                        400,
                        "body",
                        "{\"error\":{\"message\":\"no sync with " + OUR_PASSWORD + " and " + MANAGER_SECRET + "\"}}")
                .accept(servers);
        servers.relay().sync();
        String everything = servers.relay().failures().stream()
                        .map(event -> event.json().toString())
                        .reduce("", String::concat)
                + servers.relay().events(Topic.REPORTS)
                + servers.reports()
                + servers.requests();
        assertThat(everything)
                .contains("no sync with ")
                .doesNotContain(OUR_PASSWORD, MANAGER_SECRET, ADMIN_PASSWORD, "JSESSIONID=");
    }

    private List<RecordedRequest> requests(String path) {
        return servers.manager().requests().newest().stream()
                .filter(each -> each.path().equals(path))
                .toList();
    }

    private List<String> states() throws InterruptedException {
        return servers.relay().events(Topic.REPORTS).stream()
                .map((JsonNode event) -> event.at("/data/state").asText())
                .toList();
    }

    private static Arguments trouble(String code, String because, Consumer<ManagerAndRelay> change) {
        return arguments(code, because, change);
    }

    private static Consumer<ManagerAndRelay> fault(String fault, String resource, Object... more) {
        List<Object> parameters = new ArrayList<>(List.of("resource", resource));
        parameters.addAll(List.of(more));
        return servers -> servers.manager().faults().set(fault, parameters.toArray());
    }
}
