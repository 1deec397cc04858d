package io.licenserelay.diagnosis;

import io.licenserelay.text.WireNamed;

/** The severity of an incident, from worst to mildest. */
public enum Severity implements WireNamed {
    CRITICAL(1),
    ERROR(2),
    WARNING(4),
    INFO(5);

    private final int number;

    Severity(int number) {
        this.number = number;
    }

    /** ServiceNow's number: 1 critical, 2 major, 4 warning, 5 info. (0 clears an alert and is not a severity.) */
    public int number() {
        return number;
    }

    public Severity worse(Severity other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
