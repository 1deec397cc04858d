package io.licenserelay.config;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Capturing;
import io.licenserelay.config.site.Site.Guard;
import io.licenserelay.config.site.Site.LogFile;
import io.licenserelay.config.site.Site.Probing;
import io.licenserelay.config.site.Site.Reports;
import io.licenserelay.config.site.Site.Schedule;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.config.site.Site.Ssm;
import io.licenserelay.config.site.Site.Syslog;
import io.licenserelay.config.yaml.AddressValues;
import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.TimeValues;
import io.licenserelay.config.yaml.YamlBlock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code sites}, with the default of every key. */
final class SiteReader {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Duration MAX_JITTER = Duration.ofMinutes(5);

    private static final String MANAGER = "manager";

    private final ServerReader servers;
    private final Path data;
    private final Map<String, String> placeOfName = new HashMap<>();
    private final Map<Path, String> placeOfFolder = new HashMap<>();
    private final Map<String, String> placeOfPort = new HashMap<>();
    /** By schedule and zone. To compute an interval takes most of the time of reading a site, and many sites have the same schedule. */
    private final Map<String, Duration> intervals = new HashMap<>();

    private @Nullable LogFile fetched;

    /** @param data the relay's data folder, in which the default folders of a site are */
    SiteReader(ServerReader servers, Path data) {
        this.servers = servers;
        this.data = data;
    }

    /** The site, or null after reporting problems. */
    @Nullable
    Site read(YamlBlock block) {
        String name = block.required("name", "name the site, for example hq", TextValues::name);
        block.rename(name == null ? block.where() : "site " + name);
        checkUnique(block, name);
        Ssm ssm = servers.ssm(block);
        List<String> accounts = accounts(block);
        Map<String, String> labels = labels(block);
        Schedule schedule = schedule(block);
        int parallel = block.value("parallel", 8, AmountValues.whole(1, 64));
        Guard guard = guard(block);
        Reports reports = ReportsReader.read(block, folder(name), ssm, servers);
        checkFolder(block, name == null ? "" : name, reports);
        SdwanManager manager = servers.manager(block);
        List<LogFile> logs = logs(block, folder(name));
        manager = withLog(block, manager, logs);
        Probing probing = probing(block);
        block.end();
        return name == null || ssm == null
                ? null
                : new Site(name, labels, ssm, accounts, schedule, parallel, guard, reports, manager, logs, probing);
    }

    /** The site's folder, the default parent of its files. */
    private Path folder(@Nullable String name) {
        return name == null ? data : data.resolve(name);
    }

    private void checkUnique(YamlBlock block, @Nullable String name) {
        if (name == null) {
            return;
        }
        // Names become folders, and some file systems ignore case.
        String folder = name.toLowerCase(Locale.ROOT);
        if (folder.equals(Place.RELAY)) {
            block.problem("name", "the name \"" + name + "\" is reserved for the relay", "choose another name");
            return;
        }
        String other = placeOfName.putIfAbsent(folder, block.place("name"));
        if (other != null) {
            block.problem(
                    "name", "the site at " + other + " already has the name \"" + name + "\"", "choose another name");
        }
    }

    private void checkFolder(YamlBlock block, String name, Reports reports) {
        Path folder = reports.inbox().toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        String other = placeOfFolder.putIfAbsent(folder, block.place("name"));
        if (other != null) {
            block.problem(
                    "reports",
                    "the inbox of the site at " + other + " is in the same folder",
                    "give each site its own folder, for example "
                            + folder.resolve(name).resolve("inbox") + ": processed files move to done/ beside it");
        }
    }

    private static List<String> accounts(YamlBlock block) {
        List<String> accounts = block.list("accounts", TextValues::text);
        if (block.isEmptyList("accounts")) {
            block.problem(
                    "accounts",
                    "\"accounts\" is empty",
                    "remove the key to sync all accounts that the client may read");
        }
        if (accounts.stream().distinct().count() < accounts.size()) {
            block.problem("accounts", "an account occurs twice", "keep one of the two");
        }
        return List.copyOf(accounts);
    }

    private static Map<String, String> labels(YamlBlock site) {
        Map<String, String> labels = new LinkedHashMap<>();
        YamlBlock block = site.block("labels");
        if (block == null) {
            return labels;
        }
        for (String key : block.keys()) {
            String value = block.optional(key, given -> {
                TextValues.name(key);
                return TextValues.text(given);
            });
            labels.put(key, value == null ? "" : value);
        }
        return labels;
    }

    private Schedule schedule(YamlBlock block) {
        String cron = block.value("schedule", "0 0 2 * * ?", TimeValues::cron);
        ZoneId zone = block.value("zone", UTC, TimeValues::zone);
        // A run must not be delayed beyond the start of the next run.
        Duration half = intervals
                .computeIfAbsent(cron + ' ' + zone, key -> TimeValues.shortestInterval(cron, zone))
                .dividedBy(2);
        Duration standard = half.compareTo(MAX_JITTER) < 0 ? half : MAX_JITTER;
        return new Schedule(
                cron, zone, block.value("jitter", standard, AmountValues.duration(Duration.ZERO, MAX_JITTER)));
    }

