package io.licenserelay.inventory.model;

/** The two values that SSM uses for the state of a license or device. SSM writes them in different letter cases. */
public final class Compliance {
    public static final String IN = "In Compliance";
    public static final String OUT = "Out Of Compliance";

    private Compliance() {}

    /** The value in its usual letter case. Any other value is kept unchanged. */
    public static String of(String word) {
        String trimmed = word.strip();
        return trimmed.equalsIgnoreCase(OUT) ? OUT : trimmed.equalsIgnoreCase(IN) ? IN : trimmed;
    }
}
