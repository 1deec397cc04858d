package io.licenserelay.reports;

import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of a submission. */
public sealed interface SubmissionAnswer {

    /** Whether the result of the submission is unknown. The caller then reports a failure. */
    default boolean isUnanswered() {
        return this instanceof Unanswered;
    }

    /** Whether the server rejected the reports. */
    default boolean isRejected() {
        return this instanceof Rejected;
    }

    /**
     * The server has the reports and will acknowledge them.
     *
     * @param pollId a number that exceeds the precision of a double; null when the server returned no poll id
     * @param interval the time between two polls
     * @param answerText the text of the server's answer
     */
    record Accepted(@Nullable String pollId, Duration interval, String answerText) implements SubmissionAnswer {}

    /**
     * The server did not accept the submission: one of the reports is rejected, or was delivered before.
     *
     * @param exchange the HTTP exchange as far as it is known
     */
    record Rejected(String message, @Nullable HttpExchangeRecord exchange) implements SubmissionAnswer {}

    /** The server has no such endpoint. */
    record NoPath(String message, @Nullable HttpExchangeRecord exchange) implements SubmissionAnswer {}

    /**
     * The result is unknown, or the reports were not sent.
     *
     * @param maybeSent whether the server may have received the reports
     * @param serverIsDown whether further submissions of this push are pointless
     * @param answered an answer that contains no result, such as 503; null when no answer arrived
     */
    record Unanswered(
            boolean maybeSent,
            boolean serverIsDown,
            @Nullable String answered) implements SubmissionAnswer {}
}
