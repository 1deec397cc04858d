package io.licenserelay.reports.unpack;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks names of files within archives. The relay never writes a file under such a name, but a name that leads out of
 * the archive indicates an attack.
 */
public final class EntryNames {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_MESSAGE_LENGTH = 120;

    private EntryNames() {}

    /** Why a file of this name is rejected; null if it is accepted. */
    static @Nullable String refusal(String name) {
        String withSlashes = name.replace('\\', '/');
        if (withSlashes.startsWith("/") || withSlashes.matches("[A-Za-z]:.*")) {
            return "its name is absolute";
        }
        if (List.of(withSlashes.split("/")).contains("..")) {
            return "its name contains ..";
        }
        if (name.length() > MAX_LENGTH) {
            return "its name is longer than " + MAX_LENGTH + " characters";
        }
        return name.chars().anyMatch(Character::isISOControl) ? "its name contains control characters" : null;
    }

    /** The name for messages: one line of limited length. */
    public static String forMessage(String name) {
        String printable = name.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= MAX_MESSAGE_LENGTH
                ? printable
                : "…" + printable.substring(printable.length() - MAX_MESSAGE_LENGTH);
    }
}
