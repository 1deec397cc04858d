package io.licenserelay.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the SD-WAN Manager, by the numbers that it begins with: {@code 20.13.999-2952}, {@code 20.9.0.02-li}. Numbers that are
 * not there are 0.
 */
public record ManagerVersion(List<Integer> numbers) implements Comparable<ManagerVersion> {
    /** The first one with on-prem mode. */
    static final ManagerVersion ON_PREM = new ManagerVersion(List.of(20, 9, 1));

    /** The first one that gives tokens instead of sessions. */
    static final ManagerVersion TOKENS = new ManagerVersion(List.of(20, 18, 1));

    /** Later ones are left by POST. */
    static final ManagerVersion LOGOUT_BY_GET = new ManagerVersion(List.of(20, 11));

    /** From this one on, and before {@link #WITHOUT_UPLOAD_ACK}, published interfaces have {@code uploadAck}. */
    static final ManagerVersion WITH_UPLOAD_ACK = new ManagerVersion(List.of(20, 9));

    static final ManagerVersion WITHOUT_UPLOAD_ACK = new ManagerVersion(List.of(20, 12));

    private static final Pattern BEGINNING = Pattern.compile("^\\s*(\\d{1,6}(?:\\.\\d{1,6}){1,7})");

    /** None when the text does not begin with two numbers. */
    static Optional<ManagerVersion> of(String text) {
        Matcher beginning = BEGINNING.matcher(text);
        if (!beginning.find()) {
            return Optional.empty();
        }
        List<Integer> numbers = new ArrayList<>();
        for (String number : beginning.group(1).split("\\.", -1)) {
            numbers.add(Integer.valueOf(number));
        }
        return Optional.of(new ManagerVersion(List.copyOf(numbers)));
    }

    /** Whether acknowledgements have an endpoint of their own: in interfaces of about 20.9 to 20.11. */
    public boolean takesAcks() {
        return !isBefore(WITH_UPLOAD_ACK) && isBefore(WITHOUT_UPLOAD_ACK);
    }

    boolean isBefore(ManagerVersion other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(ManagerVersion other) {
        int most = Math.max(numbers.size(), other.numbers.size());
        for (int i = 0; i < most; i++) {
            int compared = Integer.compare(at(i), other.at(i));
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }

    private int at(int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }
}
