package io.licenserelay.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.observe.health.SiteHealth;
import io.licenserelay.observe.health.SiteStatus;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.text.Json;
import io.licenserelay.web.server.AddressUnavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay that serves health and metrics, asked over real HTTP: a site that works, and a site whose SSM cannot be reached. */
class ManagementIT {
    private static final Path PAGE = Path.of("docs/metrics.md");
    private static final Path RULES = Path.of("docker/prometheus/alerts.yaml");
    private static final Path DASHBOARD = Path.of("docker/grafana/license-relay.json");

    /** A metric in the first column of a table of the page. */
    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| (?:gauge|counter|histogram|summary|info)\\b");

    /** A metric in an expression: the relay's own names, and those of Camel and the JVM that it serves too. */
    private static final Pattern USED =
            Pattern.compile("\\b((?:license_relay|camel|jvm|process|system)_[a-z0-9_]+)\\b(?!\\()");

    @TempDir
    Path folder;

    @Test
    void metricsHealthPageRulesAndDashboardOfARelayAgree() throws Exception {
        int port = freePort();
        Estate estate = Estate.of()
                .account("ACME")
                .va("Default")
                .license("DNA Advantage", 10, 4, "In Compliance")
                .license("DNA Essentials", 1, 2, "Out Of Compliance")
                .estate();
        try (SsmSimulator ssm = simulator(estate);
                TempRelay relay = relay(ssm, port).startScheduled()) {
            awaiting().until(() -> has(port, "license_relay_incidents_open{code=\"LIC"));
            awaiting().until(() -> value(port, "license_relay_runs_total{outcome=\"complete\",site=\"hq\"}") == 1);
            seedReport(relay);

            assertHealth(relay, port);
            Scrape scrape = awaiting().until(() -> Scrape.from(port), found -> found.has("license_relay_reports"));
            assertThat(scrape.value("license_relay_store_up")).isEqualTo(1);
            assertThat(scrape.value("license_relay_licenses{account=\"ACME\",compliance=\"in\",site=\"hq\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("license_relay_licenses{account=\"ACME\",compliance=\"out\",site=\"hq\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("license_relay_token_requests_total{answer=\"granted\"}"))
                    .isPositive();
            assertThat(scrape.value("license_relay_token_requests_total{answer=\"unanswered\"}"))
                    .isPositive();
            assertThat(scrape.value("license_relay_http_request_duration_seconds_count{status=\"2xx\",target=\"ssm\"}"))
                    .isPositive();
            assertThat(scrape.value("license_relay_incidents_opened_total{severity=\"error\"}")
                            + scrape.value("license_relay_incidents_opened_total{severity=\"critical\"}"))
                    .isPositive();
            assertThat(scrape.value("license_relay_deadline_seconds{kind=\"api-client\",site=\"hq\"}"))
                    .isGreaterThan(Duration.ofDays(300).toSeconds());
            assertThat(scrape.value("license_relay_deadline_seconds{kind=\"certificate\",site=\"hq\"}"))
                    .isPositive();
            assertThat(scrape.value("license_relay_report_awaiting_ack_age_seconds{site=\"hq\"}"))
                    .isPositive();
            assertThat(scrape.value("license_relay_site_owned{site=\"branch\"}"))
                    .isEqualTo(1);
            assertThat(scrape.lines())
                    .as("names of licenses and users stay inside")
                    .noneMatch(
                            line -> line.contains("DNA") || line.contains("operator") || line.contains("relay-secret"));

            assertThat(names(PAGE, DOCUMENTED)).as("the metrics of %s", PAGE).isEqualTo(scrape.families());
            Set<String> series = scrape.lines().stream()
                    .map(line -> line.replaceFirst("[{ ].*", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(series).containsAll(names(RULES, USED)).containsAll(names(DASHBOARD, USED));
            assertThat(names(RULES, USED)).hasSizeGreaterThan(8);
            assertThat(names(DASHBOARD, USED)).hasSizeGreaterThan(12);
        }
        assertThatThrownBy(() -> Scrape.get(port, "/health/live")).isInstanceOf(IOException.class);
    }

    /** The relay is ready although an SSM is unreachable. Only Camel's registry and Java callers get the reason. */
    private static void assertHealth(TempRelay relay, int port) throws Exception {
        HttpResponse<String> live = Scrape.get(port, "/health/live");
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("{\"status\":\"up\"}\n");
        assertThat(Scrape.get(port, "/health/ready").statusCode()).isEqualTo(200);
        HttpResponse<String> sites = Scrape.get(port, "/health/sites");
        assertThat(sites.statusCode()).isEqualTo(200);
        JsonNode answer = Json.MAPPER.readTree(sites.body());
        assertThat(answer)
                .isEqualTo(Json.MAPPER.readTree(
                        "{\"sites\":[{\"site\":\"hq\",\"status\":\"up\"},{\"site\":\"branch\",\"status\":\"down\"}]}"));

        SiteStatus down = new SiteHealth(relay.relay().database(), relay.relay().sites())
                .all()
                .get(1);
        assertThat(down.reason()).startsWith("LIC");
        assertThat(down.since()).isNotNull();
        HealthCheckRegistry registry = HealthCheckRegistry.get(relay.relay().camel());
        HealthCheck.Result branch = registry.stream()
                .filter(check -> check.getId().equals("license-relay-site-branch"))
                .findFirst()
                .orElseThrow()
                .call();
        assertThat(branch.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(branch.getMessage()).hasValue(down.reason());
        assertThat(branch.getCheck().isReadiness()).isFalse();
        assertThat(branch.getCheck().isLiveness()).isFalse();
    }

    @Test
    void aPortInUseStopsTheStartAndIsReportedWithItsKey() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SsmSimulator ssm =
                        simulator(Estate.of().account("ACME").va("Default").estate());
                TempRelay relay = relay(ssm, taken.getLocalPort())) {
            assertThatThrownBy(relay::startScheduled)
                    .isInstanceOf(AddressUnavailable.class)
                    .hasMessage("relay.management.address: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + " (Address already in use); stop the process that listens there (ss -lntp | grep :"
                            + taken.getLocalPort() + "), or set another port");
        }
    }

    /** A command that syncs once, such as sync, opens no port. */
    @Test
    void aRelayWithoutSchedulesServesNothing() throws Exception {
        int port = freePort();
        try (SsmSimulator ssm =
                        simulator(Estate.of().account("ACME").va("Default").estate());
                TempRelay relay = relay(ssm, port).start()) {
            assertThat(relay.relay().camel().isStarted()).isTrue();
            assertThatThrownBy(() -> Scrape.get(port, "/health/live")).isInstanceOf(IOException.class);
        }
    }

    private static SsmSimulator simulator(Estate estate) throws Exception {
        return SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
    }

    private TempRelay relay(SsmSimulator ssm, int port) throws IOException {
        return TempRelay.in(folder)
                .of(ssm)
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET', expires: 2099-01-01 }")
                .site("schedule", "'0 0 0 1 1 ?'")
                .furtherSite(
                        "{ name: branch, jitter: 0s, schedule: '0 0 0 1 1 ?', probes: { deadline: 5s }, ssm: { url:"
                                + " 'https://127.0.0.1:1', client: { id: relay, secret: 'env:SSM_CLIENT_SECRET' } } }")
                .setting("relay.management.address", "127.0.0.1:" + port);
    }

    /** A report that waits for its acknowledgement, as the ledger stores it. */
    private static void seedReport(TempRelay relay) {
        relay.relay()
                .database()
                .write(
                        "hq",
                        tx -> tx.execute(
                                "INSERT INTO report (digest, site, pid, serial, origin, received_at, state, changed_at)"
                                        + " VALUES ('d', 'hq', 'C8000V', 'S1', 'inbox', ?, 'submitted', ?)",
                                System.currentTimeMillis() - 60_000,
                                System.currentTimeMillis()));
    }

    private static Set<String> names(Path file, Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean has(int port, String series) throws Exception {
        return Scrape.from(port).lines().stream().anyMatch(line -> line.startsWith(series));
    }

    private static double value(int port, String series) throws Exception {
        return Scrape.from(port).value(series);
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
