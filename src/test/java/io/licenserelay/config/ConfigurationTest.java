package io.licenserelay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.secret.EnvironmentSecret;
import io.licenserelay.config.secret.FileSecret;
import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.EvidenceForm;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.LicenseClass;
import io.licenserelay.config.site.Projection;
import io.licenserelay.config.site.ReportPolicy;
import io.licenserelay.config.site.ReportPolicy.Intervals;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.ServiceLogFormat;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Settings.Kafka;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Client;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.config.site.Site.Guard;
import io.licenserelay.config.site.Site.Limits;
import io.licenserelay.config.site.Site.LogFile;
import io.licenserelay.config.site.Site.Probing;
import io.licenserelay.config.site.Site.Reports;
import io.licenserelay.config.site.Site.Reports.Batch;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.config.site.Site.Schedule;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.config.site.Site.SdwanManager.SsmClient;
import io.licenserelay.config.site.Site.Ssm;
import io.licenserelay.config.site.Site.User;
import io.licenserelay.config.site.Topic;
import io.licenserelay.config.site.TraceSettings;
import io.licenserelay.config.tls.Issued;
import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.config.web.ProxySettings;
import io.licenserelay.config.web.WebServing;
import io.licenserelay.config.web.WebSettings;
import io.licenserelay.config.web.WebTls;
import io.licenserelay.config.yaml.Folder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key with its default and its mapping, so that a new, removed or changed key fails a test. */
class ConfigurationTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final String COMPLETE = """
            relay:
              node: relay-1
              store:
                url: jdbc:postgresql://db1.example.net,db2.example.net:5433/relay?currentSchema=licenses
                user: licenses
                password: env:STORE_PASSWORD
                trust: "%1$s/trust.pem"
            sites:
              - name: hq
                labels: { team: network, region: emea }
                ssm:
                  url: https://ssm.example.net:8443/base/
                  api: cssm
                  grant: password
                  client: { id: "0123", secret: env:SECRET, expires: 2027-08-04 }
                  user: { name: relay, password: "file:%1$s/password" }
                  trust: [trust.pem, "%1$s/trust.pem"]
                  proxy: http://proxy.example.net:3128
                  page: 500
                  limits: { connect: 1s, tls: 2s, response: 3000ms, total: 4m, list: 2h, size: 5MiB }
                  paths:
                    token: /t
                    accounts: /a
                    virtual-accounts: /v/{account}
                    licenses: /l/{account}/{va}
                    subscriptions: /s/{account}
                    devices: /d
                    alerts: /al
                    report-usage: /r
                    poll: /p
                accounts: [ACME, "Näme, Inc."]
                schedule: "0 30 4 ? * MON-FRI"
                zone: Europe/Paris
                jitter: 0s
                parallel: 64
                guard: { shrink: 12.5%%, equalPulls: 1 }
                reports:
                  push: api
                  inbox: /in
                  outbox: /out
                  batch: { reports: 7, size: 128KiB }
                  ackWithin: 10d
                  keep: 2y
                  topic: reports-in
                  unconfirmed: accept
                  policy:
                    warn: 7d
                    usual: perpetual
                    perpetual: { first: 1d, every: 2d, change: 3d }
                    subscription: { first: 4d, every: 5d, change: 6d }
                    enforced: { every: 7d }
                    export: { first: 8d, change: 9d }
                    entitlements: { "*HSEC*": export }
                  devices:
                    user: { name: all, password: env:SECRET }
                    trust: trust.pem
                    list:
                      - { name: edge-1, url: "https://edge1.example.net/" }
                      - { name: edge-2, url: "http://127.0.0.1:81", user: { name: own, password: "file:%1$s/password" }, trust: [] }
                    parallel: 64
                    days: 90
                    close: true
                    acks: base64
                manager:
                  url: http://127.0.0.1:1234
                  user: { name: m, password: env:SECRET }
                  trust: trust.pem
                  watch: 20m
                  ssmClient: { id: mc, secret: env:SECRET, user: admin, password: env:SECRET }
                logs:
                  - { name: ssm, source: file, path: /var/log/ssm.log, zone: Asia/Tokyo, clock: ssm, clients: [10.0.0.9, "fd00::9"] }
                  - { name: manager, source: manager-api, path: /var/log/manager.log, zone: Asia/Kolkata }
                probes: { deadline: 20s, ping: true, ntp: ntp.example.net }
            """;

    private static final String MAPPED = """
            # a comment that ends with a backslash \\
            relay.kafka.brokers = file:1,\\
                                  [::1]:2
            relay.kafka.maxBlock=1m
            relay.kafka.timeout=3s
            relay.kafka.client.sasl.mechanism=file
            relay.topics.failures=file.failures
            relay.topics.syncs=file.syncs
            relay.topics.licenses=file.licenses
            relay.topics.reports=file.reports
            relay.topics.commands=file.commands
            relay.topics.dead-letters=file.dead-letters
            relay.name=file
            relay.docs.base=https://file/
            relay.events.maxBytes=8192
            relay.events.evidence=full
            relay.fold.places=2
            relay.flap.times=4
            relay.flap.rest=2h
            relay.projections=servicenow
            relay.sites.parallel=3
            relay.run.limit=7m
            relay.commands.pause=5s
            relay.inbox.settle=0s
            relay.evidence.bundles=3
            relay.evidence.size=1MiB
            relay.evidence.age=48h
            relay.web=off
            relay.web.address=[::1]:9
            relay.web.names=relay.file
            relay.web.operators=alice, bob
            relay.web.tls=terminated-by-proxy
            relay.web.proxy.addresses=10.0.0.5
            relay.web.proxy.userHeader=X-User
            relay.web.url=https://relay.file
            relay.management.address=[::1]:9464
            relay.log.format=json
            relay.traces.endpoint=https://collector:4318/v1/traces
            relay.traces.header.Authorization=env:COLLECTOR_TOKEN
            camel.main.name=zürich
            """;

    private final Folder folder;

    ConfigurationTest(@TempDir Path path) {
        folder = new Folder(path).variable("STORE_PASSWORD", "st0re");
    }

    @Test
    void everyKeyOfASiteHasItsDefault() throws Exception {
        Site site = folder.yaml(Folder.MINIMAL).read().sites().get(0);
        assertThat(site)
                .isEqualTo(new Site(
                        "hq",
                        Map.of(),
                        new Ssm(
                                URI.create("https://ssm.example.net:8443"),
                                Api.SSM_ONPREM,
                                Api.SSM_ONPREM.paths(),
                                Grant.CLIENT_CREDENTIALS,
                                new Client("relay", variable("SECRET"), null),
                                null,
                                List.of(),
                                null,
                                -1,
                                new Limits(
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(30),
                                        Duration.ofMinutes(10),
                                        Duration.ofHours(1),
                                        1L << 30)),
                        List.of(),
                        new Schedule("0 0 2 * * ?", UTC, Duration.ofSeconds(300)),
                        8,
                        new Guard(0.5, 3),
                        new Reports(
                                Push.OFF,
                                Path.of("data/hq/inbox").toAbsolutePath(),
                                Path.of("data/hq/outbox").toAbsolutePath()),
                        null,
                        List.of(),
                        new Probing(Duration.ofSeconds(10), false, null)));
    }

    @Test
    void everyKeyOfASiteIsMapped() throws Exception {
        Path pem = Issued.write(folder.path.resolve("trust.pem"), Issued.authority("CA"));
        String password = folder.path + "/password";
        Files.writeString(Path.of(password), "pass\n");
        Site site = folder.yaml(COMPLETE.formatted(folder.path)).read().sites().get(0);
        Map<Resource, String> paths = new EnumMap<>(Resource.class);
        paths.put(Resource.TOKEN, "/t");
        paths.put(Resource.ACCOUNTS, "/a");
        paths.put(Resource.VIRTUAL_ACCOUNTS, "/v/{account}");
        paths.put(Resource.LICENSES, "/l/{account}/{va}");
        paths.put(Resource.SUBSCRIPTIONS, "/s/{account}");
        paths.put(Resource.DEVICES, "/d");
        paths.put(Resource.ALERTS, "/al");
        paths.put(Resource.REPORT_USAGE, "/r");
        paths.put(Resource.POLL, "/p");
        assertThat(site)
                .isEqualTo(new Site(
                        "hq",
                        Map.of("team", "network", "region", "emea"),
                        new Ssm(
                                URI.create("https://ssm.example.net:8443/base"),
                                Api.CSSM,
                                paths,
                                Grant.PASSWORD,
                                new Client("0123", variable("SECRET"), LocalDate.of(2027, 8, 4)),
                                new User("relay", new FileSecret(password, Path.of(password))),
                                List.of(pem, pem),
                                URI.create("http://proxy.example.net:3128"),
                                500,
                                new Limits(
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(3),
                                        Duration.ofMinutes(4),
                                        Duration.ofHours(2),
                                        5L << 20)),
                        List.of("ACME", "Näme, Inc."),
                        new Schedule("0 30 4 ? * MON-FRI", ZoneId.of("Europe/Paris"), Duration.ZERO),
                        64,
                        new Guard(0.125, 1),
                        new Reports(
                                Push.API,
                                Path.of("/in"),
                                Path.of("/out"),
                                new Batch(7, 128 << 10),
                                Duration.ofDays(10),
                                Duration.ofDays(730),
                                "reports-in",
                                new ReportPolicy(
                                        Map.of(
                                                LicenseClass.PERPETUAL, Intervals.ofDays(1, 2, 3),
                                                LicenseClass.SUBSCRIPTION, Intervals.ofDays(4, 5, 6),
                                                LicenseClass.ENFORCED, Intervals.ofDays(0, 7, 0),
                                                LicenseClass.EXPORT, Intervals.ofDays(8, 0, 9)),
                                        LicenseClass.PERPETUAL,
                                        Map.of("*HSEC*", LicenseClass.EXPORT),
                                        Duration.ofDays(7),
                                        true),
                                new Devices(
                                        List.of(
                                                new Device(
                                                        "edge-1",
                                                        URI.create("https://edge1.example.net"),
                                                        new User("all", variable("SECRET")),
                                                        List.of(pem)),
                                                new Device(
                                                        "edge-2",
                                                        URI.create("http://127.0.0.1:81"),
                                                        new User("own", new FileSecret(password, Path.of(password))),
                                                        List.of())),
                                        64,
                                        90,
                                        true,
                                        Devices.Acks.BASE64)),
                        new SdwanManager(
                                URI.create("http://127.0.0.1:1234"),
                                new User("m", variable("SECRET")),
                                List.of(pem),
                                Duration.ofMinutes(20),
                                new LogFile("manager", Path.of("/var/log/manager.log"), ZoneId.of("Asia/Kolkata")),
                                true,
                                new SsmClient("mc", variable("SECRET"), "admin", variable("SECRET"))),
                        List.of(
                                new LogFile(
                                        "ssm",
                                        Path.of("/var/log/ssm.log"),
                                        ZoneId.of("Asia/Tokyo"),
                                        true,
                                        List.of("10.0.0.9", "fd00::9")),
                                new LogFile("manager", Path.of("/var/log/manager.log"), ZoneId.of("Asia/Kolkata"))),
                        new Probing(Duration.ofSeconds(20), true, "ntp.example.net")));
    }

    @Test
    void everyKeyOfTheClusterIsMapped() throws Exception {
        Path pem = Issued.write(folder.path.resolve("trust.pem"), Issued.authority("CA"));
        Files.writeString(folder.path.resolve("password"), "pass\n");
        assertThat(folder.yaml(COMPLETE.formatted(folder.path)).read().cluster())
                .isEqualTo(new NodeSettings(
                        "relay-1",
                        new StoreSettings(
                                "jdbc:postgresql://db1.example.net,db2.example.net:5433/relay?currentSchema=licenses",
                                "licenses",
                                variable("STORE_PASSWORD"),
                                pem)));
    }

    @Test
    void withoutTheBlockARelayIsAloneAndHasTheNameOfItsHost() throws Exception {
        folder.variable("HOSTNAME", "relay7.example.net");
        for (String block : List.of("", "relay:\n", "relay: {}\n")) {
            assertThat(folder.yaml(Folder.MINIMAL + block).read().cluster())
                    .isEqualTo(new NodeSettings("relay7.example.net", null));
        }
    }

    @Test
    void everySecretOfEverySiteAndSettingIsListed() throws Exception {
        Issued.write(folder.path.resolve("trust.pem"), Issued.authority("CA"));
        Files.writeString(folder.path.resolve("password"), "pass\n");
        folder.yaml(COMPLETE.formatted(folder.path))
                .settings("relay.kafka.client.sasl.jaas.config=Module required username=\"u\" password=\"k%fk+\";");
        assertThat(folder.read().secrets())
                .extracting(Secret::source)
                .containsExactly(
                        "env:SECRET",
                        "file:" + folder.path + "/password",
                        "env:SECRET",
                        "env:SECRET",
                        "env:SECRET",
                        "env:SECRET",
                        "file:" + folder.path + "/password",
                        "env:STORE_PASSWORD",
                        "relay.kafka.client.sasl.jaas.config",
                        "relay.kafka.client.sasl.jaas.config");
        assertThat(folder.read().secrets().get(9).reveal()).containsExactly("k%fk+".toCharArray());
        assertThat(folder.read().toString()).doesNotContain("s3cret", "st0re", "pass\n", "k%fk+");
    }

    @Test
    void everySettingHasItsDefault() throws Exception {
        assertThat(folder.yaml(Folder.MINIMAL).read().settings())
                .isEqualTo(new Settings(
                        "license-relay",
                        new Kafka("localhost:9092", Duration.ofSeconds(5), Duration.ofSeconds(10), Map.of()),
                        Map.of(
                                Topic.FAILURES, "license-relay.failures",
                                Topic.SYNCS, "license-relay.syncs",
                                Topic.LICENSES, "license-relay.licenses",
                                Topic.REPORTS, "license-relay.reports",
                                Topic.COMMANDS, "license-relay.commands",
                                Topic.DEAD_LETTERS, "license-relay.dead-letters"),
                        "urn:license-relay:",
                        65_536,
                        EvidenceForm.SHORT,
                        5,
                        new Settings.Flap(3, Duration.ofHours(24)),
                        Settings.Projections.NONE,
                        16,
                        Duration.ofHours(1),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        Settings.Bundles.STANDARD,
                        WebSettings.DEFAULT,
                        null,
                        ServiceLogFormat.TEXT,
                        null,
                        Map.of(),
                        List.of()));
    }

    @Test
    void everySettingIsMapped() throws Exception {
        folder.yaml(Folder.MINIMAL).settings(MAPPED);
        assertThat(folder.read().settings()).isEqualTo(fromFile());
    }

    @Test
    void theEnvironmentOverridesTheFileAndSystemPropertiesOverrideBoth() throws Exception {
        folder.yaml(Folder.MINIMAL).settings(MAPPED);
        for (String topic : List.of("FAILURES", "SYNCS", "LICENSES", "REPORTS", "COMMANDS", "DEAD_LETTERS")) {
            folder.variable("RELAY_TOPICS_" + topic, "environment." + topic.toLowerCase(Locale.ROOT));
        }
        folder.variable("RELAY_NAME", "environment")
                .variable("RELAY_KAFKA_BROKERS", "environment:1")
                .variable("RELAY_KAFKA_MAXBLOCK", "700ms")
                .variable("RELAY_KAFKA_TIMEOUT", "9s")
                .variable("RELAY_KAFKA_CLIENT_SASL_MECHANISM", "environment")
                .variable("RELAY_DOCS_BASE", "https://environment/")
                .variable("RELAY_EVENTS_MAXBYTES", "8193")
                .variable("RELAY_EVENTS_EVIDENCE", "full")
                .variable("RELAY_FOLD_PLACES", "3")
                .variable("RELAY_FLAP_TIMES", "5")
                .variable("RELAY_FLAP_REST", "3h")
                .variable("RELAY_PROJECTIONS", "pagerduty, alertmanager")
                .variable("RELAY_PROJECTIONS_PAGERDUTY_ROUTINGKEY", "R0123456789")
                .variable("RELAY_SITES_PARALLEL", "4")
                .variable("RELAY_RUN_LIMIT", "8m")
                .variable("RELAY_COMMANDS_PAUSE", "7s")
                .variable("RELAY_INBOX_SETTLE", "250ms")
                .variable("RELAY_MANAGEMENT_ADDRESS", "0.0.0.0:9464")
                .variable("RELAY_LOG_FORMAT", "text")
                .variable("RELAY_TRACES_ENDPOINT", "https://environment:4318/v1/traces");
        assertThat(folder.read().settings().toString())
                .isEqualTo(
                        "Settings[name=environment, kafka=Kafka[brokers=environment:1, maxBlock=PT0.7S, timeout=PT9S, client: [sasl.mechanism]], "
                                + "topics={FAILURES=environment.failures, SYNCS=environment.syncs, "
                                + "LICENSES=environment.licenses, REPORTS=environment.reports, "
                                + "COMMANDS=environment.commands, DEAD_LETTERS=environment.dead_letters}, "
                                + "docsBase=https://environment/, maxEventBytes=8193, evidenceForm=FULL, foldPlaces=3, "
                                + "flap=Flap[times=5, rest=PT3H], projections=Projections[on={"
                                + "PAGERDUTY=environment.failures.pagerduty, "
                                + "ALERTMANAGER=environment.failures.alertmanager}], "
                                + "sitesParallel=4, runLimit=PT8M, commandsPause=PT7S, inboxSettle=PT0.25S, management=0.0.0.0:9464, logFormat=TEXT, traces=https://environment:4318/v1/traces, camel: 1 keys]");
        assertThat(folder.read().settings().kafka().client()).containsEntry("sasl.mechanism", "environment");

        folder.property("relay.kafka.brokers", "jvm:1").property("relay.kafka.client.sasl.mechanism", "jvm");
        assertThat(folder.read().settings().kafka())
                .isEqualTo(new Kafka(
                        "jvm:1", Duration.ofMillis(700), Duration.ofSeconds(9), Map.of("sasl.mechanism", "jvm")));
    }

    private Settings fromFile() {
        return new Settings(
                "file",
                new Kafka(
                        "file:1,[::1]:2",
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(3),
                        Map.of("sasl.mechanism", "file")),
                Map.of(
                        Topic.FAILURES, "file.failures",
                        Topic.SYNCS, "file.syncs",
                        Topic.LICENSES, "file.licenses",
                        Topic.REPORTS, "file.reports",
                        Topic.COMMANDS, "file.commands",
                        Topic.DEAD_LETTERS, "file.dead-letters"),
                "https://file/",
                8192,
                EvidenceForm.FULL,
                2,
                new Settings.Flap(4, Duration.ofHours(2)),
                new Settings.Projections(Map.of(Projection.SERVICENOW, "file.failures.servicenow"), null),
                3,
                Duration.ofMinutes(7),
                Duration.ofSeconds(5),
                Duration.ZERO,
                new Settings.Bundles(3, 1 << 20, Duration.ofDays(2)),
                new WebSettings(
                        WebServing.OFF,
                        new ListenAddress("::1", 9),
                        List.of("relay.file"),
                        null,
                        List.of("alice", "bob"),
                        WebTls.TERMINATED_BY_PROXY,
                        null,
                        new ProxySettings(List.of("10.0.0.5"), "X-User"),
                        "https://relay.file"),
                new ListenAddress("::1", 9464),
                ServiceLogFormat.JSON,
                new TraceSettings(
                        URI.create("https://collector:4318/v1/traces"),
                        Map.of("Authorization", variable("COLLECTOR_TOKEN")),
                        List.of()),
                Map.of("camel.main.name", "zürich"),
                List.of(variable("COLLECTOR_TOKEN")));
    }

    private Secret variable(String name) {
        return new EnvironmentSecret(name, folder.environment);
    }
}
