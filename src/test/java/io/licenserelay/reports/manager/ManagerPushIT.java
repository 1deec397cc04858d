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

/** A site with {@code push: manager}: each run requests a sync from the SD-WAN Manager. The request alone proves nothing about a report. */
class ManagerPushIT {
    private static final String SYNC = "/dataservice/v1/smart-licensing/sync";
    private static final String OLD_SYNC = "/dataservice/smartLicensing/syncLicenses";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final SharedRelay<ManagerAndRelay> RELAY = ManagerAndRelay.sharedPushing();

    private ManagerAndRelay servers;

    @BeforeEach
    void setUp(ManagerAndRelay site) {
        servers = site;
    }

    @Test
    void aRunRequestsASyncWithTheNumbersFromSsmInTheDocumentedFormat() throws Exception {
        EstateAccount acme = servers.estate().account("ACME");
        acme.va("Lab");
        servers.manager().multipleEntitlement(true);
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.run("complete");

        ReceivedSync sync = servers.manager().receivedSyncs().get(0);
        assertThat(servers.manager().receivedSyncs()).hasSize(1);
        assertThat("/" + sync.path()).isEqualTo(SYNC);
        assertThat(sync.fileName()).isNull();
        assertThat(JSON.readTree(sync.data()))
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
    void aSyncIsRequestedOncePerRunAndARequestedReportKeepsItsState() throws Exception {
        servers.run("complete");
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        servers.run("complete");
        servers.run("complete");
        assertThat(servers.manager().receivedSyncs()).hasSize(3);
        assertThat(servers.requests()).containsOnly("taken onprem").hasSize(3);
        assertThat(states()).containsExactly("received", "requested");
    }

    @Test
    void aSyncIsNeverRequestedDuringAnotherSession() throws Exception {
        servers.manager().atMostSessions(1);
        CompletableFuture<Void> inspections = CompletableFuture.runAsync(() -> {
            while (servers.manager().receivedSyncs().size() < 3) {
                servers.relay().relay().watch(servers.relay().siteName());
            }
        });
        for (int i = 0; i < 3; i++) {
            assertThat(servers.relay().sync().outcome()).isEqualTo("complete");
        }
        inspections.get(1, TimeUnit.MINUTES);
        assertThat(servers.manager().openSessions()).isZero();
        assertThat(servers.relay().failures()).isEmpty();
    }

    @Test
    void aSuccessfulSyncObservedLaterIsNamedInTheReasonAndAcknowledgesNothing() throws Exception {
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
    void aSyncBeforeTheRequestIsNotAttributedToTheRequest() throws Exception {
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
    void aFailedSyncIsDetectedWithinTheRunAndDiagnosed() throws Exception {
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

    /** The cause, its finding, and the change that produces it. */
    static Stream<Arguments> faultsAndCauses() {
        return Rows.first(
                3,
                Stream.of(
                        faultAndCause("LIC7001", "manager.too-old", servers -> servers.manager()
                                .version("20.9.0.02-li")),
                        faultAndCause("LIC7007", "manager.sync-not-taken", fault("status", "sync", "status", 400)),
                        faultAndCause("LIC4005", "answer.html", fault("html", "sync")),
                        faultAndCause("LIC7003", "manager.settings-wrong", servers -> servers.manager()
                                .settings(servers.manager().settings().mode("online"))),
                        faultAndCause("LIC7006", "manager.role-missing", servers -> servers.manager()
                                .role("watcher", "Operator")),
                        faultAndCause("LIC7006", "manager.role-missing", fault("forbidden", "user-settings")),
                        faultAndCause("LIC7007", "manager.no-sync-path", servers -> {
                            fault("not-found", "sync").accept(servers);
                            fault("not-allowed", "old-sync").accept(servers);
                        }),
                        faultAndCause("LIC4004", "http.server-error", fault("server-error", "sync")),
                        faultAndCause("LIC1003", "tcp.refused", servers -> servers.manager()
                                .faults()
                                .set("refuse")),
                        faultAndCause("LIC2001", "tls.untrusted", servers -> servers.manager()
                                .faults()
                                .set("other-cert"))));
    }

    @Tag("deep")
    @Sites(value = 3, all = 10)
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faultsAndCauses")
    void aRejectedRequestIsDiagnosedAndResolvedByTheNextSuccessfulOne(
            String code, String because, Consumer<ManagerAndRelay> change) throws Exception {
        var settings = servers.manager().settings();
        servers.drop("rum.txt", bare(report(payload("9ABC", 1))));
        change.accept(servers);
        servers.relay().sync();
        servers.relay().sync();
        List<FailureEvent> failures = servers.pushed();
        assertThat(failures.get(0).state()).isEqualTo("trigger");
        FailureEvent trigger = failures.get(0);
        assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
        assertThat(trigger.because()).contains(because);
        assertThat(trigger.key()).isEqualTo("license-relay/" + servers.relay().siteName() + "/push");
        assertThat(trigger.text("/data/step")).isEqualTo("manager-sync");
        assertThat(trigger.text("/data/component")).isEqualTo("manager");
        String port = ":" + servers.manager().url().getPort();
        assertThat(trigger.json().at("/data/evidence/probes"))
                .as("a probe of the Manager")
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
    void aRefusalAboutTheManagersOwnLoginIsDiagnosedWithARequestAsItsClient() throws Exception {
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
    void aRequestedPauseIsWaitedForIfShortAndOtherwiseNoRequestIsSent() throws Exception {
        fault("rate-limited", "sync", "retry-after", 1, "times", 1).accept(servers);
        servers.run("complete");
        assertThat(servers.manager().receivedSyncs())
                .as("429 means that the request was not executed")
                .hasSize(1);
        fault("rate-limited", "sync", "retry-after", 3600).accept(servers);
        servers.relay().sync();
        int attemptsBefore = servers.manager().requests().passwordAttempts();
        servers.relay().sync();
        assertThat(servers.manager().requests().passwordAttempts())
                .as("no request during the pause")
                .isEqualTo(attemptsBefore);
        assertThat(servers.pushed()).extracting(FailureEvent::code).containsExactly("LIC4003", "LIC4003");
        servers.manager().faults().clear();
        servers.later(Duration.ofMinutes(61));
        servers.run("complete");
        assertThat(servers.pushed()).extracting(FailureEvent::state).containsExactly("trigger", "update", "resolve");
    }

    @Test
    void theDeprecatedPathsAreUsedIfTheManagerLacksTheNewOnes() throws Exception {
        fault("not-found", "sync").accept(servers);
        fault("not-allowed", "user-settings").accept(servers);
        servers.run("complete");
        assertThat(servers.manager().receivedSyncs())
                .extracting(sync -> "/" + sync.path())
                .containsExactly(OLD_SYNC);
        assertThat(servers.pushed()).isEmpty();
    }

    @Test
    void anExpiredSessionIsReopenedOnce() throws Exception {
        fault("html", "sync", "times", 1).accept(servers);
        servers.run("complete");
        assertThat(servers.manager().receivedSyncs()).hasSize(1);
    }

    @Test
    void aMissingAnswerIsReportedAndTheReportIsNotRequested() throws Exception {
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
    void aReportOfAnUnlistedVirtualAccountIsHeldAndNotRequested() throws Exception {
        servers.drop("ACME/Gone/rum.txt", bare(report(payload("9XYZ", 1))));
        servers.run("complete");
        assertThat(servers.reports()).singleElement().asString().startsWith("held SSM lists no virtual account");
        assertThat(servers.manager().receivedSyncs().get(0).data()).doesNotContain("Gone");
    }

    @Test
    void noSyncIsRequestedWithoutNumbersFromSsm() throws Exception {
        servers.ssm().faults().set("server-error", "resource", "accounts");
        servers.run("failed");
        assertThat(requests(SYNC)).isEmpty();
        assertThat(servers.requests()).isEmpty();
        assertThat(servers.pushed()).isEmpty();
    }

    @Test
    void theManagersMessageIsPublishedWithoutSecrets() throws Exception {
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
        String published = servers.relay().failures().stream()
                        .map(event -> event.json().toString())
                        .reduce("", String::concat)
                + servers.relay().events(Topic.REPORTS)
                + servers.reports()
                + servers.requests();
        assertThat(published)
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

    private static Arguments faultAndCause(String code, String because, Consumer<ManagerAndRelay> change) {
        return arguments(code, because, change);
    }

    private static Consumer<ManagerAndRelay> fault(String fault, String resource, Object... more) {
        List<Object> parameters = new ArrayList<>(List.of("resource", resource));
        parameters.addAll(List.of(more));
        return servers -> servers.manager().faults().set(fault, parameters.toArray());
    }
}
