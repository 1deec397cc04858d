package io.licenserelay.reports.device;

import static io.licenserelay.fixture.HostileServer.repeat;
import static io.licenserelay.fixture.HostileServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.HostileServer;
import io.licenserelay.fixture.HostileServer.Trick;
import io.licenserelay.fixture.TempRelay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Reading a hostile device ends at a limit, and the incident names the limit. The same run still reads the licenses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileDeviceIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    /** More bytes than any limit allows. A client that reads all of them has no limit. */
    private static final long ENDLESS = 3L << 30;

    @TempDir
    static Path folder;

    private HostileServer ssm;
    private HostileServer device;
    private TempRelay relay;

    @BeforeAll
    void start() throws Exception {
        ssm = HostileServer.start();
        device = HostileServer.start();
        relay = TempRelay.in(folder)
                .ssm("url", ssm.url())
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .ssm("trust", ssm.trust(folder).toString())
                .ssm("limits", "{ connect: 5s, tls: 5s, response: 5s, total: 5s, size: 4MiB }")
                .environment("SSM_CLIENT_SECRET", "relay-secret-1")
                .environment("DEVICE_PASSWORD", "device-password-1")
                .site(
                        "reports",
                        "{ push: off, inbox: " + folder.resolve("inbox") + ", outbox: " + folder.resolve("outbox")
                                + ", devices: { user: { name: relay, password: 'env:DEVICE_PASSWORD' }, trust: '"
                                + device.trust(folder) + "', list: [ { name: edge-1, url: '" + device.url()
                                + "' } ] } }")
                .start();
    }

    @AfterAll
    void stop() throws IOException {
        relay.close();
        device.close();
        ssm.close();
    }

    @Test
    void anEndlessHeaderIsRejected() throws Exception {
        assertThat(findingsAfter((request, out) -> {
                    text(out, OK + "X-Long: ");
                    repeat(out, "a", ENDLESS);
                }))
                .contains("8192 bytes per line");
    }

    @Test
    void anEndlessBodyIsRejectedAtTheSizeLimit() throws Exception {
        assertThat(findingsAfter((request, out) -> {
                    text(out, OK + "Transfer-Encoding: chunked\r\n\r\n");
                    repeat(out, "4000\r\n" + " ".repeat(0x4000) + "\r\n", ENDLESS);
                }))
                .contains("4194304 bytes");
    }

    @Test
    void anUnrequestedProtocolUpgradeIsAFailure() throws Exception {
        assertThat(findingsAfter((request, out) ->
                        text(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")))
                .contains("ProtocolException");
    }

    @Test
    void aSlowLorisAnswerEndsAtTheTotalTimeLimit() throws Exception {
        assertThat(findingsAfter((request, out) -> {
                    text(out, OK + "X-Slow: ");
                    while (true) {
                        out.write('a');
                        out.flush();
                        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                    }
                }))
                .contains("not complete after 5 s");
    }

    /** Runs once against the hostile answer and returns the findings. The next run reads a healthy device without reports. */
    private String findingsAfter(Trick trick) throws Exception {
        int before = relay.failures().size();
        long started = System.nanoTime();
        device.answer("/smartlic-service", trick);
        assertThat(relay.sync().virtualAccounts()).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMinutes(3));
        List<FailureEvent> newFailures = relay.failures().stream().skip(before).toList();
        assertThat(newFailures).extracting(FailureEvent::code).containsExactly("LIC5008");
        assertThat(newFailures.get(0).because()).containsExactly("device.bad-answer");

        device.answer("/smartlic-service", (request, out) -> HostileServer.json(out, "{}"));
        relay.sync();
        return newFailures.get(0).json().at("/data/evidence/findings").toString();
    }
}
