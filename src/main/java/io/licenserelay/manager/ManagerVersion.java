package io.licenserelay.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the SD-WAN Manager, compared by its leading numbers: {@code 20.13.999-2952}, {@code 20.9.0.02-li}. Missing numbers count as
 * 0.
 */
public record ManagerVersion(List<Integer> numbers) implements Comparable<ManagerVersion> {
    /** The first version with on-prem mode. */
    static final ManagerVersion ON_PREM = new ManagerVersion(List.of(20, 9, 1));

    /** The first version that supports tokens instead of sessions. */
    static final ManagerVersion TOKENS = new ManagerVersion(List.of(20, 18, 1));

    /** Later versions need POST for the logout. */
    static final ManagerVersion LOGOUT_BY_GET = new ManagerVersion(List.of(20, 11));

    /** From this version to before {@link #WITHOUT_UPLOAD_ACK}, published APIs have {@code uploadAck}. */
    static final ManagerVersion WITH_UPLOAD_ACK = new ManagerVersion(List.of(20, 9));

    static final ManagerVersion WITHOUT_UPLOAD_ACK = new ManagerVersion(List.of(20, 12));

    private static final Pattern LEADING_NUMBERS = Pattern.compile("^\\s*(\\d{1,6}(?:\\.\\d{1,6}){1,7})");

    /** Empty if the text does not begin with at least two numbers. */
    static Optional<ManagerVersion> of(String text) {
        Matcher matcher = LEADING_NUMBERS.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        List<Integer> numbers = new ArrayList<>();
        for (String number : matcher.group(1).split("\\.", -1)) {
            numbers.add(Integer.valueOf(number));
        }
        return Optional.of(new ManagerVersion(List.copyOf(numbers)));
    }

    /** Whether the Manager has an endpoint for acknowledgements: versions from about 20.9 to 20.11. */
    public boolean acceptsAcks() {
        return !isBefore(WITH_UPLOAD_ACK) && isBefore(WITHOUT_UPLOAD_ACK);
    }

    boolean isBefore(ManagerVersion other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(ManagerVersion other) {
        int length = Math.max(numbers.size(), other.numbers.size());
        for (int i = 0; i < length; i++) {
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
