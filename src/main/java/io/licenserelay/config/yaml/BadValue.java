package io.licenserelay.config.yaml;

/** A value that cannot be used: the message says why, the fix what to write instead. Neither shows a secret. */
public final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    private final String fix;

    public BadValue(String message, String fix) {
        super(message);
        this.fix = fix;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public String fix() {
        return fix;
    }
}
