package io.licenserelay.sync;

import static io.licenserelay.sync.ManagerHouse.ADMIN_PASSWORD;
import static io.licenserelay.sync.ManagerHouse.MANAGER_SECRET;
import static io.licenserelay.sync.ManagerHouse.OUR_PASSWORD;
import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.payload;
import static io.licenserelay.usage.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.demo.AskedSync;
import io.licenserelay.demo.EstateAccount;
import io.licenserelay.demo.Recorded;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.site.Grant;
import io.licenserelay.site.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A site with {@code push: manager}: each run has the SD-WAN Manager sync, and nothing is claimed of any report. */
class ManagerPushIT {
    private static final String SYNC = "/dataservice/v1/smart-licensing/sync";
    private static final String OLD_SYNC = "/dataservice/smartLicensing/syncLicenses";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private ManagerHouse house;

    @BeforeEach
    void open() throws Exception {
        house = new ManagerHouse(folder).pushing();
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    @Test
    void aRunAsksTheManagerToSyncWithTheNumbersThatSsmListedAndInTheDocumentedForm() throws Exception {
        EstateAccount acme = house.estate.account("ACME");
        acme.va("Lab");
        house.manager.multipleEntitlement(true);
        house.start();
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        house.run("complete");

        AskedSync asked = house.manager.asked().get(0);
        assertThat(house.manager.asked()).hasSize(1);
        assertThat("/" + asked.path()).isEqualTo(SYNC);
        assertThat(asked.fileName()).isNull();
        assertThat(JSON.readTree(asked.data()))
                .isEqualTo(JSON.readTree("{\"mode\":\"onprem\",\"multipleEntitlement\":true,\"smartAccounts\":[{"
                        + "\"account_id\":\"" + acme.id() + "\",\"name\":\"ACME\",\"virtual_accounts\":["
                        + "{\"virtual_account_id\":\"" + acme.va("Default").id() + "\"},"
                        + "{\"virtual_account_id\":\"" + acme.va("Lab").id() + "\"}]}]}"));
        Recorded request = requests(SYNC).get(0);
        assertThat(request.headers().get("content-type"))
                .singleElement()
                .asString()
                .startsWith("multipart/form-data;");
        assertThat(request.headers()).containsKey("x-xsrf-token");

        assertThat(house.reports())
                .singleElement()
                .asString()
                .matches("requested the SD-WAN Manager was asked to sync at .*Z, and says nothing of this report; .*");
        assertThat(house.requests()).containsExactly("taken onprem");
        assertThat(states()).containsExactly("received", "requested");
        assertThat(house.pushed()).isEmpty();
    }

    @Test
    void itIsAskedOnceARunWhetherOrNotReportsWaitAndAReportThatWasRequestedStays() throws Exception {
        house.start();
        house.run("complete");
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        house.run("complete");
        house.run("complete");
        assertThat(house.manager.asked()).hasSize(3);
        assertThat(house.requests()).containsOnly("taken onprem").hasSize(3);
        assertThat(states()).containsExactly("received", "requested");
    }

    @Test
    void itIsNeverAskedBesideAnotherSession() throws Exception {
        house.manager.atMostSessions(1);
        house.start();
        CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> {
            while (house.manager.asked().size() < 3) {
                house.relay.relay().watch("hq");
            }
        });
        for (int i = 0; i < 3; i++) {
            assertThat(house.relay.sync().outcome()).isEqualTo("complete");
        }
        looking.get(1, TimeUnit.MINUTES);
        assertThat(house.manager.openSessions()).isZero();
        assertThat(house.relay.failures()).isEmpty();
    }

    @Test
    void aGoodSyncThatIsSeenAfterwardsStandsOnTheReportAndAcknowledgesNothing() throws Exception {
        house.manager.complianceReason("sync complete");
        house.start();
        house.watch();
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        house.run("complete");
        assertThat(house.reports()).singleElement().asString().endsWith("; nothing was read back yet");
        house.later(Duration.ofMinutes(2));
        house.watch();
        assertThat(house.reports())
                .singleElement()
                .asString()
                .matches(
                        "requested .* says nothing of this report; a sync of the Manager's that ended at .*Z went well");
        assertThat(states()).containsExactly("received", "requested");
    }

