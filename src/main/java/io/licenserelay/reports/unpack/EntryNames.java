package io.licenserelay.reports.unpack;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of files within bundles. Nothing is ever written under one, and yet one that leads elsewhere is an attack. */
public final class EntryNames {
    private static final int LONGEST = 1_000;
    private static final int SHOWN = 120;

    private EntryNames() {}

    /** Why a file of this name is not taken; null when it is. */
    static @Nullable String refusal(String name) {
        String slashed = name.replace('\\', '/');
        if (slashed.startsWith("/") || slashed.matches("[A-Za-z]:.*")) {
            return "its name is absolute";
        }
        if (List.of(slashed.split("/")).contains("..")) {
            return "its name leads out of the folder by ..";
        }
        if (name.length() > LONGEST) {
            return "its name is longer than " + LONGEST + " characters";
        }
        return name.chars().anyMatch(Character::isISOControl) ? "its name holds control characters" : null;
    }

    /** For people: one line, not endless. */
    public static String shown(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= SHOWN ? plain : "…" + plain.substring(plain.length() - SHOWN);
    }
}
