package io.licenserelay.sync;

/** The command is for another relay that reads the same topic, so it is not a dead letter. */
public final class CommandForAnotherRelay extends Exception {
    private static final long serialVersionUID = 1L;

    CommandForAnotherRelay(String message) {
        super(message);
    }
}
