package io.licenserelay.evidence.probes.dns;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Similar host names that may be the intended one. */
final class NearMisses {
    /** Each name costs a DNS query. */
    private static final int MAX = 8;

    private NearMisses() {}

    /**
     * At most eight names: those of {@code known} that differ by one edit, then the name without one of several equal adjacent letters
     * ({@code cloudssso} becomes {@code cloudsso}).
     */
    static Set<String> of(String host, Collection<String> known) {
        String name = host.toLowerCase(Locale.ROOT);
        Set<String> candidates = new LinkedHashSet<>();
        known.stream()
                .map(each -> each.toLowerCase(Locale.ROOT))
                .filter(each -> oneEditApart(name, each))
                .limit(MAX)
                .forEach(candidates::add);
        for (int i = 1; i < name.length() && candidates.size() < MAX; i++) {
            if (name.charAt(i) == name.charAt(i - 1)) {
                candidates.add(name.substring(0, i) + name.substring(i + 1));
            }
        }
        return candidates;
    }

    /** Whether the names differ by one inserted, missing, replaced or swapped letter. */
    static boolean oneEditApart(String a, String b) {
        if (a.equals(b) || Math.abs(a.length() - b.length()) > 1) {
            return false;
        }
        int i = 0;
        while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        String restOfA = a.substring(i);
        String restOfB = b.substring(i);
        if (a.length() == b.length()) {
            return tail(restOfA, 1).equals(tail(restOfB, 1)) || swapped(restOfA, restOfB);
        }
        return a.length() > b.length() ? tail(restOfA, 1).equals(restOfB) : restOfA.equals(tail(restOfB, 1));
    }

    private static boolean swapped(String a, String b) {
        return a.length() > 1
                && a.charAt(0) == b.charAt(1)
                && a.charAt(1) == b.charAt(0)
                && tail(a, 2).equals(tail(b, 2));
    }

    private static String tail(String text, int from) {
        return text.substring(Math.min(from, text.length()));
    }
}
