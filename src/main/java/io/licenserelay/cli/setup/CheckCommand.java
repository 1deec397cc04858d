package io.licenserelay.cli.setup;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.RouteCheck;
import io.licenserelay.app.route.OwnRouteFile;
import io.licenserelay.app.route.PackedRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommonOptions;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.doctor.ConfigurationWarnings;
import io.licenserelay.doctor.SyslogPorts;
import io.licenserelay.event.kafka.KafkaUnavailable;
import io.licenserelay.event.kafka.PublisherCheck;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.event.kafka.publication.FencedPublication;
import io.licenserelay.evidence.logs.LogPattern;
import io.licenserelay.store.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code check}: checks that everything is in place to run. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Validates configuration, rules and routes, tries the syslog ports, and creates or verifies the topics.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all checks passed, or warnings only",
            "1:Kafka is unreachable, a topic has wrong settings, or a syslog port is in use",
            "2:bad configuration, rules or routes"
        })
public final class CheckCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions folders;

    @Mixin
    private ColorOption color;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = color.writer(spec.commandLine().getOut());
        Configuration configuration = folders.configuration();
        out.println("✓ " + ConfigurationWarnings.valid(configuration).evidence());
        out.println("✓ " + store(configuration));
        Rules rules = Rules.in(folders.config);
        print(rules, configuration, out);
        RouteFiles routes = folders.routes();
        List<CheckResult> hooks = RouteCheck.check(configuration, routes);
        out.println("✓ routes: " + routes);
        routes.own().forEach(each -> print(each, out));
        routes.ignored()
                .forEach(file -> out.println("! " + file + " is not loaded: the name of a route file ends in "
                        + PackedRoutes.SUFFIX + "; rename it"));
        hooks.forEach(each -> print(each, out));
        ConfigurationWarnings.of(
                        configuration, System.getenv(), Clock.systemUTC().instant())
                .forEach(check -> print(check, out));
        ConfigurationWarnings.missingLogs(configuration.sites()).forEach(check -> print(check, out));
        boolean portUnusable = ports(configuration, out);
        try {
            TopicSetup.Report report = new TopicSetup(configuration.settings()).ensure();
            report.created().forEach(topic -> out.println("✓ topic " + topic + " created"));
            report.fine().forEach(topic -> out.println("✓ topic " + topic));
            report.wrong().forEach(problem -> out.println("✗ topic " + problem));
            requirePublisher(configuration, out);
            out.flush();
            return report.wrong().isEmpty() && !portUnusable ? 0 : CommandErrors.FAILED;
        } catch (KafkaUnavailable e) {
            out.println("✗ " + e.getMessage());
            out.flush();
            return CommandErrors.FAILED;
        }
    }

    /** One relay publishes without a transactional id. */
    private static void requirePublisher(Configuration configuration, PrintWriter out)
            throws KafkaUnavailable, InterruptedException {
        if (configuration.cluster().store() != null) {
            String id =
                    FencedPublication.transactionalId(configuration.settings().name());
            new PublisherCheck(configuration.settings().kafka()).require(id);
            out.println("✓ transactional id " + id);
        }
    }

    private String store(Configuration configuration) {
        StoreSettings store = configuration.cluster().store();
        return store == null
                ? "store: SQLite in " + folders.data
                : "store: PostgreSQL at " + store.place() + ", node "
                        + configuration.cluster().node();
    }

    /** Prints the number of causes, the operator's causes, and the operator's patterns for logs. */
    private static void print(Rules rules, Configuration configuration, PrintWriter out) {
        out.println("✓ " + ConfigurationWarnings.valid(rules).evidence());
        rules.origins()
                .forEach((code, origin) ->
                        out.println("✓ cause " + code + " " + origin.effect() + " by " + origin.file()));
        Set<String> logs = configuration.sites().stream()
                .flatMap(site -> site.logs().stream())
                .map(Site.LogFile::name)
                .collect(Collectors.toSet());
        for (LogPattern pattern : rules.logs()) {
            String finding = "finding " + pattern.finding();
            if (pattern.isOfEveryLog() || logs.contains(pattern.source())) {
                out.println("✓ " + finding + " is searched for in "
                        + (pattern.isOfEveryLog() ? "every log" : "log " + pattern.source()));
            } else {
                out.println("! " + finding + ": no site has a log with the name " + pattern.source()
                        + "; correct source, unless a route log-" + pattern.source() + " fetches it");
            }
        }
    }

    /** Prints the effect of an operator's route file on the packed ones, with a warning if it needs attention. */
    private static void print(OwnRouteFile file, PrintWriter out) {
        String name = file.name();
        switch (file.effect()) {
            case ADDED -> out.println("✓ route file " + name + " added");
            case SAME -> out.println("✓ route file " + name + " equals the packed file");
            case OFF -> out.println("! route file " + name + " is empty: the packed file is disabled");
            case REPLACES -> {
                if (RouteFiles.isSafety(name)) {
                    out.println("! route file " + name + " replaces a packed file that keeps the relay safe");
                } else {
                    out.println("✓ route file " + name + " replaces the packed file");
                }
                if (file.isOutdated()) {
                    out.println("! route file " + name
                            + ": the packed file has changed since this copy was made; compare with"
                            + " license-relay routes show " + name);
                } else if (file.madeFrom() == null) {
                    out.println("! route file " + name
                            + " does not name the packed file that it was copied from, so check cannot detect a change of"
                            + " that file; put the first line of this command at its top: license-relay routes show "
                            + name);
                }
            }
        }
    }

    private static void print(CheckResult check, PrintWriter out) {
        out.println(check.mark().sign() + " " + check.line());
    }

    /** Checks the syslog ports, and returns true if one cannot be used. */
    private boolean ports(Configuration configuration, PrintWriter out) throws IOException {
        boolean running = DataFolder.isHeld(folders.data);
        boolean unusable = false;
        for (Site site : configuration.sites()) {
            for (CheckResult check : SyslogPorts.of(site, running)) {
                print(check.of(site.name()), out);
                unusable |= check.mark() == CheckResult.Mark.ERROR;
            }
        }
        return unusable;
    }
}
