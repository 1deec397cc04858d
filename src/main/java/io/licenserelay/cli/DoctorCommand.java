package io.licenserelay.cli;

import io.licenserelay.cli.Check.Mark;
import io.licenserelay.diagnosis.BadRules;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.BadConfiguration;
import io.licenserelay.site.BadConfiguration.Problem;
import io.licenserelay.site.Configuration;
import io.licenserelay.site.Secret;
import io.licenserelay.site.Site;
import io.licenserelay.sync.Sites;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code doctor}: what is well here, what is not, and what mends it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at everything that a sync needs, and says what is not well, why, and what mends it.",
            "Changes nothing; also beside a running relay, and without Kafka. A password is sent once at most, and",
            "not at all after it was refused, unless --try-password is given; as a run does it, each attempt and its",
            "answer are written down in the data folder.",
            "With --message it looks at nothing but the words of that message; with --manager-log, --ssm-log",
            "and --pcap, any of them, at files that somebody sent, and tells what they prove and what not."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all well, or the message is explained",
            "1:warnings, or nothing known is in the message",
            "2:errors, or bad rules or options"
        })
final class DoctorCommand implements Callable<Integer> {
    private static final int LONGEST_MESSAGE = 65_536;

    @Mixin
    private Folders folders;

    @ArgGroup
    private Source looksAt = new Source();

    /** One of: the live configuration, a bundle, or what somebody sent. */
    static final class Source {
        @ArgGroup(exclusive = false)
        private Live live = new Live();

        @Option(
                names = "--bundle",
                paramLabel = "FILE",
                description = "Read a bundle of evidence (data/evidence/*.tar.gz), verify it, and tell its diagnosis.")
        private @Nullable Path bundle;

        @ArgGroup(exclusive = false)
        private RawFiles.@Nullable Given sent;
    }

    static final class Live {
        @Option(names = "--site", paramLabel = "NAME", description = "This site only (default: all).")
        private @Nullable String site;

        @Option(
                names = "--try-password",
                description = "Send also a password that was refused before, once. A server may lock the user for it.")
        private boolean tryPassword;
    }

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws Exception {
        if (looksAt.bundle != null) {
            return BundleReport.of(looksAt.bundle, Relay.rules(folders.config)).print(output);
        }
        if (looksAt.sent != null) {
            return explain(looksAt.sent);
        }
        Report report = report();
        output.print(report::json, report::print);
        return report.exitCode();
    }

    private int explain(RawFiles.Given sent) throws Complaints.Refusal {
        String message = sent.message;
        if (message != null && message.length() > LONGEST_MESSAGE) {
            throw new Complaints.Refusal(Complaints.WRONGLY_ASKED, "--message is a line of 65,536 characters at most.");
        }
        if (sent.hasFiles()) {
            RawReport report = RawFiles.look(sent, Relay.rules(folders.config));
            output.print(report::json, report::print);
            return report.exitCode();
        }
        if (message == null) {
            throw new Complaints.Refusal(
                    Complaints.WRONGLY_ASKED, "Which file? Give --manager-log, --ssm-log or --pcap, or a --message.");
        }
        Rules rules = Relay.rules(folders.config);
        MessageExplained explained = ReadMessage.of(message)
                .map(read -> MessageExplained.of(read, rules))
                .orElseGet(() -> MessageExplained.of(KnownText.in(message), new RawMessage(message).notes(), rules));
        if (!explained.isKnown() && !output.isJson()) {
            throw new Complaints.Refusal(
                    Complaints.FAILED,
                    "No error of a token endpoint stands in the message, such as {\"error\": \"invalid_client\"}, and no"
                            + " other known text. license-relay doctor asks SSM itself.");
        }
        output.print(explained::json, explained::print);
        return explained.isKnown() ? 0 : Complaints.FAILED;
    }

    private Report report() throws Exception {
        Configuration configuration;
        Rules rules;
        try {
            configuration = folders.configuration();
            rules = Relay.rules(folders.config);
        } catch (BadConfiguration bad) {
            return onlyErrors("configuration", bad.problems());
        } catch (BadRules bad) {
            return onlyErrors("rules", bad.problems());
        }
        List<Site> wanted = new Sites(configuration.sites()).wanted(looksAt.live.site);
        Redactor redactor = redactor(configuration.secrets());
        List<Check> first = List.of(
                Check.ok(
                        "configuration",
                        configuration.sites().size() + " site(s) in " + folders.config.resolve("relay.yaml")),
                Check.ok("secrets", "every one can be read: " + sources(configuration)),
                Check.ok("rules", rules.entries().size() + " causes in the catalogue"));
        return Checkup.of(
                        configuration,
                        wanted,
                        folders.data,
                        looksAt.live.tryPassword,
                        rules,
                        redactor,
                        Clock.systemUTC())
                .startingWith(first);
    }

    /** Nothing else can be looked at. */
    private static Report onlyErrors(String name, List<Problem> problems) {
        List<Check> checks = problems.stream()
                .map(each -> Check.bad(
                        Mark.ERROR,
                        name,
                        each.file() + (each.line() > 0 ? ":" + each.line() : "") + ": " + each.message(),
                        each.fix()))
                .toList();
        return new Report(checks, List.of(), redactor(List.of()), new DiagnosisJson(""));
    }

    private static Redactor redactor(List<Secret> secrets) {
        return Redactor.of(() -> Relay.revealed(secrets));
    }

    private static String sources(Configuration configuration) {
        return configuration.secrets().stream().map(Secret::source).distinct().collect(Collectors.joining(", "));
    }
}
