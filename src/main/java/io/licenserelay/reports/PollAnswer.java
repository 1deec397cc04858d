package io.licenserelay.reports;

import java.util.List;

/** The result of a poll for acknowledgements. */
public sealed interface PollAnswer {

    /** Whether the poll brought no information about the acknowledgements. The caller then reports a failure. */
    default boolean isUnanswered() {
        return this instanceof Unanswered;
    }

    /**
     * The acknowledgements are ready.
     *
     * @param answerText the text of the server's answer
     */
    record Complete(List<Ack> acks, String answerText) implements PollAnswer {}

    /** The acknowledgements are not ready yet. */
    record NotYet() implements PollAnswer {}

    /** The server rejected the poll. */
    record Refused(String message) implements PollAnswer {}

    /** No answer, or an answer that contains nothing about the acknowledgements. */
    record Unanswered() implements PollAnswer {}
}
