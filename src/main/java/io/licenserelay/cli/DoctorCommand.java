package io.licenserelay.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.cli.Check.Mark;
import io.licenserelay.diagnosis.BadRules;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.BadConfiguration;
import io.licenserelay.site.Configuration;
import io.licenserelay.site.Secret;
import io.licenserelay.site.Site;
import io.licenserelay.sync.Sites;
import io.licenserelay.text.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Option(names = "--site", paramLabel = "NAME", description = "This site only (default: all).")
    private @Nullable String site;

    @Option(
            names = "--try-password",
            description = "Send also a password that was refused before, once. A server may lock the user for it.")
    private boolean tryPassword;

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            description = "Explain a line from a GUI or a log, also a cut one, by itself: needs no site and no server.")
    private @Nullable String message;

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "Read a bundle of evidence (data/evidence/*.tar.gz), verify it, and tell its diagnosis.")
    private @Nullable Path bundle;

    @Option(
            names = "--manager-log",
            paramLabel = "FILE",
            description = "Read this log of an SD-WAN Manager (vmanage-server.log) that somebody sent.")
    private @Nullable Path managerLog;

    @Option(
            names = "--ssm-log",
            paramLabel = "FILE",
            description = "Read this log of an SSM On-Prem (messages) that somebody sent.")
    private @Nullable Path ssmLog;

    @Option(
            names = "--pcap",
            paramLabel = "FILE",
            description = "Read this capture that somebody sent: a pcap file, or the text of tcpdump -nn -vv.")
    private @Nullable Path pcap;

    @Option(
            names = "--at",
            paramLabel = "INSTANT",
            description = "With files: when it failed, as 2023-01-13T11:59:03Z (default: told by the Manager's log).")
    private @Nullable Instant at;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "With files: the zone of the Manager's and the capture's stamps, as Asia/Kolkata.")
    private @Nullable ZoneId zone;

    @Option(names = "--ssm-zone", paramLabel = "ZONE", description = "With files: the zone of SSM's stamps.")
    private @Nullable ZoneId ssmZone;

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            description = "With files: an address of the Manager, in SSM's log; once for each.")
    private List<String> clients = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (bundle != null) {
            return BundleReport.of(bundle, Relay.rules(folders.config)).print(json, out);
        }
        if (managerLog != null || ssmLog != null || pcap != null) {
            return files(out);
        }
        if (message != null) {
            return explain(message, out);
        }
        Report report = report();
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(report.json()));
        } else {
            report.print(out);
        }
        out.flush();
        return report.exitCode();
    }

    private int files(PrintWriter out) throws Complaints.Refusal, JsonProcessingException {
        if (site != null || (message != null && message.length() > LONGEST_MESSAGE)) {
            throw new Complaints.Refusal(
                    Complaints.WRONGLY_ASKED,
                    "Files and --message go without --site, and a message has 65,536 characters at most.");
        }
        RawReport report = RawFiles.look(
                new RawFiles.Given(managerLog, ssmLog, pcap, message, at, zone, ssmZone, clients),
                Relay.rules(folders.config));
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(report.json()));
        } else {
            report.print(out);
        }
        out.flush();
        return report.exitCode();
    }

    private int explain(String text, PrintWriter out) throws Complaints.Refusal, JsonProcessingException {
        if (site != null || text.length() > LONGEST_MESSAGE) {
            throw new Complaints.Refusal(
                    Complaints.WRONGLY_ASKED,
                    "--message goes without --site, and is a line of 65,536 characters at most.");
        }
        Rules rules = Relay.rules(folders.config);
        Optional<ReadMessage> read = ReadMessage.of(text);
        if (read.isPresent()) {
            MessageExplained explained = new MessageExplained(read.get(), rules);
            return told(explained::json, explained::print, out);
        }
        TextExplained explained = new TextExplained(KnownText.in(text), new RawMessage(text).notes(), rules);
        boolean known = !explained.texts().isEmpty() || !explained.notes().isEmpty();
        if (!known && !json) {
            throw new Complaints.Refusal(
                    Complaints.FAILED,
                    "No error of a token endpoint stands in the message, such as {\"error\": \"invalid_client\"}, and no"
                            + " other known text. license-relay doctor asks SSM itself.");
        }
        told(explained::json, explained::print, out);
        return known ? 0 : Complaints.FAILED;
    }

    private int told(Supplier<ObjectNode> object, Consumer<PrintWriter> words, PrintWriter out)
            throws JsonProcessingException {
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(object.get()));
        } else {
            words.accept(out);
        }
        out.flush();
        return 0;
    }

    private Report report() throws Exception {
        Configuration configuration;
        Rules rules;
        try {
            configuration = folders.configuration();
            rules = Relay.rules(folders.config);
        } catch (BadConfiguration bad) {
            return onlyErrors(bad.problems().stream()
                    .map(each -> Check.bad(
                            Mark.ERROR,
                            "configuration",
                            each.file() + (each.line() > 0 ? ":" + each.line() : "") + ": " + each.message(),
                            each.fix())));
        } catch (BadRules bad) {
            return onlyErrors(String.valueOf(bad.getMessage())
                    .lines()
                    .map(line -> Check.bad(Mark.ERROR, "rules", line, "correct the line in diagnoses.yaml")));
        }
        List<Site> wanted = new Sites(configuration.sites()).wanted(site);
        Redactor redactor = redactor(configuration.secrets());
        List<Check> first = List.of(
                Check.ok(
                        "configuration",
                        configuration.sites().size() + " site(s) in " + folders.config.resolve("relay.yaml")),
                Check.ok("secrets", "every one can be read: " + sources(configuration)),
                Check.ok("rules", rules.entries().size() + " causes in the catalogue"));
        return Checkup.of(configuration, wanted, folders.data, tryPassword, rules, redactor, Clock.systemUTC())
                .startingWith(first);
    }

    /** Nothing else can be looked at. */
    private static Report onlyErrors(Stream<Check> problems) {
        return new Report(problems.toList(), List.of(), redactor(List.of()), new DiagnosisJson(""));
    }

    private static Redactor redactor(List<Secret> secrets) {
        return Redactor.of(() -> Relay.revealed(secrets));
    }

    private static String sources(Configuration configuration) {
        return configuration.secrets().stream().map(Secret::source).distinct().collect(Collectors.joining(", "));
    }
}
