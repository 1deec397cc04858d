package io.licenserelay.cli.setup;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.config.site.Topic;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a configuration needs of other teams. Pure: the same configuration gives the same words.
 *
 * @param machine what the relay's machine is called
 */
record Requirements(List<Site> sites, Settings settings, String machine) {
    private static final String RELAY = "relay";

    /** One permitted way. */
    record Row(String from, String to, String port, String why) {
        static final List<String> HEADS = List.of("FROM", "TO", "PORT", "WHY");

        List<String> cells() {
            return List.of(from, to, port, why);
        }
    }

    /** What a team is asked to do. */
    record Ticket(String to, List<String> paragraphs) {}

    /** Every way that must be open, without repetition. */
    List<Row> firewall() {
        Stream<Row> ofSites = sites.stream().flatMap(Requirements::firewall);
        Stream<Row> kafka = Stream.of(settings.kafka().brokers().split(",", -1))
                .map(broker -> new Row(RELAY, host(broker), "tcp/" + port(broker), "Kafka: events and commands"));
        Stream<Row> names = Stream.of(new Row(RELAY, "its name servers", "udp/53, tcp/53", "DNS"));
        return Stream.of(ofSites, kafka, names).flatMap(rows -> rows).distinct().toList();
    }

    private static Stream<Row> firewall(Site site) {
        List<Row> rows = new ArrayList<>();
        URI ssm = site.ssm().url();
        URI proxy = site.ssm().proxy();
        String what = "SSM On-Prem of " + site.name() + ": licenses, tokens";
        String port = "tcp/" + site.ssm().port();
        if (proxy == null) {
            rows.add(new Row(RELAY, ssm.getHost(), port, what));
        } else {
            rows.add(new Row(RELAY, proxy.getHost(), "tcp/" + Site.port(proxy), "the proxy of " + site.name()));
            rows.add(new Row(proxy.getHost(), ssm.getHost(), port, what));
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
            rows.add(new Row(RELAY, pinged, "icmp echo", "a probe when something fails"));
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

    /** Every name of the configuration that is no address. */
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
        return Stream.concat(ofSites, Stream.of(kafka())).toList();
    }

    private Ticket ssm(Site site) {
        List<String> lines = new ArrayList<>();
        boolean password = site.ssm().grant() == Grant.PASSWORD;
        lines.add("License Relay on " + machine + " reads licenses from "
                + site.ssm().url() + " (site " + site.name() + "). Please, on SSM On-Prem:");
        lines.add("1. Open API Tool Kit, see that API Console is Enabled, choose Create, and there "
                + (password ? "\"Resource Owner Grant\"" : "\"Client Credentials Grant\"") + ". "
                + (password
                        ? "Do so while logged in as the on-prem user "
                                + (site.ssm().user() == null
                                        ? "of the relay"
                                        : site.ssm().user().name())
                                + ": only the user who made the client can use it."
                        : "It needs no user name or password."));
        lines.add("2. Let its user read " + accounts(site) + ": virtual accounts, licenses, subscriptions, product"
                + " instances and alerts. Which role that takes is not published; `license-relay doctor` shows which"
                + " of them SSM answers with 403.");
        lines.add("3. Send us by a safe way the client id (relay.yaml has "
                + (site.ssm().client().id().isBlank()
                        ? "none yet"
                        : "\"" + site.ssm().client().id() + "\"")
                + " now), its secret, and its expiration date; and by telephone the SHA-256 of the server's"
                + " certificate, for `license-relay trust " + site.ssm().url() + "`.");
        lines.add("4. Give the server a certificate whose names (SAN) hold "
                + site.ssm().url().getHost() + ", keep its clock by NTP, and tell us before either changes.");
        if (site.reports().push() != Site.Reports.Push.OFF) {
            lines.add("5. Usage reports are to be delivered (push: "
                    + site.reports().push().wireName() + "): please confirm that this is wanted.");
        }
        return new Ticket("the administrators of SSM (site " + site.name() + ")", lines);
    }

    private Ticket manager(Site site, SdwanManager manager) {
        List<String> lines = new ArrayList<>();
        boolean asks = site.reports().push() == Site.Reports.Push.MANAGER;
        lines.add("License Relay on " + machine + " watches the license sync of " + manager.url()
                + (asks ? ", and asks it to sync with every run" : ", reading alone")
                + ". Please, on the SD-WAN Manager:");
        lines.add("1. Make the user " + manager.user().name()
                + " with a role that may read settings, license compliance and the server's log"
                + (asks
                        ? ", and may start a license sync: `admin`, or `Software Upgrade` with write access."
                        : "; it needs no right to change anything unless `reports.push: manager` is set."));
        lines.add(
                "2. Tell us its version (on-prem mode needs 20.9.1 or later) and see under Administration, Settings, License"
                        + " Reporting that the mode is on-prem and the SSM URL is "
                        + site.ssm().url() + ".");
        lines.add(
                "3. Its API client at SSM must be a Resource Owner Grant client, and the on-prem user who made it must be the"
                        + " one it logs in as"
                        + (manager.ssmClient() == null
                                ? ". With that client's id and secret (manager.ssmClient) the relay can prove why a login fails."
                                : " (relay.yaml has client \""
                                        + manager.ssmClient().id() + "\")."));
        return new Ticket("the administrators of the SD-WAN Manager (site " + site.name() + ")", lines);
    }

    private Ticket devices(Site site, Devices devices) {
        List<String> lines = new ArrayList<>();
        String users = devices.list().stream()
                .map(device -> device.user().name())
                .distinct()
                .collect(Collectors.joining(", "));
        lines.add("License Relay on " + machine + " asks " + devices.list().size()
                + " IOS-XE device(s) for their usage reports (site " + site.name() + "). Please, on each:");
        lines.add(
                "1. Switch the HTTPS server on (`ip http secure-server`), with a certificate that bears the name by which the"
                        + " relay reaches it, and let the relay's machine through its access list.");
        lines.add(
                "2. Let the user " + users + " log in to it. Which privilege /smartlic-service needs is not published;"
                        + " `license-relay doctor` shows which devices answer 401 or 403.");
        lines.add(written(devices));
        return new Ticket("the administrators of the devices (site " + site.name() + ")", lines);
    }

    private static String written(Devices devices) {
        List<String> writes = new ArrayList<>();
        if (devices.close()) {
            writes.add("closes open reports (close: true)");
        }
        if (devices.acks() != Devices.Acks.OFF) {
            writes.add("imports acknowledgements (acks: " + devices.acks().wireName() + ")");
        }
        return writes.isEmpty()
                ? "3. It reads alone: nothing is written to a device."
                : "3. It writes too: it " + String.join(" and ", writes) + ". Please confirm that this is wanted.";
    }

    private Ticket kafka() {
        String written = Stream.concat(
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
                                + ". Please make these topics, or let its principal make them (`license-relay check`):",
                        "1. It writes (WRITE, DESCRIBE): " + written + ". cleanup.policy is compact for "
                                + settings.topic(Topic.LICENSES)
                                + " and delete with a retention of 30 days for the others.",
                        "2. It reads (READ, DESCRIBE, and READ on its consumer group): "
                                + settings.topic(Topic.COMMANDS)
                                + ". Whoever writes there can start a sync: put an ACL and a quota on it.",
                        "3. Events are at most " + settings.maxEventBytes()
                                + " bytes; message.max.bytes must be above that."));
    }

    private static String accounts(Site site) {
        return site.accounts().isEmpty()
                ? "every account to be synced"
                : "the account(s) " + String.join(", ", site.accounts());
    }

    private static String port(String broker) {
        return broker.substring(broker.lastIndexOf(':') + 1);
    }

    private static String host(String broker) {
        return broker.substring(0, broker.lastIndexOf(':'));
    }
}
