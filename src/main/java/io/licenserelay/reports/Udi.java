package io.licenserelay.reports;

/**
 * A device's unique identifier.
 *
 * @param pid product id: {@code C8000V}
 * @param serial serial number
 */
public record Udi(String pid, String serial) {

    @Override
    public String toString() {
        return pid + " " + serial;
    }
}
