package io.licenserelay.reports;

import java.util.List;

/** What came of asking for acknowledgements. */
public sealed interface PollAnswer {

    /** Whether nothing is known of the acknowledgements; a failure has to be reported then. */
    default boolean isUnanswered() {
        return this instanceof Unanswered;
    }

    /**
     * They are there.
     *
     * @param answerText the answer itself
     */
    record Complete(List<Ack> acks, String answerText) implements PollAnswer {}

    /** They are not there yet. */
    record NotYet() implements PollAnswer {}

    /** The server says that something is wrong with the question. */
    record Refused(String message) implements PollAnswer {}

    /** Nobody answered, or not to this question: nothing is known. */
    record Unanswered() implements PollAnswer {}
}
