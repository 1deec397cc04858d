package io.licenserelay.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.text.WireNamed;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param site null for the relay itself
 * @param code the cause that its evidence is the reason for, if one is known
 * @param evidence in a phrase
 * @param fix the command or click that mends it; null when there is nothing to mend
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"site", "check", "status", "code", "evidence", "fix"})
record Check(
        @Nullable String site,
        @JsonProperty("check") String name,
        @JsonProperty("status") Mark mark,
        @Nullable String code,
        String evidence,
        @Nullable String fix) {

    /** How it is, from well to worst. */
    enum Mark implements WireNamed {
        OK("✓"),
        /** It could not be looked at, or need not be. */
        SKIPPED("–"),
        WARNING("!"),
        ERROR("✗");

        private final String sign;

        Mark(String sign) {
            this.sign = sign;
        }

        static Mark of(Severity severity) {
            return severity.compareTo(Severity.ERROR) <= 0 ? ERROR : WARNING;
        }

        String sign() {
            return sign;
        }
    }

    static Check ok(String name, String evidence) {
        return new Check(null, name, Mark.OK, null, evidence, null);
    }

    static Check skipped(String name, String evidence) {
        return new Check(null, name, Mark.SKIPPED, null, evidence, null);
    }

    static Check bad(Mark mark, String name, String evidence, String fix) {
        return new Check(null, name, mark, null, evidence, fix);
    }

    Check of(String itsSite) {
        return new Check(itsSite, name, mark, code, evidence, fix);
    }

    /** It is not well because of the cause that was diagnosed. */
    static Check diagnosed(String name, Diagnosis diagnosis, String evidence) {
        return new Check(
                null,
                name,
                Mark.of(diagnosis.severity()),
                diagnosis.code(),
                evidence,
                diagnosis.remedy().get(0));
    }

    Check fixedBy(String otherFix) {
        return new Check(site, name, mark, code, evidence, otherFix);
    }
}
