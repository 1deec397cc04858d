package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.HostileServer;
import io.licenserelay.fixture.TempRelay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If a part of a run exceeds {@code relay.run.limit}, the relay stops it before its next step. */
class RunLimitIT {
    /** Longer than the limit. A normal run stays below the limit even on a slow machine. */
    private static final Duration SLOW = Duration.ofSeconds(9);

    @TempDir
    Path folder;

    private HostileServer ssm;

    @BeforeEach
    void start() throws IOException {
        ssm = HostileServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        ssm.close();
    }

    @Test
    void theNextRequestAfterASlowListIsNotSentAndTheRelayOwnsTheIncident() throws Exception {
        try (TempRelay relay = relay().start()) {
            ssm.answer("/licenses", (request, out) -> {
                LockSupport.parkNanos(SLOW.toNanos());
                HostileServer.json(out, "{\"licenses\":[],\"totalRecords\":0}");
            });
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(ssm.requests()).noneMatch(head -> head.contains("/license-subscriptions"));
            FailureEvent trigger = relay.failures().get(0);
            assertThat(trigger.code()).isEqualTo("LIC8007");
            assertThat(trigger.because()).containsExactly("run.limit");
            assertThat(trigger.text("/data/diagnosis/owner")).isEqualTo("relay");
            assertThat(trigger.json().at("/data/evidence/exchange"))
                    .as("the request was not sent")
                    .isEmpty();
            assertThat(trigger.text("/data/error/message"))
                    .contains("longer than 8 s (relay.run.limit)")
                    .contains("/license-subscriptions for hq/ACME/Default");

            ssm.answer("", (request, out) -> {});
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(relay.failures())
                    .extracting(event -> event.state() + " " + event.code())
                    .containsExactly("trigger LIC8007", "resolve LIC8007");
        }
    }

    @Test
    void remainingDevicesAreSkippedAndCounted() throws Exception {
        try (HostileServer first = HostileServer.start();
                HostileServer second = HostileServer.start();
                TempRelay relay = relay().environment("DEVICE_PASSWORD", "device-password-1")
                        .site(
                                "reports",
                                "{ push: off, inbox: " + folder.resolve("inbox") + ", outbox: "
                                        + folder.resolve("outbox")
                                        + ", devices: { parallel: 1, user: { name: relay, password: 'env:DEVICE_PASSWORD' }, list: [ "
                                        + device("edge-1", first) + ", " + device("edge-2", second) + " ] } }")
                        .start()) {
            first.answer("/smartlic-service", (request, out) -> {
                LockSupport.parkNanos(SLOW.toNanos());
                HostileServer.json(out, "{}");
            });
            assertThat(relay.sync().virtualAccounts()).isEqualTo(1);
            assertThat(second.requests()).isEmpty();
            FailureEvent trigger = relay.failures().stream()
                    .filter(event -> event.findings().contains("run.limit"))
                    .findFirst()
                    .orElseThrow();
            assertThat(trigger.code()).isEqualTo("LIC8007");
            assertThat(trigger.json().at("/data/evidence/findings").toString())
                    .contains("stopped before 1 device was visited")
                    .doesNotContain("edge-2");
        }
    }

    private String device(String name, HostileServer server) {
        return "{ name: " + name + ", url: '" + server.url() + "', trust: '" + server.trust(folder) + "' }";
    }

    private TempRelay relay() {
        return TempRelay.in(folder)
                .ssm("url", ssm.url())
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .ssm("trust", ssm.trust(folder).toString())
                .ssm("limits", "{ connect: 5s, tls: 5s, response: 60s, total: 60s }")
                .environment("SSM_CLIENT_SECRET", "relay-secret-1")
                .setting("relay.run.limit", "8s");
    }
}
