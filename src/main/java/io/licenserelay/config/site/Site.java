package io.licenserelay.config.site;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.yaml.TimeValues;
import io.licenserelay.text.WireNamed;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One SSM server with its accounts, logs and probes, as configured in {@code relay.yaml}. All values are checked; paths are resolved
 * against the working directory.
 *
 * @param name unique; letters, digits, {@code . _ -}; never {@link Place#RELAY}
 * @param labels copied into every event of the site (team, tenant, region)
 * @param accounts the accounts to sync; empty means all accounts that the client may read
 * @param parallel number of virtual accounts that are pulled at the same time, 1 to 64
 */
public record Site(
        String name,
        Map<String, String> labels,
        Ssm ssm,
        List<String> accounts,
        Schedule schedule,
        int parallel,
        Guard guard,
        Reports reports,
        @Nullable SdwanManager manager,
        List<LogFile> logs,
        Probing probing) {

    public Place place() {
        return Place.site(name);
    }

    /** The same site with the paths of another API. */
    public Site speaking(Api api) {
        return with(new Ssm(
                ssm.url(),
                api,
                api.paths(),
                ssm.grant(),
                ssm.client(),
                ssm.user(),
                ssm.trust(),
                ssm.proxy(),
                ssm.page(),
                ssm.limits()));
    }

    /** The port of a server's URL, or its scheme's default. */
    public static int port(URI url) {
        return url.getPort() > 0 ? url.getPort() : url.getScheme().equals("http") ? 80 : 443;
    }

    /** The same site with another server in place of its SSM, so that checks of a server can be applied to it. */
    public Site with(Ssm other) {
        return new Site(name, labels, other, accounts, schedule, parallel, guard, reports, manager, logs, probing);
    }

    /**
     * The SSM server and the access to it.
     *
     * @param url scheme, host and port, optionally a base path; no user part, query or fragment
     * @param paths the path of every resource that has one: those of {@code api}, with overrides applied
     * @param user only for the password grant
     * @param trust PEM files: CAs (name checked) or the server's own certificate (pinned); empty means the JDK's CAs
     * @param proxy an HTTP proxy, {@code http://host:port}
     * @param page number of licenses or devices per request; -1 requests all at once
     */
    public record Ssm(
            URI url,
            Api api,
            Map<Resource, String> paths,
            Grant grant,
            Client client,
            @Nullable User user,
            List<Path> trust,
            @Nullable URI proxy,
            int page,
            Limits limits) {

        /** The port of the URL, or its scheme's default. */
        public int port() {
            return Site.port(url);
        }
    }

    /**
     * The API client as created in SSM's API Tool Kit.
     *
     * @param expires its expiration date as entered there, if known
     */
    public record Client(String id, Secret secret, @Nullable LocalDate expires) {}

    /** The on-prem user who created a Resource Owner Grant client. */
    public record User(String name, Secret password) {}

    /**
     * Limits of everything that is read from SSM.
     *
     * @param connect time to open a TCP connection
     * @param tls time for the TLS handshake
     * @param response time between two packets of an answer
     * @param total time for one exchange from the first byte to the last
     * @param list time for all pages of one list
     * @param bytes maximum size of an answer
     */
    public record Limits(Duration connect, Duration tls, Duration response, Duration total, Duration list, long bytes) {

        /** These limits, reduced to the given ones where those are smaller. */
        public Limits atMost(Duration maxTime, long maxBytes) {
            return new Limits(
                    connect,
                    tls,
                    response,
                    total.compareTo(maxTime) < 0 ? total : maxTime,
                    list,
                    Math.min(bytes, maxBytes));
        }
    }

    /**
     * The schedule of the site's runs.
     *
     * @param cron a Quartz expression: seconds first
     * @param jitter maximum delay of a run, so that many sites do not start at once; constant per site, 0 to 300 s
     */
    public record Schedule(String cron, ZoneId zone, Duration jitter) {

        /** The shortest interval between two of the next hundred fire times. */
        public Duration shortestInterval() {
            return TimeValues.shortestInterval(cron, zone);
        }
    }

    /**
     * Protects the inventory against implausible answers.
     *
     * @param shrink the share of a virtual account's licenses that may disappear between two pulls, 0 to 1
     * @param equalPulls number of equal answers after which a smaller list is accepted
     */
    public record Guard(double shrink, int equalPulls) {}

    /**
     * How usage reports are handled. Without {@code push} nothing is sent or written.
     *
     * @param batch limits of one request for one device
     * @param ackWithin time limit for the acknowledgement of a bundle
     * @param keep how long payloads are kept after a report is finished
     * @param topic a Kafka topic from which reports are also read, or null
     * @param policy the reporting deadlines of devices that do not report their own
     * @param devices devices that the relay collects reports from, or null
     */
    public record Reports(
            Push push,
            Path inbox,
            Path outbox,
            Batch batch,
            Duration ackWithin,
            Duration keep,
            @Nullable String topic,
            ReportPolicy policy,
            @Nullable Devices devices) {
        /** Defaults. */
        public static final Batch BATCH = new Batch(100, 4 << 20);

        public static final Duration ACK_WITHIN = Duration.ofDays(30);

        public static final Duration KEEP = Duration.ofDays(7 * 365);

        /** With default times and limits. */
        public Reports(Push push, Path inbox, Path outbox) {
            this(push, inbox, outbox, BATCH, ACK_WITHIN, KEEP, null, ReportPolicy.usual(push != Push.OFF), null);
        }

        /** Whether reports are sent through SSM's API. */
        public boolean sendsByApi() {
            return push == Push.API;
        }

        /** Whether the SD-WAN Manager is requested to send the reports that it holds. */
        public boolean sendsByManager() {
            return push == Push.MANAGER;
        }

        /** Whether reports are written as bundles for manual upload. */
        public boolean writesBundles() {
            return push == Push.BUNDLE;
        }

        /** Whether acknowledgements arrive as files in the inbox. */
        public boolean takesAckFiles() {
            return writesBundles() || sendsByManager();
        }

        /** Whether the relay collects reports from devices and imports acknowledgements into them. */
        public boolean hasDevices() {
            return devices != null;
        }

        /**
         * The limits of one request for one device.
         *
         * @param reports maximum number of reports, 1 to 1000
         * @param size maximum length of their payloads together in characters, 64 KiB to 16 MiB; a longer payload is sent alone
         */
        public record Batch(int reports, long size) {}

        /** The ways to send usage reports. */
        public enum Push implements WireNamed {
            OFF,
            API,
            MANAGER,
            BUNDLE;

            /** Whether it needs SSM's numbers of accounts and virtual accounts, which the relay must request from SSM. */
            public boolean needsNumbers() {
                return this == API || this == MANAGER;
            }
        }
    }

    /**
     * IOS-XE devices from which the relay collects usage reports.
     *
     * @param list at least one; names and addresses are unique
     * @param parallel number of devices visited at the same time, 1 to 64
     * @param days age limit of the requested reports in days, 1 to 3650; 0 requests all
     * @param close whether open reports are closed first, which writes to the device
     * @param acks the form in which acknowledgements are imported, which also writes to the device
     */
    public record Devices(List<Device> list, int parallel, int days, boolean close, Acks acks) {

        /** The input of a device's {@code import} operation. Cisco's documentation and its sample contradict each other. */
        public enum Acks implements WireNamed {
            OFF,
            XML,
            BASE64
        }
    }

    /**
     * One device.
     *
     * @param name unique in its site; it identifies the device in events
     * @param user the device's user, or the user that all devices share
     * @param trust as in {@link Ssm}
     */
    public record Device(String name, URI url, User user, List<Path> trust) {}

    /**
     * The SD-WAN Manager that syncs with the same SSM.
     *
     * @param watch how often it is inspected
     * @param log its log on this machine, or null if there is none
     * @param fetches whether the relay fetches that log over the Manager's API; if not, another program writes it
     * @param ssmClient the API client that the Manager uses, for a probe with the same client
     */
    public record SdwanManager(
            URI url,
            User user,
            List<Path> trust,
            Duration watch,
            @Nullable LogFile log,
            boolean fetches,
            @Nullable SsmClient ssmClient) {

        /** The same Manager with its log. */
        public SdwanManager with(LogFile itsLog, boolean fetched) {
            return new SdwanManager(url, user, trust, watch, itsLog, fetched, ssmClient);
        }

        /** The Manager's own API client and user at SSM. */
        public record SsmClient(
                String id,
                Secret secret,
                @Nullable String user,
                @Nullable Secret password) {}
    }

    /**
     * A log file whose lines around a failure are attached to the failure, including its rotated files.
     *
     * @param name the log's name in events, for example {@code ssm} or {@code manager}
     * @param zone the zone of timestamps without one; null to derive it from the file's time and lines
     * @param ssmClock whether its timestamps use the server's clock, whose offset is measured
     * @param clients addresses of the failing client in the log; empty means those of this machine
     * @param syslog how the relay receives the log; null if another program writes the file
     */
    public record LogFile(
            String name,
            Path path,
            @Nullable ZoneId zone,
            boolean ssmClock,
            List<String> clients,
            @Nullable Syslog syslog) {

        /** A log that another program writes. */
        public LogFile(String name, Path path, @Nullable ZoneId zone, boolean ssmClock, List<String> clients) {
            this(name, path, zone, ssmClock, clients, null);
        }

        /** A log whose clock offset is not measured, with this machine as the client. */
        public LogFile(String name, Path path, @Nullable ZoneId zone) {
            this(name, path, zone, false, List.of());
        }
    }

    /**
     * The syslog receiver of a log.
     *
     * @param bind the address to listen on
     * @param from IP addresses of allowed senders; empty allows all senders
     * @param keep maximum bytes on disk, all files of the log together
     */
    public record Syslog(String bind, int port, Protocol protocol, List<String> from, long keep) {

        /** Syslog transports (RFC 5426; RFC 6587). */
        public enum Protocol implements WireNamed {
            UDP,
            TCP,
            BOTH
        }

        public boolean udp() {
            return protocol != Protocol.TCP;
        }

        public boolean tcp() {
            return protocol != Protocol.UDP;
        }
    }

    /**
     * The settings of the probes.
     *
     * @param deadline time limit for all probes together
     * @param ntp a time server to query, or null
     * @param capture how a probe's own request may be captured, or null if it may not
     */
    public record Probing(
            Duration deadline,
            boolean ping,
            @Nullable String ntp,
            @Nullable Capturing capture) {

        /** Without capture. */
        public Probing(Duration deadline, boolean ping, @Nullable String ntp) {
            this(deadline, ping, ntp, null);
        }
    }

    /**
     * Limits of a packet capture.
     *
     * @param device the network interface: {@code eth0}
     * @param seconds maximum duration
     * @param packets maximum number of packets
     */
    public record Capturing(String device, int seconds, int packets) {}
}
