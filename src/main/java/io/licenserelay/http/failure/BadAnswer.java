package io.licenserelay.http.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.List;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.jspecify.annotations.Nullable;

/** The server answered with a success status, but the body is invalid. The stored inventory does not change. */
public final class BadAnswer extends SsmException {
    private static final long serialVersionUID = 1L;

    private BadAnswer(String finding, String message, @Nullable HttpExchangeRecord exchange) {
        super(finding, message, List.of(new Finding(finding, message)), exchange);
    }

    public static BadAnswer html(String message, @Nullable HttpExchangeRecord exchange) {
        return new BadAnswer(Findings.ANSWER_HTML, message, exchange);
    }

    public static BadAnswer cut(String message) {
        return new BadAnswer(Findings.ANSWER_CUT, message, null);
    }

    public static BadAnswer cut(String message, HttpExchangeRecord exchange) {
        return new BadAnswer(Findings.ANSWER_CUT, message, exchange);
    }

    public static BadAnswer malformed(String message, HttpExchangeRecord exchange) {
        return new BadAnswer(Findings.ANSWER_MALFORMED, message, exchange);
    }

    public static BadAnswer shape(String place, String problem, HttpExchangeRecord exchange) {
        return new BadAnswer(Findings.ANSWER_SHAPE, place + " " + problem, exchange);
    }

    public static BadAnswer malformed(String message) {
        return new BadAnswer(Findings.ANSWER_MALFORMED, message, null);
    }

    /** @param place the path in the JSON: {@code licenses[3].quantity} */
    public static BadAnswer shape(String place, String problem) {
        return new BadAnswer(Findings.ANSWER_SHAPE, place + " " + problem, null);
    }

    public static BadAnswer tooLarge(String message) {
        return new BadAnswer(Findings.ANSWER_TOO_LARGE, message, null);
    }

    /** Classifies an exception from reading the JSON of an answer. Returns any other exception unchanged. */
    public static IOException of(IOException thrown) {
        BadAnswer answer;
        if (thrown instanceof JsonEOFException
                || thrown instanceof ConnectionClosedException
                || thrown instanceof MalformedChunkCodingException) {
            answer = cut("the answer ends early: " + firstLine(thrown));
        } else if (thrown instanceof StreamConstraintsException) {
            answer = tooLarge("the answer exceeds a JSON limit: " + firstLine(thrown));
        } else if (thrown instanceof JsonProcessingException || thrown instanceof CharConversionException) {
            answer = malformed("the answer is not JSON: " + firstLine(thrown));
        } else {
            return thrown;
        }
        answer.initCause(thrown);
        return answer;
    }

    /** Jackson appends the source to its messages; only the first line is useful. */
    private static String firstLine(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return String.valueOf(message).lines().findFirst().orElse("");
    }
}
