package io.licenserelay.cli.common;

import io.licenserelay.cli.output.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The environment variable that sets the log level. */
public final class LogLevel {
    public static final String VARIABLE = "RELAY_LOG_LEVEL";

    private static final List<String> LEVELS = List.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    private LogLevel() {}

    /** The error text for a bad value, with the fix. Empty if the value is valid or not set. */
    public static Optional<String> problem(@Nullable String value) {
        return value == null || LEVELS.contains(value.toUpperCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of(VARIABLE + " is \"" + Table.plain(value) + "\": write one of " + String.join(", ", LEVELS)
                        + ", or unset it.");
    }
}
