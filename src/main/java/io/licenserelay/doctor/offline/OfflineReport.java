package io.licenserelay.doctor.offline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.app.CheckResult;
import io.licenserelay.cli.output.WrappedText;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.excerpt.LogTimeline;
import io.licenserelay.evidence.logs.FailureTime;
import io.licenserelay.redact.Redactor;
import io.licenserelay.text.ShortText;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of examining files that somebody sent, on less than a page.
 *
 * @param at the time of the failure; null if unknown
 * @param asGiven whether the time comes from {@code --at}
 * @param failed whether a failure is known at all
 */
public record OfflineReport(
        @Nullable Instant at,
        boolean asGiven,
        @Nullable FailureTime manager,
        @Nullable ParsedMessage message,
        List<Finding> findings,
        List<String> notes,
        List<LogExcerpt> excerpts,
        Diagnosis diagnosis,
        boolean failed) {
    private static final Redactor REDACTOR = Redactor.of(List.of());
    private static final Set<String> HEALTHY = Set.of(
            Findings.CAPTURE_HANDSHAKE_WELL,
            Findings.CAPTURE_DATA_BOTH_WAYS,
            Findings.CAPTURE_TLS_WELL,
            Findings.CAPTURE_CHECKSUM_OFFLOAD,
            Findings.MESSAGE_TOKEN_ANSWER);
    private static final int MAX_LINES = 7;
    private static final int MAX_LINE_LENGTH = 110;
    private static final Pattern RELEVANT = Pattern.compile("/oauth/token|connecting to upstream|\\b(?:Query|Faile)");

    /** 0 if the files show no failure, otherwise from the initial severity of the cause. */
    public int exitCode() {
        if (isHealthy()) {
            return 0;
        }
        return CheckResult.Mark.of(diagnosis.severity()).exitCode();
    }

    private boolean isHealthy() {
        return !failed && diagnosis.code().equals(Rules.NOT_DIAGNOSED);
    }

    public void print(PrintWriter out) {
        print("✗ ", when(), out);
        findings.stream().filter(each -> !isInNotes(each)).forEach(each -> print(mark(each), each.phrase(), out));
        notes.forEach(each -> print("– ", each, out));
        String head = "  timeline  ";
        for (String line : timeline()) {
            out.println(head + ShortText.of(REDACTOR.redact(line), MAX_LINE_LENGTH));
            head = "            ";
        }
        if (!isHealthy()) {
            causes(out);
        }
        WrappedText.column("  ruled out ", redacted(ruledOut()), out);
        WrappedText.steps("  next      ", redacted(next()), out);
        if (!isHealthy()) {
            print("  more      ", "license-relay explain " + String.join(" ", codes()), out);
        }
    }

    /** Whether a note explains the finding in more detail. */
    private boolean isInNotes(Finding finding) {
        boolean fits = message != null
                && message.fitting().size() > 1
                && finding.name().startsWith("message.fits-");
        return fits || finding.name().equals(Findings.LOG_NOT_COVERING);
    }

    private static String mark(Finding finding) {
        return HEALTHY.contains(finding.name()) ? "✓ " : "! ";
    }

    private String when() {
        if (at == null) {
            return failed ? "It failed at an unknown time." : "The files show no failure and no time of a failure.";
        }
        return "It failed at " + at + (asGiven ? " (from --at)." : " (from the Manager's log).");
    }

    private void causes(PrintWriter out) {
        List<String> causes = new ArrayList<>();
        causes.add(cause(diagnosis.title(), diagnosis.code(), diagnosis.confidence(), diagnosis.because()));
        diagnosis.others().forEach(other -> causes.add(cause(other)));
        WrappedText.steps("  cause     ", redacted(causes), out);
        WrappedText.column(
                "  besides   ",
                redacted(
                        diagnosis.sideFacts().stream().map(OfflineReport::cause).toList()),
                out);
    }

    private static String cause(Diagnosis.Other other) {
        return cause(other.title(), other.code(), other.confidence(), other.because());
    }

    private static String cause(String title, String code, Diagnosis.Confidence confidence, List<String> because) {
        String basis = because.isEmpty() ? "" : " by " + String.join(", ", because);
        return title + " (" + code + ", " + confidence.wireName() + basis + ")";
    }

    /** The excluded codes, grouped by the finding that excludes them. */
    private List<String> ruledOut() {
        Map<String, String> codes = new LinkedHashMap<>();
        diagnosis.ruledOut().forEach(each -> codes.merge(each.by(), each.code(), (one, other) -> one + " " + other));
        return codes.entrySet().stream()
                .map(each -> each.getValue() + " by " + each.getKey())
                .toList();
    }

    private List<String> next() {
        return isHealthy()
                ? List.of(
                        "Add the message of the GUI (--message), the Manager's log (--manager-log), or the time (--at).")
                : message != null ? MessageExplanation.NEXT : diagnosis.remedy();
    }

    private List<String> codes() {
        List<String> codes = new ArrayList<>(List.of(diagnosis.code()));
        diagnosis.besides().stream().map(Diagnosis.Other::code).forEach(codes::add);
        return codes;
    }

    /** The relevant lines of all logs, in order of time. If there are many, the last ones. */
    private List<String> timeline() {
        Map<String, LogExcerpt> bySource =
                excerpts.stream().collect(Collectors.toMap(LogExcerpt::source, each -> each));
        List<String> lines = new ArrayList<>();
        for (LogTimeline.Entry entry : LogTimeline.of(excerpts)) {
            LogExcerpt excerpt = bySource.get(entry.source());
            String text = excerpt == null ? "" : excerpt.lines().get(entry.line());
            if (RELEVANT.matcher(text).find() || "error".equals(entry.facts().level())) {
                lines.add(entry.at() + " " + entry.source() + " " + withoutTimestamp(text));
            }
        }
        return lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
    }

    /** The timeline shows the time of each line already, converted to UTC. */
    private static String withoutTimestamp(String text) {
        return text.replaceFirst("^.*?\\d{2}:\\d{2}:\\d{2}[.,]?\\d*\\s+(?:[A-Z]{1,5}\\s+(?=[A-Z]))?", "");
    }

    private static List<String> redacted(List<String> texts) {
        return texts.stream().map(REDACTOR::redact).toList();
    }

    private static void print(String head, String text, PrintWriter out) {
        WrappedText.print(head, REDACTOR.redact(text), out);
    }

    public ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("failedAt", at == null ? null : at.toString());
        root.put("failedAtFrom", at == null ? "unknown" : asGiven ? "given" : "manager-log");
        if (manager != null && manager.sinceRequest() != null) {
            root.put("askedMillisBefore", manager.sinceRequest().toMillis());
        }
        ArrayNode facts = root.putArray("findings");
        findings.forEach(each -> facts.addObject().put("name", each.name()).put("phrase", each.phrase()));
        notes.forEach(root.putArray("notes")::add);
        timeline().forEach(root.putArray("timeline")::add);
        root.set("diagnosis", isHealthy() ? null : new DiagnosisJson("urn:license-relay:").of(diagnosis));
        next().forEach(root.putArray("next")::add);
        return (ObjectNode) REDACTOR.redact(root);
    }
}
