package io.licenserelay.cluster.configuration;

import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A site about which live nodes do not agree.
 *
 * @param newest the newest digest that a live node has
 * @param current the nodes with the newest digest; at least one
 * @param older the nodes with another digest, each with its digest
 * @param missing the nodes that do not have the site
 */
public record SiteDifference(
        String site,
        String newest,
        SortedSet<String> current,
        SortedMap<String, String> older,
        SortedSet<String> missing) {
    private static final int SHORT = 8;

    /** {@code hq: relay-1 has the newest configuration (3f2a1b9c); relay-2 has an older one (9c1b2d3e); relay-3 does not have the site}. */
    public String text() {
        StringBuilder text = new StringBuilder(site)
                .append(": ")
                .append(String.join(", ", current))
                .append(current.size() == 1 ? " has the newest configuration (" : " have the newest configuration (")
                .append(abbreviated(newest))
                .append(')');
        older.forEach((node, digest) -> text.append("; ")
                .append(node)
                .append(" has an older one (")
                .append(abbreviated(digest))
                .append(')'));
        if (!missing.isEmpty()) {
            text.append("; ")
                    .append(String.join(", ", missing))
                    .append(missing.size() == 1 ? " does not have the site" : " do not have the site");
        }
        return text.toString();
    }

    /** The first characters of a digest, for people. */
    public static String abbreviated(String digest) {
        return digest.substring(0, Math.min(SHORT, digest.length()));
    }
}
