package io.licenserelay.sync;

/** A command is not for this relay: another one that reads the same topic may obey it, so it is no dead letter. */
public final class CommandForAnotherRelay extends Exception {
    private static final long serialVersionUID = 1L;

    CommandForAnotherRelay(String message) {
        super(message);
    }
}
