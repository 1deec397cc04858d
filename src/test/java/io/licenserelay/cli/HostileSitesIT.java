package io.licenserelay.cli;

import static io.licenserelay.fixture.HostileServer.json;
import static io.licenserelay.fixture.HostileServer.repeat;
import static io.licenserelay.fixture.HostileServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.HostileServer;
import io.licenserelay.fixture.HostileServer.Trick;
import io.licenserelay.fixture.RealKafka;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several servers send answers that would fill the heap to a relay with a heap of 128 MB. Each server uses every trick in turn. */
@Tag("deep")
@Tag("only-deep")
class HostileSitesIT {
    private static final int HOSTILE = 4;
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final long ENDLESS = 1L << 30;

    @TempDir
    Path folder;

    @Test
    void theRelaySurvivesAndTheHealthySiteKeepsRunning() throws Exception {
        List<HostileServer> servers = new ArrayList<>();
        AtomicInteger turn = new AtomicInteger();
        try (OneSite healthy = OneSite.in(folder)) {
            healthy.files().site("schedule", "'*/3 * * * * ?'");
            Settings settings = healthy.writeWithTopics();
            for (int i = 0; i < HOSTILE; i++) {
                HostileServer server = HostileServer.start();
                servers.add(server);
                server.answer("/api/", (request, out) -> trick(request, turn).play(request, out));
                add(healthy, "hostile-" + i, server);
            }
            try (RelayProcess relay = RelayProcess.startWith(
                    List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
                    folder,
                    "run",
                    "--config",
                    healthy.config().toString(),
                    "--data",
                    healthy.data().toString())) {
                relay.until(Duration.ofMillis(200), () -> turn.get() >= 2 * 2 * TRICKS.size());
                int before = complete(settings);
                relay.until(Duration.ofMillis(200), () -> complete(settings) >= before + 3);
                assertThat(relay.terminate()).isZero();
                assertThat(relay.err()).doesNotContain("OutOfMemoryError");
            }
        } finally {
            for (HostileServer server : servers) {
                server.close();
            }
        }
    }

    private static final List<Trick> TRICKS = List.of(
            (request, out) -> {
                text(out, "HTTP/1.1 200 OK\r\nX-Long: ");
                repeat(out, "a", ENDLESS);
            },
            (request, out) -> {
                text(out, "HTTP/1.1 200 OK\r\n");
                repeat(out, "X-More: 1\r\n", ENDLESS);
            },
            (request, out) -> {
                text(out, CHUNKED + "1;x=");
                repeat(out, "a", ENDLESS);
            },
            (request, out) -> {
                text(out, CHUNKED + "2\r\n{}\r\n0\r\n");
                repeat(out, "X-Trailer: 1\r\n", ENDLESS);
            },
            (request, out) ->
                    list(out, request, "{\"name\":\"A%d\",\"license\":\"L%d\",\"quantity\":1,\"inUse\":0},", 1_000_000),
            (request, out) -> list(
                    out,
                    request,
                    "{\"name\":\"" + "n".repeat(60_000) + "%d\",\"license\":\"" + "l".repeat(60_000)
                            + "%d\",\"quantity\":1,\"inUse\":0},",
                    4_000),
            (request, out) -> list(
                    out,
                    request,
                    "{\"license\":\"DNA\",\"quantity\":1,\"inUse\":0,\"licenseDetails\":["
                            + ("{\"endDate\":\"" + "9".repeat(990_000) + "%d\"},").repeat(20) + "{}]},",
                    20),
            (request, out) -> list(out, request, "{\"made-up-%d-" + "x".repeat(900) + "\":%d},", 200_000),
            (request, out) -> json(out, "{\"x\":" + "[".repeat(1_000_000)));

    /** Every second answer with accounts is valid, so that the relay also requests the lists of the accounts. */
    private static Trick trick(String request, AtomicInteger turn) {
        int number = turn.getAndIncrement();
        boolean accounts = request.contains("/upstream_satellites/accounts");
        boolean vas = request.contains("/virtual-accounts ");
        if (accounts && number % 2 == 0) {
            return (ignored, out) -> json(out, "{\"accounts\":[{\"name\":\"ACME\"}]}");
        }
        if (vas && number % 2 == 0) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                all.append(i == 0 ? "" : ",")
                        .append("{\"name\":\"VA ")
                        .append(i)
                        .append("\"}");
            }
            return (ignored, out) -> json(out, "{\"virtualAccounts\":[" + all + "]}");
        }
        return TRICKS.get(number / 2 % TRICKS.size());
    }

    /** Writes a list with the name that the request expects. */
    private static void list(OutputStream out, String request, String item, int times) throws IOException {
        String name = request.contains("/upstream_satellites/accounts")
                ? "accounts"
                : request.contains("/virtual-accounts ") ? "virtualAccounts" : "licenses";
        text(out, CHUNKED);
        chunk(out, "{\"" + name + "\":[");
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < times; i++) {
            items.append(item.replace("%d", Integer.toString(i)));
            if (items.length() > 16_384) {
                chunk(out, items.toString());
                items.setLength(0);
            }
        }
        chunk(out, items + "{}]}");
        text(out, "0\r\n\r\n");
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        text(out, Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        text(out, "\r\n");
    }

    private void add(OneSite healthy, String name, HostileServer server) throws IOException {
        String yaml = String.join(
                "\n",
                "  - name: " + name,
                "    schedule: '* * * * * ?'",
                "    jitter: 0s",
                "    probes: { deadline: 1s }",
                "    ssm:",
                "      url: " + server.url(),
                "      client: { id: relay, secret: 'file:" + folder.resolve("secret") + "' }",
                "      trust: " + server.trust(folder),
                "");
        Files.writeString(healthy.config().resolve("relay.yaml"), yaml, StandardOpenOption.APPEND);
    }

    /** The number of complete syncs of the healthy site. */
    private static int complete(Settings settings) throws InterruptedException {
        return (int) RealKafka.events(settings.topic(Topic.SYNCS)).stream()
                .filter(event -> event.path("subject").asText().startsWith("hq"))
                .filter(event -> event.at("/data/outcome").asText().equals("complete"))
                .count();
    }
}
