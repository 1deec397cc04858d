package io.licenserelay.store;

import java.nio.file.Path;
import java.sql.SQLException;

/** The database did not do what it was told: the disk is full, the file is damaged, or it is away. */
public final class StoreFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreFailed(SQLException cause) {
        super("the database refused: " + cause.getMessage(), cause);
    }

    /** It could not be opened at all. */
    StoreFailed(Path file, Exception cause) {
        super(
                "The database " + file + " cannot be opened: " + cause.getMessage()
                        + "; if it is damaged, restore it or move it away (what waits in it for Kafka is lost then).",
                cause);
    }
}
