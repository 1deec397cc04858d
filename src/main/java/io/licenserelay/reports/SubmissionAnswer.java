package io.licenserelay.reports;

import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of a submission. */
public sealed interface SubmissionAnswer {

    /** Whether nothing is known of the reports; a failure has to be reported then. */
    default boolean isUnanswered() {
        return this instanceof Unanswered;
    }

    /** Whether the server refuses the reports. */
    default boolean isRejected() {
        return this instanceof Rejected;
    }

    /**
     * The server has the reports and will acknowledge them.
     *
     * @param pollId exceeds what a double can hold; null when the server gave none
     * @param interval how long to wait between polls
     * @param answerText the answer itself
     */
    record Accepted(@Nullable String pollId, Duration interval, String answerText) implements SubmissionAnswer {}

    /**
     * The server does not take them: one of them is refused, or was delivered before.
     *
     * @param exchange as far as it is known
     */
    record Rejected(String message, @Nullable HttpExchangeRecord exchange) implements SubmissionAnswer {}

    /** The server has no such path. */
    record NoPath(String message, @Nullable HttpExchangeRecord exchange) implements SubmissionAnswer {}

    /**
     * Nothing is known of them, or they were not sent at all.
     *
     * @param maybeSent whether the server may have them all the same
     * @param serverIsDown whether others need not be tried now
     * @param answered what was answered that says nothing of them, such as 503; null when no answer came
     */
    record Unanswered(
            boolean maybeSent,
            boolean serverIsDown,
            @Nullable String answered) implements SubmissionAnswer {}
}
