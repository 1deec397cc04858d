package io.licenserelay.cli.setup;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.app.Relay;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.CommonOptions;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.config.yaml.BadConfiguration.Problem;
import io.licenserelay.diagnosis.BadRules;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.doctor.ConfigurationWarnings;
import io.licenserelay.doctor.Doctor;
import io.licenserelay.doctor.DoctorReport;
import io.licenserelay.doctor.offline.BundleReport;
import io.licenserelay.doctor.offline.KnownMessage;
import io.licenserelay.doctor.offline.MessageExplanation;
import io.licenserelay.doctor.offline.OfflineFiles;
import io.licenserelay.doctor.offline.OfflineMessage;
import io.licenserelay.doctor.offline.OfflineReport;
import io.licenserelay.doctor.offline.ParsedMessage;
import io.licenserelay.redact.Redactor;
import io.licenserelay.sync.run.Sites;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code doctor}: checks everything that a sync needs, and gives the cause and the fix of each problem. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Checks everything that a sync needs. For each problem it prints the cause and the fix.",
            "It changes nothing. It works beside a running relay and without Kafka.",
            "It sends a password at most once. It does not send a refused password again without --try-password."
                    + " Like a run, it records each attempt and its answer in the data folder.",
            "With --message it explains only the text of that message. With --manager-log, --ssm-log and --pcap, or any of"
                    + " them, it reads files that somebody sent, and prints what they prove and what they do not prove."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all checks passed, or the message is explained",
            "1:warnings, or the message contains no known text",
            "2:errors, or bad rules or options"
        })
public final class DoctorCommand implements Callable<Integer> {
    private static final int LONGEST_MESSAGE = 65_536;

    @Mixin
    private CommonOptions folders;

    @ArgGroup
    private Source source = new Source();

    /** One of: the live configuration, a bundle, or files and a message from somebody else. */
    static final class Source {
        @ArgGroup(exclusive = false)
        private Live live = new Live();

        @Option(
                names = "--bundle",
                paramLabel = "FILE",
                description = "Read a bundle of evidence (data/evidence/*.tar.gz), verify it, and print its diagnosis.")
        private @Nullable Path bundle;

        @ArgGroup(exclusive = false)
        private OfflineFiles.@Nullable FileOptions files;
    }

    static final class Live {
        @Option(names = "--site", paramLabel = "NAME", description = "This site only (default: all).")
        private @Nullable String site;

        @Option(
                names = "--try-password",
                description = "Also send a password that was refused before, once. The server may lock the user.")
        private boolean tryPassword;
    }

    @Mixin
    private CommandOutput output;

    @Mixin
    private ColorOption color;

    @Override
    public Integer call() throws Exception {
        if (source.bundle != null) {
            return BundleReport.of(source.bundle, Rules.in(folders.config)).print(output, color);
        }
        if (source.files != null) {
            return explain(source.files);
        }
        DoctorReport report = report();
        output.print(report::json, color.colored(report::print));
        return report.exitCode();
    }

    private int explain(OfflineFiles.FileOptions files) throws CommandErrors.Refusal {
        String message = files.message;
        if (message != null && message.length() > LONGEST_MESSAGE) {
            throw new CommandErrors.Refusal(
                    CommandErrors.USAGE_ERROR, "--message is too long: the limit is 65,536 characters.");
        }
        if (files.hasFiles()) {
            OfflineReport report = OfflineFiles.examine(files, Rules.in(folders.config));
            output.print(report::json, color.colored(report::print));
            return report.exitCode();
        }
        if (message == null) {
            throw new CommandErrors.Refusal(
                    CommandErrors.USAGE_ERROR,
                    "A file is missing. Set --manager-log, --ssm-log or --pcap, or a --message.");
        }
        Rules rules = Rules.in(folders.config);
        MessageExplanation explained = ParsedMessage.of(message)
                .map(read -> MessageExplanation.of(read, rules))
                .orElseGet(() ->
                        MessageExplanation.of(KnownMessage.in(message), new OfflineMessage(message).notes(), rules));
        if (!explained.isKnown() && !output.isJson()) {
            throw new CommandErrors.Refusal(
                    CommandErrors.FAILED,
                    "The message contains no error of a token endpoint, such as {\"error\": \"invalid_client\"}, and no"
                            + " other known text. Run license-relay doctor without --message to check SSM itself.");
        }
        output.print(explained::json, color.colored(explained::print));
        return explained.isKnown() ? 0 : CommandErrors.FAILED;
    }

    private DoctorReport report() throws Exception {
        Configuration configuration;
        Rules rules;
        try {
            configuration = folders.configuration();
            rules = Rules.in(folders.config);
        } catch (BadConfiguration bad) {
            return onlyErrors("configuration", bad.problems());
        } catch (BadRules bad) {
            return onlyErrors("rules", bad.problems());
        }
        List<Site> sites = new Sites(configuration.sites()).wanted(source.live.site);
        Redactor redactor = redactor(configuration.secrets());
        List<CheckResult> first = new ArrayList<>(List.of(
                ConfigurationWarnings.valid(configuration),
                CheckResult.ok("secrets", "all can be read: " + sources(configuration)),
                ConfigurationWarnings.valid(rules)));
        Set<String> names = sites.stream().map(Site::name).collect(Collectors.toSet());
        ConfigurationWarnings.of(
                        configuration, System.getenv(), Clock.systemUTC().instant())
                .stream()
                .filter(check -> check.site() == null || names.contains(check.site()))
                .forEach(first::add);
        return Doctor.of(
                        configuration,
                        sites,
                        folders.data,
                        folders.routes(),
                        source.live.tryPassword,
                        rules,
                        redactor,
                        Clock.systemUTC())
                .startingWith(first);
    }

    /** Without a valid configuration and rules, nothing else can be checked. */
    private static DoctorReport onlyErrors(String name, List<Problem> problems) {
        List<CheckResult> checks = problems.stream()
                .map(each -> CheckResult.bad(
                        Mark.ERROR,
                        name,
                        each.file() + (each.line() > 0 ? ":" + each.line() : "") + ": " + each.message(),
                        each.fix()))
                .toList();
        return new DoctorReport(checks, List.of(), redactor(List.of()), new DiagnosisJson(""));
    }

    private static Redactor redactor(List<Secret> secrets) {
        return Redactor.of(() -> Relay.revealed(secrets));
    }

    private static String sources(Configuration configuration) {
        return configuration.secrets().stream().map(Secret::source).distinct().collect(Collectors.joining(", "));
    }
}
