package io.licenserelay.cli;

import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.KafkaUnavailable;
import io.licenserelay.event.Topics;
import io.licenserelay.site.Configuration;
import io.licenserelay.site.Site;
import io.licenserelay.store.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code check}: is everything in place to run? */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Validates configuration, rules and routes, tries the ports of logs, and creates or verifies the topics.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all well, or warnings only",
            "1:Kafka is away, a topic is not as it must be, or the port of a log is taken",
            "2:bad configuration, rules or routes"
        })
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private Folders folders;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Configuration configuration = folders.configuration();
        out.println("✓ " + configuration.sites().size() + " site(s) in " + folders.config.resolve("relay.yaml"));
        Rules rules = Relay.rules(folders.config);
        out.println("✓ " + rules.entries().size() + " causes in the catalogue");
        RouteFiles routes = folders.routes.files();
        RouteCheck.check(configuration, routes);
        out.println("✓ routes: " + routes);
        ConfigurationWarnings.of(
                        configuration, System.getenv(), Clock.systemUTC().instant())
                .forEach(check -> print(check, out));
        boolean deaf = ports(configuration, out);
        try {
            Topics.Report report = new Topics(configuration.settings()).ensure();
            report.created().forEach(topic -> out.println("✓ topic " + topic + " created"));
            report.fine().forEach(topic -> out.println("✓ topic " + topic));
            report.wrong().forEach(problem -> out.println("✗ topic " + problem));
            out.flush();
            return report.wrong().isEmpty() && !deaf ? 0 : Complaints.FAILED;
        } catch (KafkaUnavailable e) {
            out.println("✗ " + e.getMessage());
            out.flush();
            return Complaints.FAILED;
        }
    }

    private static void print(Check check, PrintWriter out) {
        out.println(check.mark().sign() + " " + (check.site() == null ? "" : check.site() + " ") + check.name() + ": "
                + check.evidence() + (check.fix() == null ? "" : "; " + check.fix()));
    }

    /** Whether a log cannot be received where the configuration says. */
    private boolean ports(Configuration configuration, PrintWriter out) throws IOException {
        boolean running = Files.isDirectory(folders.data) && DataFolder.isHeld(folders.data);
        boolean deaf = false;
        for (Site site : configuration.sites()) {
            for (Check check : SyslogPorts.of(site, running)) {
                print(check.of(site.name()), out);
                deaf |= check.mark() == Check.Mark.ERROR;
            }
        }
        return deaf;
    }
}
