package io.licenserelay.sync;

import java.time.Duration;
import java.time.Instant;

/** A record on the commands topic is not a valid command. The message gives the reason for the dead letter. */
public final class InvalidCommand extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidCommand(String message) {
        super(message);
    }

    /** @param last when the other command was accepted */
    static InvalidCommand tooSoon(String site, Instant last, Duration pause) {
        return new InvalidCommand("another command for " + site + " was accepted at " + last
                + "; at most one command per " + pause.toSeconds() + " s is allowed (relay.commands.pause)");
    }
}
