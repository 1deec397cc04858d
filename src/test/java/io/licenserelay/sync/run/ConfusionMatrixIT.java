package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One relay has every fault in turn. Each fault gets the correct diagnosis, and its incident is resolved when the fault ends. */
class ConfusionMatrixIT {
    /** Causes that cannot occur in this setup, so they must not even be further causes. */
    private static final List<String> IMPOSSIBLE_HERE = List.of(
            "LIC1001", "LIC1002", "LIC1004", "LIC1006", "LIC1007", "LIC2004", "LIC4002", "LIC5002", "LIC5004",
            "LIC5006");

    @TempDir
    static Path folder;

    private static SsmSimulator ssm;
    private static TempRelay relay;
    private static List<String> inventory;
    private static int eventsRead;

    @BeforeAll
    static void startHealthy() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME")
                .va("Default")
                .license("Größe", 10, 4, "In Compliance")
                .license("DNA Advantage", 5, 5, "In Compliance")
                .license("DNA Essentials", 5, 1, "In Compliance")
                .device("C8000V", "9ABC");
        ssm = SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        relay = TempRelay.in(folder)
                .of(ssm)
                .ssm("limits", "{ connect: 2s, tls: 2s, response: 1500ms, total: 3s }")
                // All faults occur at one place. Flap detection is off, so that each fault is a separate incident.
                .setting("relay.flap.times", "1000")
                .start();
        assertThat(relay.sync().outcome()).isEqualTo("complete");
        inventory = relay.inventory();
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        ssm.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                row("refuse", "LIC1003", "proven", "tcp.refused"),
                row("reset", "LIC1005", "proven", "tcp.reset"),
                row("reset resource=licenses", "LIC1005", "proven", "tcp.reset"),
                row("reset-midway resource=licenses bytes=500", "LIC1005", "proven", "tcp.reset"),
                row("other-cert", "LIC2001", "proven", "tls.untrusted"),
                row("wrong-name-cert", "LIC2002", "proven", "tls.name-mismatch"),
                row("expired-cert", "LIC2003", "proven", "tls.expired"),
                row("future-cert", "LIC2003", "proven", "tls.not-yet-valid"),
                row("plain-http", "LIC2005", "proven", "tls.not-tls"),
                row("old-tls", "LIC2005", "proven", "tls.no-common"),
                row("token-error", "LIC3004", "proven", "oauth.client-credentials.unsupported-grant-type"),
                row("token-refused", "LIC3005", "proven", "http.unauthorized"),
                row("forbidden resource=licenses", "LIC3006", "proven", "http.forbidden"),
                row("forbidden resource=accounts", "LIC3006", "proven", "http.forbidden"),
                row("not-found resource=devices", "LIC3007", "likely", "http.not-found"),
                row("not-allowed resource=subscriptions", "LIC3007", "likely", "http.not-found"),
                row("bad-gateway", "LIC4001", "proven", "http.unavailable"),
                row("unavailable resource=licenses", "LIC4001", "proven", "http.unavailable"),
                row("unavailable resource=token", "LIC4001", "proven", "http.unavailable"),
                row("stall resource=licenses", "LIC4001", "likely", "http.no-answer"),
                row("stall", "LIC4001", "likely", "http.no-answer"),
                row("rate-limited resource=licenses retry-after=0", "LIC4003", "proven", "http.rate-limited"),
                row("server-error", "LIC4004", "proven", "http.server-error"),
                row("service-down", "LIC4004", "proven", "http.server-error"),
                row("server-error resource=alerts", "LIC4004", "proven", "http.server-error"),
                row("html resource=licenses", "LIC4005", "proven", "answer.html"),
                row("html-token", "LIC4005", "proven", "answer.html"),
                row("cut-body resource=licenses bytes=500", "LIC4006", "proven", "answer.cut"),
                row("cut-body resource=licenses bytes=200", "LIC4006", "proven", "answer.cut"),
                row("deep-json resource=virtual-accounts", "LIC4007", "likely", "answer.too-large"),
                row("deep-json resource=licenses", "LIC4007", "proven", "answer.shape"),
                row("wrong-charset resource=licenses", "LIC4006", "proven", "answer.malformed"),
                row("missing-field resource=licenses", "LIC4007", "proven", "answer.shape"),
                row("huge-number resource=licenses", "LIC4007", "proven", "answer.shape"),
                row("endless resource=licenses", "LIC4007", "likely", "answer.too-large"),
                row("bandwidth resource=licenses bytes-per-second=20", "LIC4007", "likely", "answer.too-large"),
                row("empty resource=licenses", "LIC4008", "proven", "inventory.vanished"),
                row("empty resource=virtual-accounts", "LIC4008", "proven", "inventory.vanished"),
                row("empty resource=accounts", "LIC4008", "proven", "inventory.vanished"),
                row("token-refused; clock-skew", "LIC6001", "likely", "clock.wrong"),
                row("status resource=licenses", "LIC9999", "possible"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsDiagnosedCorrectlyAndResolvedOnce(String faults, String code, String confidence, List<String> because)
            throws Exception {
        ssm.revokeTokens();
        setFaults(faults);
        SyncResult failed = relay.sync();
        ssm.faults().clear();
        SyncResult recovered = relay.sync();

        List<FailureEvent> all = relay.failures();
        List<FailureEvent> events = all.subList(eventsRead, all.size());
        eventsRead = all.size();
        assertThat(events).extracting(FailureEvent::state).containsExactly("trigger", "resolve");
        FailureEvent trigger = events.get(0);
        FailureEvent resolve = events.get(1);
        assertThat(trigger.code()).as("%s", trigger).isEqualTo(code);
        assertThat(trigger.confidence()).as("%s", trigger).isEqualTo(confidence);
        assertThat(trigger.because()).containsAll(because);
        assertThat(trigger.others()).as("%s", trigger).doesNotContainAnyElementsOf(IMPOSSIBLE_HERE);
        assertThat(failed.outcome()).isNotEqualTo("complete");
        assertThat(failed.incidents()).extracting(SyncResult.Noted::code).containsExactly(code);
        assertThat(resolve.key()).isEqualTo(trigger.key());
        assertThat(resolve.text("/causationid")).isEqualTo(trigger.id());
        assertThat(recovered.outcome()).isEqualTo("complete");
        assertThat(recovered.incidents()).isEmpty();
        assertThat(relay.inventory()).isEqualTo(inventory);
    }

    /** Sets one or more faults with their parameters, separated by {@code ;}. */
    private static void setFaults(String faults) {
        for (String fault : faults.split("; ")) {
            String[] words = fault.split(" ");
            List<Object> parameters = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                parameters.addAll(List.of(words[i].split("=")));
            }
            ssm.faults().set(words[0], parameters.toArray());
        }
    }

    private static Arguments row(String faults, String code, String confidence, String... because) {
        return arguments(faults, code, confidence, List.of(because));
    }
}
