package io.licenserelay.inventory.model;

/** The two words SSM uses for a license's or device's state; it writes them in more than one case. */
public final class Compliance {
    public static final String IN = "In Compliance";
    public static final String OUT = "Out Of Compliance";

    private Compliance() {}

    /** The word in its usual case; a word that is none of the two is kept as SSM wrote it. */
    public static String of(String word) {
        String trimmed = word.strip();
        return trimmed.equalsIgnoreCase(OUT) ? OUT : trimmed.equalsIgnoreCase(IN) ? IN : trimmed;
    }
}
