package io.licenserelay.config.yaml;

/** A value is invalid: the message has the reason, the fix has what to write instead. Neither contains a secret. */
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
