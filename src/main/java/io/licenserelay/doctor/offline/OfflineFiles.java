package io.licenserelay.doctor.offline;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.capture.Capture;
import io.licenserelay.evidence.capture.CaptureFindings;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.logs.FailureTime;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.evidence.logs.LogReading;
import io.licenserelay.text.Plural;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Examines files that somebody sent, without a site, a server or a configuration. An instance is used once. */
public final class OfflineFiles {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** The URL of a Manager's token request to SSM On-Prem. The host name has no effect here. */
    private static final String TOKEN = "https://ssm.invalid:8443/oauth/token";

    private final FileOptions options;
    private final Rules rules;
    private final Deadline deadline = Deadline.in(TIMEOUT);
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<LogExcerpt> excerpts = new ArrayList<>();
    private final List<String> clients;

    /** The options for files and a message. Each one is optional. */
    public static final class FileOptions {
        @Option(
                names = "--message",
                paramLabel = "TEXT",
                description = "Explain a line from a GUI or a log, also a truncated one. Needs no site and no server.")
        @Nullable
        public String message;

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
                description =
                        "With files: the time of the failure, for example 2023-01-13T11:59:03Z (default: from the Manager's log).")
        private @Nullable Instant at;

        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                description =
                        "With files: the time zone of the Manager's log and the capture, for example Asia/Kolkata.")
        private @Nullable ZoneId zone;

        @Option(names = "--ssm-zone", paramLabel = "ZONE", description = "With files: the time zone of SSM's log.")
        private @Nullable ZoneId ssmZone;

        @Option(
                names = "--client",
                paramLabel = "ADDRESS",
                description = "With files: an address of the Manager in SSM's log. May be repeated.")
        private List<String> clients = new ArrayList<>();

        public boolean hasFiles() {
            return managerLog != null || ssmLog != null || pcap != null;
        }
    }

    private OfflineFiles(FileOptions options, Rules rules) {
        this.options = options;
        this.rules = rules;
        this.clients = new ArrayList<>(options.clients);
    }

    /** @throws CommandErrors.Refusal if a file cannot be read, or is not of the expected type */
    public static OfflineReport examine(FileOptions options, Rules rules) throws CommandErrors.Refusal {
        return new OfflineFiles(options, rules).examine();
    }

    private OfflineReport examine() throws CommandErrors.Refusal {
        Capture capture = options.pcap == null ? null : capture(options.pcap);
        FailureTime manager = options.managerLog == null ? null : failureTime(managerLog(options.managerLog));
        Instant at = options.at != null ? options.at : manager == null ? null : manager.at();
        Instant failedAt = at == null ? endOfSsmLog() : at;
        ParsedMessage read = options.message == null ? null : message(options.message);
        if (manager != null) {
            addManagerFailure(manager);
        }
        if (failedAt != null) {
            readLogs(failedAt, manager == null ? null : manager.sinceRequest(), at != null);
        }
        if (capture != null) {
            notes.addAll(CaptureTime.notes(capture, at, options.zone));
        }
        boolean failed = at != null || options.message != null || (manager != null && manager.errors() > 0);
        Diagnosis diagnosis = rules.diagnose(Evidence.of(failure(failedAt == null ? Instant.EPOCH : failedAt, null)));
        return new OfflineReport(at, options.at != null, manager, read, findings, notes, excerpts, diagnosis, failed);
    }

    private Capture capture(Path file) throws CommandErrors.Refusal {
        try {
            Capture capture = Capture.read(file, deadline);
            findings.addAll(CaptureFindings.of(capture));
            capture.notes().forEach(note -> notes.add("capture: " + note));
            CaptureFindings.server(capture).ifPresent(server -> capture.conversations().stream()
                    .filter(each -> each.server().equals(server))
                    .map(each -> each.client().address())
                    .filter(address -> !clients.contains(address))
                    .distinct()
                    .forEach(clients::add));
            if (capture.form().equals("tcpdump-text")) {
                notes.add("the text of a capture does not contain the transferred bytes, so it cannot show TLS and its"
                        + " handshake; a pcap file (tcpdump -w) can");
            }
            return capture;
        } catch (IOException bad) {
            throw unreadable(file, bad);
        }
    }

    private FailureTime failureTime(Site.LogFile log) throws CommandErrors.Refusal {
        try {
            FailureTime time = FailureTime.in(log);
            if (time.at() == null && options.at == null) {
                notes.add(
                        time.errors() == 0
                                ? "the Manager's log has no ERROR line of its license sync, so the time of the failure is unknown (set --at)"
                                : "the Manager's log has " + Plural.of(time.errors(), "ERROR line")
                                        + " of its license sync with an unreadable time: "
                                        + String.join("; ", time.doubts()) + " (set --zone, for example Asia/Kolkata)");
            }
            return time;
        } catch (IOException bad) {
            throw unreadable(log.path(), bad);
        }
    }

    /** If the time of the failure is unknown, no times can be compared, but SSM's last lines may still help. */
    private @Nullable Instant endOfSsmLog() throws CommandErrors.Refusal {
        if (options.ssmLog == null) {
            return null;
        }
        notes.add("the time of the failure is unknown, so only the end of SSM's log was read (set --at INSTANT)");
        try {
            return FailureTime.in(ssmLog(options.ssmLog)).newest();
        } catch (IOException bad) {
            throw unreadable(options.ssmLog, bad);
        }
    }

    private void addManagerFailure(FailureTime manager) {
        if (manager.errors() == 0) {
            return;
        }
        String time = manager.at() == null ? "" : " at " + manager.at();
        Duration sinceRequest = manager.sinceRequest();
        String delay = sinceRequest == null
                ? ""
                : ", " + sinceRequest.toMillis() + " ms after its request"
                        + (sinceRequest.compareTo(Duration.ofSeconds(5)) < 0
                                ? ": an immediate answer, not a timeout"
                                : "");
        findings.add(new Finding(
                Findings.MANAGER_SYNC_FAILED,
                "the Manager's log: " + Plural.of(manager.errors(), "ERROR line") + " of its license sync" + time
                        + delay));
    }

    private @Nullable ParsedMessage message(String text) {
        OfflineMessage message = new OfflineMessage(text);
        findings.addAll(message.findings());
        notes.addAll(message.notes());
        return message.read();
    }

    private void readLogs(Instant at, @Nullable Duration sinceRequest, boolean timeIsKnown) {
        Duration took = sinceRequest == null ? Duration.ZERO : sinceRequest;
        HttpExchangeRecord exchange = new HttpExchangeRecord("POST", TOKEN, null, Map.of(), null, at.minus(took), took);
        Failure failure = failure(at, exchange);
        if (options.managerLog != null) {
            read(managerLog(options.managerLog), failure, timeIsKnown);
        }
        if (options.ssmLog != null) {
            read(ssmLog(options.ssmLog), failure, timeIsKnown);
            notes.addAll(TokenRequestLines.notes(excerpts.get(excerpts.size() - 1), clients));
        }
    }

    private void read(Site.LogFile log, Failure failure, boolean timeIsKnown) {
        LogReading reading = new LogReader(rules.logs()).read(log, failure, deadline);
        excerpts.add(reading.excerpt());
        reading.findings().stream()
                .filter(each -> timeIsKnown || !each.name().equals(Findings.LOG_NOT_COVERING))
                .forEach(findings::add);
        Optional.ofNullable(reading.excerpt().note())
                .filter(note -> timeIsKnown || !note.startsWith("no line covers"))
                .ifPresent(note -> notes.add("log " + log.name() + ": " + note));
    }

    private Failure failure(Instant at, @Nullable HttpExchangeRecord exchange) {
        return new Failure(
                Place.relay(),
                List.of(),
                Flow.MANAGER,
                Step.TOKEN,
                "files",
                "as sent",
                List.copyOf(findings),
                exchange,
                at);
    }

    private Site.LogFile managerLog(Path file) {
        return new Site.LogFile("manager", file, options.zone);
    }

    private Site.LogFile ssmLog(Path file) {
        return new Site.LogFile("ssm", file, options.ssmZone, false, clients);
    }

    private static CommandErrors.Refusal unreadable(Path file, IOException e) {
        return new CommandErrors.Refusal(
                CommandErrors.USAGE_ERROR,
                file + " cannot be read: " + Objects.toString(e.getMessage(), "no reason given") + ".");
    }
}
