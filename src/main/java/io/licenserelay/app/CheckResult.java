package io.licenserelay.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.text.WireNamed;
import org.jspecify.annotations.Nullable;

/**
 * The result of one check.
 *
 * @param site null for the relay itself
 * @param code the diagnosed cause, if one is known
 * @param evidence in a phrase
 * @param fix the command or action that fixes the problem; null if there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"site", "check", "status", "code", "evidence", "fix"})
public record CheckResult(
        @Nullable String site,
        @JsonProperty("check") String name,
        @JsonProperty("status") Mark mark,
        @Nullable String code,
        String evidence,
        @Nullable String fix) {

    /** The outcome of a check, from best to worst. */
    public enum Mark implements WireNamed {
        OK("✓"),
        /** Not checked: not possible or not necessary. */
        SKIPPED("–"),
        WARNING("!"),
        ERROR("✗");

        private final String sign;

        Mark(String sign) {
            this.sign = sign;
        }

        public static Mark of(Severity severity) {
            return severity.compareTo(Severity.ERROR) <= 0 ? ERROR : WARNING;
        }

        public String sign() {
            return sign;
        }

        /** The exit code of doctor if this is the worst mark: 0 all checks passed, 1 warnings, 2 errors. */
        public int exitCode() {
            return switch (this) {
                case OK, SKIPPED -> 0;
                case WARNING -> 1;
                case ERROR -> 2;
            };
        }
    }

    public static CheckResult ok(String name, String evidence) {
        return new CheckResult(null, name, Mark.OK, null, evidence, null);
    }

    public static CheckResult skipped(String name, String evidence) {
        return new CheckResult(null, name, Mark.SKIPPED, null, evidence, null);
    }

    public static CheckResult bad(Mark mark, String name, String evidence, String fix) {
        return new CheckResult(null, name, mark, null, evidence, fix);
    }

    public CheckResult of(String itsSite) {
        return new CheckResult(itsSite, name, mark, code, evidence, fix);
    }

    /** A failed check with a diagnosed cause. */
    public static CheckResult diagnosed(String name, Diagnosis diagnosis, String evidence) {
        return new CheckResult(
                null,
                name,
                Mark.of(diagnosis.severity()),
                diagnosis.code(),
                evidence,
                diagnosis.remedy().get(0));
    }

    /** As one line: site, name, evidence and fix, without the mark. */
    public String line() {
        return (site == null ? "" : site + " ") + name + ": " + evidence + (fix == null ? "" : "; " + fix);
    }

    public CheckResult fixedBy(String otherFix) {
        return new CheckResult(site, name, mark, code, evidence, otherFix);
    }
}
