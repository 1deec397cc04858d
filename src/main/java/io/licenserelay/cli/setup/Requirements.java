package io.licenserelay.cli.setup;

import io.licenserelay.config.cluster.DatabaseHost;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.publication.FencedPublication;
import io.licenserelay.text.Plural;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration requires from other teams. The same configuration always gives the same text.
 *
 * @param store the shared database; null for SQLite, which requires nothing
 * @param machine the host name of the relay's machine
 */
record Requirements(
        List<Site> sites, Settings settings, @Nullable StoreSettings store, String machine) {
    private static final String RELAY = "relay";

    /** One row of a firewall request. */
    record Row(String from, String to, String port, String purpose) {
        static final List<String> HEADS = List.of("FROM", "TO", "PORT", "WHY");

        List<String> cells() {
            return List.of(from, to, port, purpose);
        }
    }

    /** A request to another team. */
    record Ticket(String to, List<String> paragraphs) {}

    /** All connections that firewalls must allow, without duplicates. */
    List<Row> firewall() {
        Stream<Row> ofSites = sites.stream().flatMap(Requirements::firewall);
        Stream<Row> kafka = Stream.of(settings.kafka().brokers().split(",", -1))
                .map(broker -> new Row(RELAY, host(broker), "tcp/" + port(broker), "Kafka: events and commands"));
        Stream<Row> databases = Stream.ofNullable(store)
                .flatMap(shared -> shared.hosts().stream())
                .map(host -> new Row(RELAY, host.name(), "tcp/" + host.port(), "PostgreSQL: the shared store"));
        Stream<Row> names = Stream.of(new Row(RELAY, "the relay's name servers", "udp/53, tcp/53", "DNS"));
        return Stream.of(ofSites, kafka, databases, names)
                .flatMap(rows -> rows)
                .distinct()
                .toList();
    }

    private static Stream<Row> firewall(Site site) {
        List<Row> rows = new ArrayList<>();
        URI ssm = site.ssm().url();
        URI proxy = site.ssm().proxy();
        String purpose = "SSM On-Prem of " + site.name() + ": licenses, tokens";
        String port = "tcp/" + site.ssm().port();
        if (proxy == null) {
            rows.add(new Row(RELAY, ssm.getHost(), port, purpose));
        } else {
            rows.add(new Row(RELAY, proxy.getHost(), "tcp/" + Site.port(proxy), "the proxy of " + site.name()));
            rows.add(new Row(proxy.getHost(), ssm.getHost(), port, purpose));
        }
        SdwanManager manager = site.manager();
        if (manager != null) {
            rows.add(new Row(
                    "relay",
                    manager.url().getHost(),
                    "tcp/" + Site.port(manager.url()),
                    "SD-WAN Manager of " + site.name()));
            rows.add(new Row(manager.url().getHost(), ssm.getHost(), port, "the Manager's own sync with SSM"));
        }
        Devices devices = site.reports().devices();
        if (devices != null) {
            for (Device device : devices.list()) {
                rows.add(new Row(
                        RELAY,
                        device.url().getHost(),
                        "tcp/" + Site.port(device.url()),
                        "usage reports of device " + device.name() + " (" + site.name() + ")"));
            }
        }
        if (site.probing().ntp() != null) {
            rows.add(new Row(RELAY, site.probing().ntp(), "udp/123", "NTP, to compare clocks"));
        }
        if (site.probing().ping()) {
            String pinged = proxy == null ? ssm.getHost() : proxy.getHost();
            rows.add(new Row(RELAY, pinged, "icmp echo", "a probe after a failure"));
        }
        site.logs().stream().flatMap(Requirements::syslog).forEach(rows::add);
        return rows.stream();
    }

    private static Stream<Row> syslog(Site.LogFile log) {
        Site.Syslog syslog = log.syslog();
        if (syslog == null) {
            return Stream.empty();
        }
        String from = syslog.from().isEmpty() ? "the senders of log " + log.name() : String.join(", ", syslog.from());
        String port = Stream.of(syslog.udp() ? "udp/" + syslog.port() : "", syslog.tcp() ? "tcp/" + syslog.port() : "")
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(", "));
        return Stream.of(new Row(from, RELAY, port, "syslog: log " + log.name()));
    }

    /** All host names of the configuration, without IP addresses. */
    List<String> names() {
        return firewall().stream()
                .map(Row::to)
                .filter(name -> !name.equals(RELAY))
                .filter(name -> name.contains(".") || name.matches("[A-Za-z][A-Za-z0-9-]*"))
                .filter(name -> !name.matches("[0-9.]+") && !name.contains(":") && !name.contains(" "))
                .distinct()
                .sorted()
                .toList();
    }

    List<Ticket> tickets() {
        Stream<Ticket> ofSites = sites.stream().flatMap(site -> Stream.of(
                        Stream.of(ssm(site)),
                        Stream.ofNullable(site.manager()).map(manager -> manager(site, manager)),
                        Stream.ofNullable(site.reports().devices()).map(devices -> devices(site, devices)))
                .flatMap(each -> each));
        return Stream.of(
                        ofSites,
                        Stream.of(withTransactions(kafka())),
                        Stream.ofNullable(store).map(this::database))
                .flatMap(each -> each)
                .toList();
    }

    private Ticket ssm(Site site) {
        List<String> lines = new ArrayList<>();
        boolean password = site.ssm().grant() == Grant.PASSWORD;
        lines.add("License Relay on " + machine + " reads licenses from "
                + site.ssm().url() + " (site " + site.name() + "). Please, on SSM On-Prem:");
        lines.add("1. Open API Tool Kit, check that API Console is Enabled, choose Create, then "
                + (password ? "\"Resource Owner Grant\"" : "\"Client Credentials Grant\"") + ". "
                + (password
                        ? "Do this while logged in as the on-prem user "
                                + (site.ssm().user() == null
                                        ? "of the relay"
                                        : site.ssm().user().name())
                                + ": only the user who created the client can use it."
                        : "This client needs no user name or password."));
        lines.add("2. Allow its user to read " + accounts(site) + ": virtual accounts, licenses, subscriptions, product"
                + " instances and alerts. Cisco does not publish the required role; `license-relay doctor` shows which"
                + " of them SSM answers with 403.");
        lines.add("3. Send us over a secure channel the client id (the configuration has "
                + (site.ssm().client().id().isBlank()
                        ? "none yet"
                        : "\"" + site.ssm().client().id() + "\"")
                + " now), its secret and its expiration date. Tell us the SHA-256 of the server's"
                + " certificate by telephone, for `license-relay trust "
                + site.ssm().url() + "`.");
        lines.add("4. Give the server a certificate whose names (SAN) include "
                + site.ssm().url().getHost() + ", synchronize its clock by NTP, and inform us before either changes.");
        if (site.reports().push() != Site.Reports.Push.OFF) {
            lines.add("5. The relay is configured to deliver usage reports (push: "
                    + site.reports().push().wireName() + "). Please confirm that you agree.");
        }
        return new Ticket("the administrators of SSM (site " + site.name() + ")", lines);
    }

    private Ticket manager(Site site, SdwanManager manager) {
        List<String> lines = new ArrayList<>();
        boolean startsSync = site.reports().push() == Site.Reports.Push.MANAGER;
        lines.add("License Relay on " + machine + " monitors the license sync of " + manager.url()
                + (startsSync ? ", and starts a sync with every run" : ", read-only")
                + ". Please, on the SD-WAN Manager:");
        lines.add("1. Create the user " + manager.user().name()
                + " with a role that may read settings, license compliance and the server's log"
                + (startsSync
                        ? ", and may start a license sync: `admin`, or `Software Upgrade` with write access."
                        : ". The user needs write access only with `reports.push: manager`."));
        lines.add(
                "2. Tell us the version (on-prem mode requires 20.9.1 or later). Check under Administration, Settings, License"
                        + " Reporting that the mode is on-prem and the SSM URL is "
                        + site.ssm().url() + ".");
        lines.add(
                "3. The Manager's API client at SSM must be a Resource Owner Grant client. The Manager must log in as the on-prem user"
                        + " who created that client"
                        + (manager.ssmClient() == null
                                ? ". With the id and secret of that client (manager.ssmClient) the relay can prove why a login fails."
                                : " (the configuration has client \""
                                        + manager.ssmClient().id() + "\")."));
        return new Ticket("the administrators of the SD-WAN Manager (site " + site.name() + ")", lines);
    }

    private Ticket devices(Site site, Devices devices) {
        List<String> lines = new ArrayList<>();
        String users = devices.list().stream()
                .map(device -> device.user().name())
                .distinct()
                .collect(Collectors.joining(", "));
        lines.add("License Relay on " + machine + " reads the usage reports of "
                + Plural.of(devices.list().size(), "IOS-XE device") + " (site " + site.name()
                + "). Please, on each device:");
        lines.add("1. Enable the HTTPS server (`ip http secure-server`) with a certificate for the host name that the"
                + " relay connects to, and allow the relay's machine in its access list.");
        lines.add("2. Allow the user " + users
                + " to log in. Cisco does not publish the privilege that /smartlic-service requires;"
                + " `license-relay doctor` shows which devices answer 401 or 403.");
        lines.add(writeAccess(devices));
        return new Ticket("the administrators of the devices (site " + site.name() + ")", lines);
    }

    private static String writeAccess(Devices devices) {
        List<String> writes = new ArrayList<>();
        if (devices.close()) {
            writes.add("closes open reports (close: true)");
        }
        if (devices.acks() != Devices.Acks.OFF) {
            writes.add("imports acknowledgements (acks: " + devices.acks().wireName() + ")");
        }
        return writes.isEmpty()
                ? "3. The relay is read-only: it writes nothing to a device."
                : "3. The relay also writes: it " + String.join(" and ", writes) + ". Please confirm that you agree.";
    }

    private Ticket kafka() {
        String writeAccess = Stream.concat(
                        Stream.of(Topic.values())
                                .filter(topic -> topic != Topic.COMMANDS)
                                .map(settings::topic),
                        settings.projections().on().values().stream())
                .collect(Collectors.joining(", "));
        return new Ticket(
                "the Kafka team",
                List.of(
                        "License Relay on " + machine + " publishes to "
                                + settings.kafka().brokers()
                                + ". Please create these topics, or allow its principal to create them (`license-relay check`):",
                        "1. It writes (WRITE, DESCRIBE): " + writeAccess + ". cleanup.policy is compact for "
                                + settings.topic(Topic.LICENSES)
                                + " and delete with a retention of 30 days for the others.",
                        "2. It reads (READ, DESCRIBE, and READ on its consumer group): "
                                + settings.topic(Topic.COMMANDS)
                                + ". Everyone who may write to it can start a sync, so set an ACL and a quota.",
                        "3. Events are at most " + settings.maxEventBytes()
                                + " bytes; message.max.bytes must be larger."));
    }

    /** Only relays that share a database publish in transactions. */
    private Ticket withTransactions(Ticket kafka) {
        String ids = "4. The relays of the cluster publish in transactions with the transactional id "
                + FencedPublication.transactionalId(settings.name())
                + ". Allow WRITE and DESCRIBE on it (resource type TransactionalId). A broker before Kafka 2.8 also requires"
                + " IDEMPOTENT_WRITE on the cluster.";
        return store == null
                ? kafka
                : new Ticket(
                        kafka.to(),
                        Stream.concat(kafka.paragraphs().stream(), Stream.of(ids))
                                .toList());
    }

    private Ticket database(StoreSettings shared) {
        String names =
                shared.hosts().stream().map(DatabaseHost::name).distinct().collect(Collectors.joining(", "));
        return new Ticket(
                "the database team",
                List.of(
                        "License Relay on " + machine + " stores its state in the PostgreSQL database "
                                + shared.database() + " on " + names
                                + ", together with the other relays of its cluster. Please, on PostgreSQL 14 or newer:",
                        "1. Create the database, and the role " + shared.user()
                                + " with LOGIN, and with CREATE and USAGE on the schema of the relay's tables. The relay creates"
                                + " and changes its tables itself.",
                        "2. Give each server a certificate whose names (SAN) include the host name above, and "
                                + (shared.trust() == null
                                        ? "that a public CA has signed, or send us the certificate of your CA."
                                        : "that is signed by the CA whose certificate you sent us. Inform us before the CA"
                                                + " changes."),
                        "3. Let the relay connect to the server directly, or through a pooler in session mode. A pooler in"
                                + " transaction or statement mode breaks the session locks by which relays notice that one has"
                                + " stopped.",
                        "4. If another server takes over after a failure, replicate synchronously: otherwise events and"
                                + " reports that were confirmed may be lost."));
    }

    private static String accounts(Site site) {
        return site.accounts().isEmpty()
                ? "every account to be synced"
                : (site.accounts().size() == 1 ? "the account " : "the accounts ") + String.join(", ", site.accounts());
    }

    private static String port(String broker) {
        return broker.substring(broker.lastIndexOf(':') + 1);
    }

    private static String host(String broker) {
        return broker.substring(0, broker.lastIndexOf(':'));
    }
}
