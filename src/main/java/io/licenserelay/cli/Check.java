package io.licenserelay.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
record Check(
        @Nullable String site,
        String name,
        Mark mark,
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

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (site != null) {
            node.put("site", site);
        }
        node.put("check", name).put("status", mark.wireName());
        if (code != null) {
            node.put("code", code);
        }
        node.put("evidence", evidence);
        if (fix != null) {
            node.put("fix", fix);
        }
        return node;
    }
}