    @Test
    void whatTheManagerDidBeforeItWasAskedIsNotReadBack() throws Exception {
        house.start();
        house.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        house.manager.sync();
        house.later(Duration.ofMinutes(2));
        house.clientIs(MANAGER_SECRET, Grant.PASSWORD);
        house.manager.complianceReason("sync complete");
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        house.run("complete");
        assertThat(house.reports()).singleElement().asString().endsWith("; nothing was read back yet");
    }

    @Test
    void aFailedSyncIsReadBackWithinTheRunAndItsCauseIsTold() throws Exception {
        house.start();
        house.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        house.run("complete");
        assertThat(house.reports())
                .singleElement()
                .asString()
                .matches("(?s)requested .*; a sync of the Manager's failed at .*Z: .*RestAPIClient.*")
                .doesNotContain(MANAGER_SECRET, ADMIN_PASSWORD);
        FailureEvent trigger = house.trigger();
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3002");
        assertThat(trigger.confidence()).isEqualTo("proven");
    }

    /** What is changed, the cause, what it rests on. */
    static Stream<Arguments> troubles() {
        return Stream.of(
                trouble("LIC7001", "manager.too-old", house -> house.manager.version("20.9.0.02-li")),
                trouble(
                        "LIC7003",
                        "manager.settings-wrong",
                        house -> house.manager.settings(house.manager.settings().mode("online"))),
                trouble("LIC7006", "manager.role-missing", house -> house.manager.role("watcher", "Operator")),
                trouble("LIC7006", "manager.role-missing", fault("forbidden", "user-settings")),
                trouble("LIC7007", "manager.sync-not-taken", fault("status", "sync", "status", 400)),
                trouble("LIC7007", "manager.no-sync-path", house -> {
                    fault("not-found", "sync").accept(house);
                    fault("not-allowed", "old-sync").accept(house);
                }),
                trouble("LIC4004", "http.server-error", fault("server-error", "sync")),
                trouble("LIC4005", "answer.html", fault("html", "sync")),
                trouble("LIC1003", "tcp.refused", house -> house.manager
                        .faults()
                        .set("refuse")),
                trouble("LIC2001", "tls.untrusted", house -> house.manager
                        .faults()
                        .set("other-cert")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("troubles")
    void aRequestThatIsNotTakenIsNamedAndResolvedByTheNextGoodOne(
            String code, String because, Consumer<ManagerHouse> change) throws Exception {
        house.start();
        var settings = house.manager.settings();
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        change.accept(house);
        house.relay.sync();
        house.relay.sync();
        List<FailureEvent> told = house.pushed();
        assertThat(told).extracting(FailureEvent::state).containsExactly("trigger", "update");
        FailureEvent trigger = told.get(0);
        assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
        assertThat(trigger.because()).contains(because);
        assertThat(trigger.key()).isEqualTo("license-relay/hq/push");
        assertThat(trigger.text("/data/step")).isEqualTo("manager-sync");
        assertThat(trigger.text("/data/component")).isEqualTo("manager");
        String port = ":" + house.manager.url().getPort();
        assertThat(trigger.json().at("/data/evidence/probes"))
                .as("made at the Manager")
                .anyMatch(probe -> probe.path("target").asText().contains(port));
        assertThat(house.reports())
                .singleElement()
                .asString()
                .startsWith("received the SD-WAN Manager could not be asked");
        assertThat(house.requests()).hasSize(2).allMatch(row -> row.startsWith("refused "));
        assertThat(house.manager.openSessions()).isZero();

        house.manager.faults().clear();
        house.manager.version("20.12.3").settings(settings).role("watcher", "admin");
        house.run("complete");
        assertThat(house.pushed()).extracting(FailureEvent::state).containsExactly("trigger", "update", "resolve");
        assertThat(states()).containsExactly("received", "requested");
    }

    @Test
    void aRefusedLoginIsNotRepeatedUntilThePasswordChanges() throws Exception {
        house.manager.user("watcher", "another-password-1");
        house.start();
        house.relay.sync();
        house.relay.sync();
        assertThat(house.pushed()).extracting(FailureEvent::code).containsExactly("LIC7002", "LIC7002");
        assertThat(house.manager.requests().wrongPasswords()).isEqualTo(1);
        house.relay.environment("MANAGER_PASSWORD", "another-password-1");
        house.run("complete");
        assertThat(house.pushed()).extracting(FailureEvent::state).containsExactly("trigger", "update", "resolve");
    }

    @Test
    void aRefusalThatTellsOfTheManagersOwnLoginIsLookedIntoByAskingAsItsClient() throws Exception {
        house.start();
        house.clientIs(MANAGER_SECRET, Grant.CLIENT_CREDENTIALS);
        fault(
                        "status",
                        "sync",
                        "status",
                        403,
                        "body",
                        "{\"error\":{\"message\":\"Failed to authenticate Smart Account credentials.\"}}")
                .accept(house);
        house.relay.sync();
        FailureEvent trigger = house.pushed().get(0);
        assertThat(trigger.code()).as("%s", trigger).isEqualTo("LIC3002");
        assertThat(trigger.confidence()).isEqualTo("proven");
        assertThat(trigger.others()).contains("LIC7004");
    }

    @Test
    void aManagerThatWantsToBeAskedLessIsWaitedForOrLeftAlone() throws Exception {
        house.start();
        fault("rate-limited", "sync", "retry-after", 1, "times", 1).accept(house);
        house.run("complete");
        assertThat(house.manager.asked()).as("429 says that it was not taken").hasSize(1);
        fault("rate-limited", "sync", "retry-after", 3600).accept(house);
        house.relay.sync();
        int after = house.manager.requests().passwordAttempts();
        house.relay.sync();
        assertThat(house.manager.requests().passwordAttempts()).as("left alone").isEqualTo(after);
        assertThat(house.pushed()).extracting(FailureEvent::code).containsExactly("LIC4003", "LIC4003");
        house.manager.faults().clear();
        house.later(Duration.ofMinutes(61));
        house.run("complete");
        assertThat(house.pushed()).extracting(FailureEvent::state).containsExactly("trigger", "update", "resolve");
    }

    @Test
    void aManagerWithoutTheNewPathsIsAskedByTheDeprecatedOnes() throws Exception {
        house.start();
        fault("not-found", "sync").accept(house);
        fault("not-allowed", "user-settings").accept(house);
        house.run("complete");
        assertThat(house.manager.asked())
                .extracting(asked -> "/" + asked.path())
                .containsExactly(OLD_SYNC);
        assertThat(house.pushed()).isEmpty();
    }

    @Test
    void aSessionThatEndsMeanwhileIsOpenedOnceMore() throws Exception {
        house.start();
        fault("html", "sync", "times", 1).accept(house);
        house.run("complete");
        assertThat(house.manager.asked()).hasSize(1);
    }

    @Test
    void afterAKillBetweenTheRequestAndItsAnswerItIsKnownThatNoneCameAndItIsAskedAgain() throws Exception {
        house.start();
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        fault("stall", "sync").accept(house);
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            try {
                house.relay.sync();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> house.manager.requests().count(SYNC) == 1);
        Path killed = folder.resolve("killed.db");
        snapshot(killed);
        assertThat(house.requests()).containsExactly("open ");
        assertThat(house.reports()).containsExactly("received null");
        run.exceptionally(ended -> null).get(1, TimeUnit.MINUTES);
        house.relay.close();
        Files.copy(killed, house.relay.data().resolve("relay.db"), StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(house.relay.data().resolve("relay.db-wal"));
        Files.deleteIfExists(house.relay.data().resolve("relay.db-shm"));
        house.manager.faults().clear();
        house.relay.start();
        house.run("complete");
        assertThat(house.requests()).containsExactly("lost the relay ended before an answer came", "taken onprem");
        assertThat(house.history().get(1))
                .matches("received the SD-WAN Manager was asked to sync at .*Z, and no answer came: it may sync all the"
                        + " same; it is asked again");
        assertThat(house.history().get(2)).startsWith("requested ");
        assertThat(house.manager.asked()).hasSize(1);
    }

    @Test
    void anAnswerThatDoesNotComeIsToldAndNotTakenForOne() throws Exception {
        house.start();
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        fault("stall", "sync").accept(house);
        house.relay.sync();
        assertThat(house.requests()).singleElement().asString().startsWith("lost ");
        assertThat(house.reports())
                .singleElement()
                .asString()
                .startsWith("received ")
                .contains("no answer came");
        FailureEvent trigger = house.pushed().get(0);
        assertThat(trigger.findings()).as("%s", trigger).contains("http.no-answer");
        assertThat(house.manager.openSessions()).isZero();
    }

    @Test
    void aReportOfAVirtualAccountThatSsmDoesNotListWaitsAndIsNotAskedFor() throws Exception {
        house.start();
        house.drop("ACME/Gone/rum.txt", bare(report(payload("9XYZ", 1))));
        house.run("complete");
        assertThat(house.reports()).singleElement().asString().startsWith("held SSM lists no virtual account");
        assertThat(house.manager.asked().get(0).data()).doesNotContain("Gone");
    }

    @Test
    void aManagerIsNotAskedForNothing() throws Exception {
        house.start();
        house.ssm.faults().set("server-error", "resource", "accounts");
        house.run("failed");
        assertThat(requests(SYNC)).isEmpty();
        assertThat(house.requests()).isEmpty();
        assertThat(house.pushed()).isEmpty();
    }

    @Test
    void whatTheManagerSaysLeavesWithoutSecrets() throws Exception {
        house.start();
        house.drop("rum.txt", bare(report(payload("9ABC", 1))));
        fault(
                        "status",
                        "sync",
                        "status",
                        400,
                        "body",
                        "{\"error\":{\"message\":\"no sync with " + OUR_PASSWORD + " and " + MANAGER_SECRET + "\"}}")
                .accept(house);
        house.relay.sync();
        String everything = house.relay.failures().stream()
                        .map(event -> event.json().toString())
                        .reduce("", String::concat)
                + house.relay.events(Topic.REPORTS)
                + house.reports()
                + house.requests();
        assertThat(everything)
                .contains("no sync with ")
                .doesNotContain(OUR_PASSWORD, MANAGER_SECRET, ADMIN_PASSWORD, "JSESSIONID=");
    }

    private List<Recorded> requests(String path) {
        return house.manager.requests().newest().stream()
                .filter(each -> each.path().equals(path))
                .toList();
    }

    private List<String> states() throws InterruptedException {
        return house.relay.events(Topic.REPORTS).stream()
                .map((JsonNode event) -> event.at("/data/state").asText())
                .toList();
    }

    /** The database as a kill at this moment leaves it. */
    private void snapshot(Path to) throws Exception {
        String from = "jdbc:sqlite:" + house.relay.data().resolve("relay.db");
        try (Connection connection = DriverManager.getConnection(from);
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM INTO '" + to + "'");
        }
    }

    private static Arguments trouble(String code, String because, Consumer<ManagerHouse> change) {
        return arguments(code, because, change);
    }

    private static Consumer<ManagerHouse> fault(String fault, String resource, Object... more) {
        List<Object> parameters = new ArrayList<>(List.of("resource", resource));
        parameters.addAll(List.of(more));
        return house -> house.manager.faults().set(fault, parameters.toArray());
    }
}
