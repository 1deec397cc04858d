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
 * One SSM server with its accounts, logs and probes, as {@code relay.yaml} describes it. Already checked: every value
 * here is usable, paths are resolved against the working directory.
 *
 * @param name unique; letters, digits, {@code . _ -}; never {@link Place#RELAY}
 * @param labels copied into every event of the site (team, tenant, region)
 * @param accounts the accounts to sync; empty means every account the client may see
 * @param parallel virtual accounts pulled side by side, 1 to 64
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

    /** The same site, asked by the paths of another interface. */
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

    /** The same site with another server in place of its SSM, so that whatever looks at a server can look at that one. */
    public Site with(Ssm other) {
        return new Site(name, labels, other, accounts, schedule, parallel, guard, reports, manager, logs, probing);
    }

    /**
     * The server and how to talk to it.
     *
     * @param url scheme, host and port, perhaps a base path; no user part, query or fragment
     * @param paths every resource that has a path: those of {@code api}, with overrides applied
     * @param user only for the password grant
     * @param trust PEM files: CAs (name checked) or the server's own certificate (pinned); empty means the JDK's CAs
     * @param proxy an HTTP proxy, {@code http://host:port}
     * @param page licenses or devices asked for at once; -1 asks for all in one body
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
     * The API client as SSM's API Tool Kit made it.
     *
     * @param expires its expiration date as typed there, when known
     */
    public record Client(String id, Secret secret, @Nullable LocalDate expires) {}

    /** The on-prem user who created a Resource Owner Grant client. */
    public record User(String name, Secret password) {}

    /**
     * Everything read from SSM is bounded by these.
     *
     * @param connect to open a TCP connection
     * @param tls for the TLS handshake
     * @param response between two packets of an answer
     * @param total for one exchange from first byte to last
     * @param list for all pages of one list together
     * @param bytes the largest answer that is read
     */
    public record Limits(Duration connect, Duration tls, Duration response, Duration total, Duration list, long bytes) {

        /** The same, or less where these are less. */
        public Limits atMost(Duration longest, long largest) {
            return new Limits(
                    connect,
                    tls,
                    response,
                    total.compareTo(longest) < 0 ? total : longest,
                    list,
                    Math.min(bytes, largest));
        }
    }

    /**
     * When the site runs.
     *
     * @param cron a Quartz expression: seconds first
     * @param jitter the most that a run is put off, so that many sites do not start at once; stable per site, 0 to 300 s
     */
    public record Schedule(String cron, ZoneId zone, Duration jitter) {

        /** The shortest time between two fires, among the next hundred. */
        public Duration shortestInterval() {
            return TimeValues.shortestInterval(cron, zone);
        }
    }

    /**
     * When an answer is too good to be believed.
     *
     * @param shrink the share of a virtual account's licenses that may vanish between two pulls, 0 to 1
     * @param equalPulls after so many equal answers it is believed all the same
     */
    public record Guard(double shrink, int equalPulls) {}

    /**
     * What happens to usage reports; {@code push} left out is off, and then nothing is written anywhere.
     *
     * @param batch how much of one device goes out in one call
     * @param ackWithin how long after a bundle was written its acknowledgement may take
     * @param keep how long payloads are kept once a report is done with
     * @param topic a Kafka topic that reports are taken from too, if any
     * @param policy by when devices must report, where they do not tell it themselves
     * @param devices that are asked for their reports, if any
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
        /** What is not said. */
        public static final Batch BATCH = new Batch(100, 4 << 20);

        public static final Duration ACK_WITHIN = Duration.ofDays(30);

        public static final Duration KEEP = Duration.ofDays(7 * 365);

        /** With the usual times. */
        public Reports(Push push, Path inbox, Path outbox) {
            this(push, inbox, outbox, BATCH, ACK_WITHIN, KEEP, null, ReportPolicy.usual(push != Push.OFF), null);
        }

        /** Whether reports go to SSM by its API. */
        public boolean sendsByApi() {
            return push == Push.API;
        }

        /** Whether the SD-WAN Manager is asked to send what it holds. */
        public boolean sendsByManager() {
            return push == Push.MANAGER;
        }

        /** Whether reports are written as bundles for people to upload. */
        public boolean writesBundles() {
            return push == Push.BUNDLE;
        }

        /** Whether acknowledgements come as files in the inbox. */
        public boolean takesAckFiles() {
            return writesBundles() || sendsByManager();
        }

        /** Whether devices are asked for their reports, and given their acknowledgements. */
        public boolean hasDevices() {
            return devices != null;
        }

        /**
         * How much of one device goes out in one call.
         *
         * @param reports 1 to 1000
         * @param size of their payloads together, in characters, 64 KiB to 16 MiB; one that is larger goes by itself
         */
        public record Batch(int reports, long size) {}

        /** Ways out for usage reports. */
        public enum Push implements WireNamed {
            OFF,
            API,
            MANAGER,
            BUNDLE;

            /** Whether it names accounts and virtual accounts by SSM's own numbers, which SSM has to be asked for. */
            public boolean needsNumbers() {
                return this == API || this == MANAGER;
            }
        }
    }

    /**
     * IOS-XE devices that are asked for their usage reports.
     *
     * @param list at least one; no name and no address twice
     * @param parallel devices asked side by side, 1 to 64
     * @param days how far back they are asked, 1 to 3650; 0 asks for all reports
     * @param close open reports are closed first, which writes to the device
     * @param acks the form in which a device is given its acknowledgements, which writes to it too
     */
    public record Devices(List<Device> list, int parallel, int days, boolean close, Acks acks) {

        /** What a device's {@code import} is sent; Cisco's documentation and its sample contradict each other. */
        public enum Acks implements WireNamed {
            OFF,
            XML,
            BASE64
        }
    }

    /**
     * One device.
     *
     * @param name unique in its site; it names the device in events
     * @param user its own, or the one that all share
     * @param trust as in {@link Ssm}
     */
    public record Device(String name, URI url, User user, List<Path> trust) {}

    /**
     * The SD-WAN Manager that syncs with the same SSM.
     *
     * @param watch how often it is looked at
     * @param log its own log, where it lies on this machine; null when the relay has none
     * @param fetches the relay fetches that log over the Manager's API; else somebody else writes it there
     * @param ssmClient the API client that the Manager uses, to probe as it
     */
    public record SdwanManager(
            URI url,
            User user,
            List<Path> trust,
            Duration watch,
            @Nullable LogFile log,
            boolean fetches,
            @Nullable SsmClient ssmClient) {

        /** The same with its log. */
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
     * A log file of which the lines around a failure are attached to it, with the files that it was before it was rotated.
     *
     * @param name what events call it, for example {@code ssm} or {@code manager}
     * @param zone of stamps that have none; null when it is left to what the file's time and lines tell
     * @param ssmClock its stamps are of the server's clock, whose distance from ours is measured
     * @param clients the addresses under which the failing client stands in it; empty means those of this machine
     * @param syslog how the relay itself receives it; null when somebody else writes the file
     */
    public record LogFile(
            String name,
            Path path,
            @Nullable ZoneId zone,
            boolean ssmClock,
            List<String> clients,
            @Nullable Syslog syslog) {

        /** Somebody else writes it. */
        public LogFile(String name, Path path, @Nullable ZoneId zone, boolean ssmClock, List<String> clients) {
            this(name, path, zone, ssmClock, clients, null);
        }

        /** On a clock that nobody measures, with this machine as the client. */
        public LogFile(String name, Path path, @Nullable ZoneId zone) {
            this(name, path, zone, false, List.of());
        }
    }

    /**
     * Where a log is received as syslog.
     *
     * @param bind the address listened on
     * @param from who may send, as addresses in digits; empty means everybody
     * @param keep bytes on disk at most, all files of the log together
     */
    public record Syslog(String bind, int port, Protocol protocol, List<String> from, long keep) {

        /** Ways for syslog to come (RFC 5426; RFC 6587). */
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
     * What the probes may do.
     *
     * @param deadline for all of them together
     * @param ntp a time server to ask, if any
     * @param capture how a request of the probe's own may be captured; null when it may not
     */
    public record Probing(
            Duration deadline,
            boolean ping,
            @Nullable String ntp,
            @Nullable Capturing capture) {

        /** Without capturing anything. */
        public Probing(Duration deadline, boolean ping, @Nullable String ntp) {
            this(deadline, ping, ntp, null);
        }
    }

    /**
     * Bounds of a capture.
     *
     * @param device the network interface: {@code eth0}
     * @param seconds it lasts at most
     * @param packets at most
     */
    public record Capturing(String device, int seconds, int packets) {}
}
