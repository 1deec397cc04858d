package io.licenserelay.sync;

/** A record on the commands topic is not a valid command. The message gives the reason for the dead letter. */
public final class InvalidCommand extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidCommand(String message) {
        super(message);
    }
}