    private static Guard guard(YamlBlock site) {
        Guard standard = new Guard(0.5, 3);
        YamlBlock block = site.block("guard");
        if (block == null) {
            return standard;
        }
        Guard guard = new Guard(
                block.value("shrink", standard.shrink(), AmountValues::share),
                block.value("equalPulls", standard.equalPulls(), AmountValues.whole(1, 100)));
        block.end();
        return guard;
    }

    /** The Manager's log is the log with {@code source: manager-api}; otherwise the log named {@code manager}. */
    private @Nullable SdwanManager withLog(YamlBlock site, @Nullable SdwanManager manager, List<LogFile> logs) {
        if (fetched == null) {
            return manager == null
                    ? null
                    : logs.stream()
                            .filter(log -> log.name().equals(MANAGER))
                            .findFirst()
                            .map(log -> manager.with(log, false))
                            .orElse(manager);
        }
        if (!site.has(MANAGER)) {
            site.problem(
                    "logs", "a log with source: manager-api needs the site's block manager", "add manager: { url: … }");
        }
        return manager == null ? null : manager.with(fetched, true);
    }

    private List<LogFile> logs(YamlBlock site, Path siteFolder) {
        List<LogFile> logs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        fetched = null;
        for (YamlBlock block : site.blocks("logs")) {
            LogFile log = log(block, siteFolder);
            if (log == null) {
                continue;
            }
            if (!names.add(log.name())) {
                block.problem("name", "another log already has the name \"" + log.name() + "\"", "choose another name");
            }
            if (log.syslog() != null) {
                checkPort(block, log.syslog());
            }
            logs.add(log);
        }
        return List.copyOf(logs);
    }

    private void checkPort(YamlBlock block, Syslog syslog) {
        String udp = syslog.udp() ? placeOfPort.putIfAbsent(syslog.port() + "/udp", block.place("port")) : null;
        String tcp = syslog.tcp() ? placeOfPort.putIfAbsent(syslog.port() + "/tcp", block.place("port")) : null;
        if (udp != null || tcp != null) {
            block.problem(
                    "port",
                    "the log at " + (udp == null ? tcp : udp) + " already uses port " + syslog.port()
                            + (udp == null ? "/tcp" : "/udp"),
                    "give each log its own port");
        }
    }

    private @Nullable LogFile log(YamlBlock block, Path siteFolder) {
        String source = block.value("source", "file", SiteReader::logSource);
        if (source.equals("syslog")) {
            return SyslogReader.read(block, siteFolder, servers);
        }
        if (source.equals("manager-api")) {
            return fetched(block, siteFolder);
        }
        String name = block.required("name", "name the log, for example ssm", TextValues::name);
        Path path = servers.requiredPath(block, "path", "write the path of the log file");
        ZoneId zone = block.optional("zone", TimeValues::zone);
        String clock = block.optional("clock", TextValues.word("ssm"));
        List<String> clients = List.copyOf(block.list("clients", AddressValues::ip));
        block.end();
        return name == null || path == null ? null : new LogFile(name, path, zone, clock != null, clients);
    }

    /** The Manager's log that the relay fetches and stores. Its clock is the Manager's. */
    private @Nullable LogFile fetched(YamlBlock block, Path siteFolder) {
        String name = block.required("name", "name the log, for example manager", TextValues::name);
        Path standard = siteFolder.resolve("logs").resolve("manager.log");
        Path path = servers.path(block, "path", standard);
        ZoneId zone = block.optional("zone", TimeValues::zone);
        block.end();
        if (fetched != null) {
            block.problem(
                    "source", "another log already has source: manager-api", "keep one log with source: manager-api");
        }
        LogFile log = name == null ? null : new LogFile(name, path, zone);
        fetched = log;
        return log;
    }

    private static String logSource(String given) throws BadValue {
        return TextValues.word("file", "syslog", "manager-api").parse(given);
    }

    private static @Nullable Capturing capturing(@Nullable YamlBlock block) {
        if (block == null) {
            return null;
        }
        String device = block.required("interface", "name the network interface, for example eth0", TextValues::name);
        Capturing capturing = new Capturing(
                device == null ? "" : device,
                block.value("seconds", 10, AmountValues.whole(1, 60)),
                block.value("packets", 1000, AmountValues.whole(10, 100_000)));
        block.end();
        return capturing;
    }

    private static Probing probing(YamlBlock site) {
        Duration deadline = Duration.ofSeconds(10);
        YamlBlock block = site.block("probes");
        if (block == null) {
            return new Probing(deadline, false, null);
        }
        Probing probing = new Probing(
                block.value("deadline", deadline, AmountValues.duration(Duration.ofSeconds(1), Duration.ofMinutes(2))),
                block.value("ping", false, AmountValues::yesNo),
                block.optional("ntp", AddressValues::host),
                capturing(block.block("capture")));
        block.end();
        return probing;
    }
}
