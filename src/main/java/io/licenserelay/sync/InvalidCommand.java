package io.licenserelay.sync;

/** A record on the commands topic asks for nothing that the relay does; the message says why, for the dead letter. */
public final class InvalidCommand extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidCommand(String message) {
        super(message);
    }
}
