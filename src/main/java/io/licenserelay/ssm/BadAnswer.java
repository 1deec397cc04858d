package io.licenserelay.ssm;

import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSM answered with success, and the body is not what it should be. The inventory is left as it was. */
public final class BadAnswer extends SsmException {
    private static final long serialVersionUID = 1L;

    private BadAnswer(String finding, String message, @Nullable Exchanged exchange) {
        super(finding, message, List.of(new Finding(finding, message)), exchange);
    }

    public static BadAnswer html(String message, @Nullable Exchanged exchange) {
        return new BadAnswer(Findings.ANSWER_HTML, message, exchange);
    }

    public static BadAnswer cut(String message) {
        return new BadAnswer(Findings.ANSWER_CUT, message, null);
    }

    static BadAnswer cut(String message, Exchanged exchange) {
        return new BadAnswer(Findings.ANSWER_CUT, message, exchange);
    }

    static BadAnswer malformed(String message, Exchanged exchange) {
        return new BadAnswer(Findings.ANSWER_MALFORMED, message, exchange);
    }

    static BadAnswer shape(String place, String problem, Exchanged exchange) {
        return new BadAnswer(Findings.ANSWER_SHAPE, place + " " + problem, exchange);
    }

    public static BadAnswer malformed(String message) {
        return new BadAnswer(Findings.ANSWER_MALFORMED, message, null);
    }

    /** @param place where in the JSON: {@code licenses[3].quantity} */
    public static BadAnswer shape(String place, String problem) {
        return new BadAnswer(Findings.ANSWER_SHAPE, place + " " + problem, null);
    }

    public static BadAnswer tooLarge(String message) {
        return new BadAnswer(Findings.ANSWER_TOO_LARGE, message, null);
    }
}
