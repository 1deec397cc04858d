package io.licenserelay.evidence.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example in {@code docs/extend/probes.md} verbatim: a route file and a rule add a probe, its finding and its cause. */
@Timeout(120)
class OwnProbeIT {
    @TempDir
    Path folder;

    @Test
    void aRouteOfTheGroupAddsAProbeWhoseFindingARuleUses() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        HttpServer status = statusPage();
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(estate)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = relay(
                                ssm, "http://localhost:" + status.getAddress().getPort() + "/ssm")
                        .start()) {
            ssm.faults().set("bad-gateway");

            relay.sync();

            FailureEvent event = relay.failures().get(0);
            assertThat(event.code()).as("%s", event).isEqualTo("LOCAL0001");
            assertThat(event.because()).containsExactlyInAnyOrder("http.unavailable", "custom.maintenance");
            assertThat(event.findings()).contains("custom.maintenance");
            List<String> probes = probes(event);
            assertThat(probes).startsWith("dns", "tcp", "tls", "http", "oauth").endsWith("manager", "maintenance");
            String own = "/data/evidence/probes/" + (probes.size() - 1);
            assertThat(event.text(own + "/status")).isEqualTo("failed");
            assertThat(event.text(own + "/reason")).isEqualTo("announced");
        } finally {
            status.stop(0);
        }
    }

    @Test
    void anUnreachablePageHasNoFinding() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        try (SsmSimulator ssm = SsmSimulator.builder()
                        .estate(estate)
                        .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                        .start();
                TempRelay relay = relay(ssm, "http://localhost:1/ssm").start()) {
            ssm.faults().set("bad-gateway");

            relay.sync();

            FailureEvent event = relay.failures().get(0);
            assertThat(event.code()).as("%s", event).isNotEqualTo("LOCAL0001");
            assertThat(event.text("/data/evidence/probes/" + (probes(event).size() - 1) + "/reason"))
                    .isEqualTo("no-answer");
        }
    }

    private static List<String> probes(FailureEvent event) {
        return event.json().at("/data/evidence/probes").findValuesAsText("probe");
    }

    private TempRelay relay(SsmSimulator ssm, String status) throws IOException {
        List<String> examples = examples();
        Path routes = Files.createDirectories(folder.resolve("routes"));
        Files.writeString(routes.resolve("57-maintenance.camel.yaml"), examples.get(0));
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                Files.createDirectories(config.resolve("diagnoses.d")).resolve("20-maintenance.yaml"), examples.get(1));
        return TempRelay.in(folder).of(ssm).setting("status.url", status).routes(routes);
    }

    private static List<String> examples() throws IOException {
        return Pattern.compile("(?s)```yaml\n(.*?)```")
                .matcher(Files.readString(Path.of("docs/extend/probes.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    private static HttpServer statusPage() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/ssm", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
