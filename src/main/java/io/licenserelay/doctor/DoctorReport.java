package io.licenserelay.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.cli.output.FailureText;
import io.licenserelay.cli.output.Table;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.redact.Redactor;
import io.licenserelay.text.Json;
import io.licenserelay.text.Plural;
import io.licenserelay.text.ShortText;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The results of the doctor, as text or as JSON. All output is redacted. */
public record DoctorReport(
        List<CheckResult> checks, List<Verdict> verdicts, Redactor redactor, DiagnosisJson diagnoses) {
    private static final int MAX_LENGTH = 160;

    /** The diagnosis of a site that fails now, or that will fail soon. */
    public record Verdict(String site, Diagnosis diagnosis) {}

    public DoctorReport startingWith(List<CheckResult> first) {
        return new DoctorReport(Stream.concat(first.stream(), checks.stream()).toList(), verdicts, redactor, diagnoses);
    }

    /** 0 all checks passed, 1 warnings, 2 errors. */
    public int exitCode() {
        return worst().exitCode();
    }

    private Mark worst() {
        return checks.stream()
                .map(CheckResult::mark)
                .filter(mark -> mark != Mark.SKIPPED)
                .max(Comparator.naturalOrder())
                .orElse(Mark.OK);
    }

    public void print(PrintWriter out) {
        int width =
                checks.stream().mapToInt(check -> label(check).length()).max().orElse(0);
        for (CheckResult check : checks) {
            String head = check.mark().sign() + " " + label(check)
                    + " ".repeat(width - label(check).length()) + "  ";
            String code = check.code() == null ? "" : check.code() + " ";
            out.println(head + shortened(code + check.evidence()));
            if (check.fix() != null) {
                out.println(" ".repeat(head.length()) + "→ " + shortened(check.fix()));
            }
        }
        for (Verdict each : verdicts) {
            Diagnosis diagnosis = each.diagnosis();
            out.println();
            out.println(Mark.of(diagnosis.severity()).sign() + " " + each.site() + ": " + diagnosis.title() + " ("
                    + diagnosis.code() + ", " + diagnosis.confidence().wireName() + ")");
            diagnosis
                    .others()
                    .forEach(other -> out.println(causeLine(FailureText.otherCause(other.confidence()), other)));
            diagnosis.sideFacts().forEach(fact -> out.println(causeLine("besides", fact)));
            out.println("  all steps: license-relay explain " + diagnosis.code());
        }
        out.println();
        out.println(worst().sign() + " " + summary());
    }

    private static String causeLine(String word, Diagnosis.Other other) {
        return "  " + word + " " + other.title() + " (" + other.code() + ", "
                + other.confidence().wireName() + ")";
    }

    private String summary() {
        long errors = count(Mark.ERROR);
        long warnings = count(Mark.WARNING);
        return errors + warnings == 0
                ? "all checks passed"
                : Plural.of(errors, "error") + ", " + Plural.of(warnings, "warning");
    }

    private long count(Mark mark) {
        return checks.stream().filter(check -> check.mark() == mark).count();
    }

    private static String label(CheckResult check) {
        return check.site() == null ? check.name() : check.site() + " " + check.name();
    }

    private String shortened(String text) {
        String line = Table.plain(redactor.redact(text).replaceAll("\\R", " "));
        return ShortText.of(line, MAX_LENGTH);
    }

    /** {@code verdict}, {@code checks} in order, and the diagnosis of each failed site in the form of events. */
    public ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("verdict", new String[] {"well", "warnings", "errors"}[exitCode()]);
        ArrayNode list = root.putArray("checks");
        checks.forEach(check -> list.add(Json.MAPPER.<JsonNode>valueToTree(check)));
        ArrayNode sites = root.putArray("sites");
        verdicts.forEach(
                each -> sites.addObject().put("site", each.site()).set("diagnosis", diagnoses.of(each.diagnosis())));
        return (ObjectNode) redactor.redact(root);
    }
}
