package io.licenserelay.evidence.change;

import io.licenserelay.evidence.OneLineText;
import io.licenserelay.evidence.change.SettingChange.How;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The changes between two states of a configuration, one phrase each: {@code sites[hq].parallel: 8 → 16}.
 *
 * <p>A name that only one state has is ignored, because another version of the relay may know other names. Added and removed items of a map
 * or list are found through the entry that contains the names of its items.
 */
final class SettingChanges {
    private static final int MAX = 5;
    private static final int LONGEST = 60;
    private static final String NAMES = "[]";

    private SettingChanges() {}

    static List<SettingChange> between(Map<String, String> before, Map<String, String> now) {
        List<SettingChange> changes = new ArrayList<>();
        new TreeMap<>(before).forEach((name, was) -> {
            String is = now.get(name);
            if (is == null || isSame(was, is)) {
                return;
            }
            if (name.endsWith(NAMES)) {
                String list = name.substring(0, name.length() - NAMES.length());
                items(list, names(is), names(was), How.ADDED, changes);
                items(list, names(was), names(is), How.REMOVED, changes);
            } else {
                changes.add(SettingChange.value(
                        shortened(name),
                        shortened(was),
                        shortened(is),
                        shortened(name) + ": " + shortened(was) + " → " + shortened(is)));
            }
        });
        if (changes.size() <= MAX) {
            return changes;
        }
        List<SettingChange> first = new ArrayList<>(changes.subList(0, MAX));
        String more = changes.size() - MAX + " more settings";
        first.add(SettingChange.of(more, How.CHANGED, "and " + more));
        return first;
    }

    /** A path below the working directory is stored as relative; the same path is absolute when the working directory differs. */
    private static boolean isSame(String was, String is) {
        return was.equals(is) || endsWith(was, is) || endsWith(is, was);
    }

    private static boolean endsWith(String absolute, String relative) {
        return absolute.startsWith("/")
                && !relative.startsWith("/")
                && !relative.isEmpty()
                && absolute.endsWith("/" + relative);
    }

    private static void items(String list, Set<String> in, Set<String> notIn, How how, List<SettingChange> changes) {
        in.stream()
                .filter(item -> !notIn.contains(item))
                .map(item -> shortened(list + "[" + item + "]"))
                .forEach(item -> changes.add(SettingChange.of(item, how, item + ": " + how.wireName())));
    }

    private static Set<String> names(String lines) {
        Set<String> names = new TreeSet<>(Arrays.asList(lines.split("\n", -1)));
        names.remove("");
        return names;
    }

    private static String shortened(String text) {
        return OneLineText.of(text, LONGEST);
    }
}
