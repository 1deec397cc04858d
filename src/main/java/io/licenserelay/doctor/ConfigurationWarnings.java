package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.cli.common.LogLevel;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.ConfigurationFiles;
import io.licenserelay.config.SiteOrigin;
import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.sync.run.Schedules;
import io.licenserelay.text.Plural;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Warns of probable mistakes in a valid configuration. */
public final class ConfigurationWarnings {
    private static final String VARIABLES = "RELAY_";
    private static final String CLIENT_VARIABLES = "RELAY_KAFKA_CLIENT_";

    /** Variables that only the launcher reads. */
    private static final Set<String> LAUNCHER =
            Set.of(LogLevel.VARIABLE, "RELAY_CDS", "RELAY_JAVA_OPTS", "RELAY_LIB_EXT", "RELAY_OUT_OF_MEMORY");

    /** The groups of keys that Camel's Main reads. Within a group, Camel itself rejects an unknown key. */
    private static final Set<String> CAMEL = Set.of(
            "main",
            "component",
            "dataformat",
            "language",
            "beans",
            "routetemplate",
            "routecontroller",
            "health",
            "rest",
            "server",
            "management",
            "threadpool",
            "resilience4j",
            "faulttolerance",
            "variable",
            "vault",
            "ssl",
            "debug",
            "trace",
            "opentelemetry2",
            "metrics",
            "mdc");

    private ConfigurationWarnings() {}

    /** That the configuration is valid. */
    public static CheckResult valid(Configuration configuration) {
        return CheckResult.ok(
                "configuration",
                Plural.of(configuration.sites().size(), "site") + " in " + String.join(", ", files(configuration)));
    }

    /** Where the sites are: {@code config/relay.yaml}, {@code config/sites.d (2 files)}. */
    private static List<String> files(Configuration configuration) {
        Path main = configuration.folder().resolve(ConfigurationFiles.MAIN);
        Set<Path> files =
                configuration.origins().values().stream().map(SiteOrigin::file).collect(Collectors.toSet());
        List<String> places = new ArrayList<>();
        if (files.remove(main)) {
            places.add(main.toString());
        }
        if (!files.isEmpty()) {
            places.add(configuration.folder().resolve(ConfigurationFiles.SITES) + " (" + Plural.of(files.size(), "file")
                    + ")");
        }
        return places;
    }

    /** That the rules are valid. */
    public static CheckResult valid(Rules rules) {
        return CheckResult.ok("rules", rules.summary());
    }

    /** The log files that do not exist. */
    public static List<CheckResult> missingLogs(List<Site> sites) {
        return sites.stream()
                .flatMap(site -> logs(site).stream().map(check -> check.of(site.name())))
                .toList();
    }

    /** Schedules, weak secrets, and names that have no effect. The log files are left out: the doctor reads them. */
    public static List<CheckResult> of(Configuration configuration, Map<String, String> environment, Instant now) {
        List<CheckResult> checks = new ArrayList<>();
        configuration.sites().forEach(site -> checks.add(schedule(site, now).of(site.name())));
        checks.addAll(WeakSecrets.of(configuration));
        checks.addAll(kafka(configuration.settings().kafka().client().keySet()));
        checks.addAll(variables(environment.keySet(), configuration.secrets()));
        checks.addAll(camel(configuration.settings().camel().keySet()));
        return checks;
    }

    private static CheckResult schedule(Site site, Instant now) {
        Duration jitter = Schedules.jitter(site);
        Duration interval = site.schedule().shortestInterval();
        if (jitter.compareTo(interval) >= 0) {
            return CheckResult.bad(
                    Mark.WARNING,
                    "schedule",
                    "it fires every " + interval.toSeconds() + " s, and the jitter delays its runs by "
                            + jitter.toSeconds() + " s, so runs are skipped",
                    "set a jitter below " + interval.toSeconds()
                            + "s, remove the jitter, or use a schedule that fires less often");
        }
        return CheckResult.ok(
                "schedule",
                "the next run is at " + Table.time(Schedules.next(site, now)) + ", including a jitter of "
                        + jitter.toSeconds() + " s");
    }

    private static List<CheckResult> logs(Site site) {
        Site.SdwanManager manager = site.manager();
        return site.logs().stream()
                .filter(log -> log.syslog() == null)
                .filter(log -> manager == null || !manager.fetches() || !log.equals(manager.log()))
                .filter(log -> !Files.exists(log.path()))
                .map(log -> CheckResult.bad(
                        Mark.WARNING,
                        "log " + log.name(),
                        "the file " + log.path() + " does not exist",
                        "correct path: in logs: of the site; without the file, evidence contains no lines of this log"))
                .toList();
    }

    private static List<CheckResult> kafka(Set<String> keys) {
        Set<String> known = new TreeSet<>(ProducerConfig.configNames());
        known.addAll(ConsumerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        return keys.stream()
                .filter(key -> !known.contains(key))
                .map(key -> CheckResult.bad(
                        Mark.WARNING,
                        "relay.kafka.client." + key,
                        "Kafka's clients have no setting \"" + key + "\", so it has no effect",
                        Spelling.closest(key, known)
                                .map(similar -> "did you mean \"" + similar + "\"?")
                                .orElse("remove it, unless a plugin of the clients reads it")))
                .toList();
    }

    private static List<CheckResult> variables(Set<String> names, List<Secret> secrets) {
        Set<String> known = new TreeSet<>(Configuration.variables());
        known.addAll(LAUNCHER);
        secrets.forEach(secret -> known.add(secret.source().replaceFirst("^env:", "")));
        return names.stream()
                .filter(name -> name.startsWith(VARIABLES) && !name.startsWith(CLIENT_VARIABLES))
                .filter(name -> !known.contains(name))
                .sorted()
                .map(name -> CheckResult.bad(
                        Mark.WARNING,
                        "environment variable " + name,
                        "the relay does not read this variable, so it has no effect",
                        Spelling.closest(name, known)
                                .map(similar -> "did you mean \"" + similar + "\"?")
                                .orElse("remove it, or see application.properties for the names")))
                .toList();
    }

    private static List<CheckResult> camel(Set<String> keys) {
        return keys.stream()
                .filter(key -> key.startsWith("camel."))
                .filter(key -> !CAMEL.contains(group(key)))
                .map(key -> CheckResult.bad(
                        Mark.WARNING,
                        key,
                        "Camel has no keys camel." + group(key) + ".*, so it has no effect",
                        Spelling.closest(group(key), CAMEL)
                                .map(similar -> "did you mean \"camel." + similar + ".…\"?")
                                .orElse("known groups: "
                                        + CAMEL.stream().sorted().collect(Collectors.joining(", ")))))
                .toList();
    }

    private static String group(String key) {
        return key.replaceFirst("^camel\\.", "").replaceFirst("\\..*", "");
    }
}
