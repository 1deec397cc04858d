package io.licenserelay.doctor.offline;

import io.licenserelay.evidence.excerpt.LogExcerpt;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What SSM's log says of token requests, and of whose. */
final class TokenRequestLines {
    private static final Pattern TOKEN = Pattern.compile(
            "(?<client>[0-9a-fA-F.:]{3,45})\\S* - \\S+ \\[[^\\]]+] \"POST \\S*/oauth/token\\S* HTTP/[0-9.]+\" (?<status>\\d{3})");

    private TokenRequestLines() {}

    /** @param manager addresses of the Manager, as far as known */
    static List<String> notes(LogExcerpt ssm, List<String> manager) {
        Set<String> notes = new LinkedHashSet<>();
        boolean own = false;
        for (String line : ssm.lines()) {
            Matcher match = TOKEN.matcher(line);
            if (!match.find()) {
                continue;
            }
            String client = match.group("client").replaceFirst("^:", "");
            own |= manager.contains(client);
            if (manager.isEmpty()) {
                notes.add("SSM answered " + match.group("status") + " to a token request of " + client
                        + ": whether that is the Manager is not known (--client ADDRESS says who it is)");
            } else if (!manager.contains(client)) {
                notes.add("SSM's " + match.group("status") + " for POST /oauth/token is another client's (" + client
                        + "; the Manager is " + String.join(" / ", manager) + "): it proves nothing about the Manager");
            }
        }
        if (!manager.isEmpty() && !own) {
            notes.add("SSM's log has no token request of " + String.join(" / ", manager)
                    + ": what SSM answered to the Manager is not in it");
        }
        return List.copyOf(notes);
    }
}
