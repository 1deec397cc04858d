package io.licenserelay.view.query;

import java.util.Collection;

/** A query parameter is unknown or has an invalid value: HTTP status 400. The message names the parameter and what it accepts. */
public final class BadQuery extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The longest part of a rejected value in the message. */
    private static final int SHOWN = 40;

    private final String parameter;

    private BadQuery(String parameter, String message) {
        super(message);
        this.parameter = parameter;
    }

    /**
     * @param value the rejected value, as it came
     * @param accepted what the parameter accepts, as a noun: {@code a number from 1 to 500}
     */
    public static BadQuery value(String parameter, String value, String accepted) {
        return new BadQuery(
                parameter, "\"" + shown(value) + "\" is not a valid value of \"" + parameter + "\": use " + accepted);
    }

    static BadQuery unknown(String parameter, Collection<String> known) {
        String accepted = known.isEmpty() ? "this resource has no parameters" : "use " + String.join(", ", known);
        return new BadQuery(parameter, "unknown parameter \"" + shown(parameter) + "\": " + accepted);
    }

    /** The name of the parameter, as it came. */
    public String parameter() {
        return parameter;
    }

    private static String shown(String value) {
        String line = value.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
