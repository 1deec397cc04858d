package io.licenserelay.incident.bundle;

import java.io.IOException;
import java.util.Optional;

/** The captured connections that evidence names. */
@FunctionalInterface
interface Captures {
    /** The largest capture of a bundle. */
    long MAX_SIZE = 8L << 20;

    /**
     * Reads a capture; empty if it no longer exists or is too large.
     *
     * @param name a safe file name
     */
    Optional<byte[]> read(String incident, String name) throws IOException;
}
