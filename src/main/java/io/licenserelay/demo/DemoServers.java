package io.licenserelay.demo;

import io.licenserelay.actions.RunningRelay;
import io.licenserelay.app.Relay;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.app.web.WebModule;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The servers of the demo: broker, simulated SSM and relay, with their files in the demo's folder. */
final class DemoServers implements AutoCloseable {
    static final String CLIENT = "z92Dss3-demo-client";
    static final String USER = "relay-operator";
    private static final String SECRET = "demo-client-secret-Kq8+/=&%";
    private static final String PASSWORD = "demo password {ü}";
    private static final int DEFAULT_PORT = 9092;

    private final EmbeddedKafka kafka;
    private final SsmSimulator ssm;
    private final SsmSimulator cloud;
    private final Relay relay;
    private final WebModule web;
    private final Settings settings;

    private DemoServers(
            EmbeddedKafka kafka, SsmSimulator ssm, SsmSimulator cloud, Relay relay, WebModule web, Settings settings) {
        this.web = web;
        this.kafka = kafka;
        this.ssm = ssm;
        this.cloud = cloud;
        this.relay = relay;
        this.settings = settings;
    }

    static DemoServers start(Path data, RouteFiles routes, PrintWriter out) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(Files.createDirectories(data.resolve("kafka")), freePort());
        print(out, "Kafka (KRaft) listens at " + kafka.brokers());
        SsmSimulator ssm = SsmSimulator.builder()
                .estate(DemoEstate.make())
                .client(ApiClient.of(CLIENT, SECRET, Grant.PASSWORD))
                .user(USER, PASSWORD)
                .logs(Files.createDirectories(data.resolve("ssm-log")))
                .start();
        print(out, "A simulated SSM On-Prem listens at " + ssm.url() + ", with a certificate from a new CA");
        SsmSimulator cloud = SsmSimulator.builder()
                .estate(DemoReports.estate())
                .client(ApiClient.of(CLIENT, SECRET, Grant.CLIENT_CREDENTIALS))
                .authority(ssm.authority())
                .start();
        cloud.reports().pollsUntilAck(0).pollInterval(1);
        print(out, "A simulated CSSM with the published protocol for usage reports listens at " + cloud.url());
        Configuration configuration = configuration(data, kafka, ssm, cloud);
        new TopicSetup(configuration.settings()).ensure();
        Path state = Files.createDirectories(data.resolve("state"));
        Relay relay = new Relay(configuration, state, Clock.systemUTC());
        WebModule web = new WebModule(configuration.settings().web(), state, Clock.systemUTC());
        relay.serve(web);
        relay.start(routes, false);
        web.listen();
        print(out, "The relay is up, with its state in " + state + " (SQLite)");
        print(out, "Watch it in a browser, within two minutes: " + new RunningRelay(state).newLoginAddress());
        return new DemoServers(kafka, ssm, cloud, relay, web, configuration.settings());
    }

    Relay relay() {
        return relay;
    }

    Settings settings() {
        return settings;
    }

    /** The URL that sets faults of the simulated SSM. */
    URI faults() {
        return ssm.control();
    }

    String brokers() {
        return kafka.brokers();
    }

    /** Registers the API client again, for this grant, and revokes all earlier tokens. */
    void register(Grant grant) {
        ssm.client(ApiClient.of(CLIENT, SECRET, grant));
        ssm.revokeTokens();
    }

    @Override
    public void close() throws IOException {
        web.close();
        relay.close();
        ssm.close();
        cloud.close();
        kafka.close();
    }

    private static Configuration configuration(Path data, EmbeddedKafka kafka, SsmSimulator ssm, SsmSimulator cloud)
            throws Exception {
        Path config = Files.createDirectories(data.resolve("config"));
        Path trust = ssm.authority().writeTo(config.resolve("ssm-ca.pem"));
        Files.writeString(
                config.resolve("application.properties"),
                "relay.kafka.brokers=" + kafka.brokers() + "\nrelay.projections=pagerduty,servicenow,alertmanager\n");
        Files.writeString(
                config.resolve("relay.yaml"),
                String.join(
                        "\n",
                        "sites:",
                        "  - name: hq",
                        "    labels: { team: network }",
                        "    ssm:",
                        "      url: " + ssm.url(),
                        "      grant: password",
                        "      client: { id: " + CLIENT + ", secret: 'env:DEMO_SECRET' }",
                        "      user: { name: " + USER + ", password: 'env:DEMO_PASSWORD' }",
                        "      trust: " + trust,
                        "    logs:",
                        "      - { name: ssm, path: " + data.resolve("ssm-log/messages") + " }",
                        "  - name: cloud",
                        "    ssm:",
                        "      url: " + cloud.url(),
                        "      api: cssm",
                        "      client: { id: " + CLIENT + ", secret: 'env:DEMO_SECRET' }",
                        "      trust: " + trust,
                        "    reports:",
                        "      push: api",
                        "      inbox: " + data.resolve("cloud/inbox"),
                        "      outbox: " + data.resolve("cloud/outbox"),
                        ""));
        return Configuration.read(config, Map.of("DEMO_SECRET", SECRET, "DEMO_PASSWORD", PASSWORD), Map.of());
    }

    /** Kafka's default port, or any free port if it is in use. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(DEFAULT_PORT)) {
            return socket.getLocalPort();
        } catch (IOException inUse) {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }
    }

    private static void print(PrintWriter out, String line) {
        out.println("· " + line);
        out.flush();
    }
}
