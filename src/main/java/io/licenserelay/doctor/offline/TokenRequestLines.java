package io.licenserelay.doctor.offline;

import io.licenserelay.evidence.excerpt.LogExcerpt;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the token requests in SSM's log, and which of them are the Manager's. */
final class TokenRequestLines {
    private static final Pattern TOKEN = Pattern.compile(
            "(?<client>[0-9a-fA-F.:]{3,45})\\S* - \\S+ \\[[^\\]]+] \"POST \\S*/oauth/token\\S* HTTP/[0-9.]+\" (?<status>\\d{3})");

    private TokenRequestLines() {}

    /** @param manager the known addresses of the Manager */
    static List<String> notes(LogExcerpt ssm, List<String> manager) {
        Set<String> notes = new LinkedHashSet<>();
        boolean ofManager = false;
        for (String line : ssm.lines()) {
            Matcher match = TOKEN.matcher(line);
            if (!match.find()) {
                continue;
            }
            String client = match.group("client").replaceFirst("^:", "");
            ofManager |= manager.contains(client);
            if (manager.isEmpty()) {
                notes.add("SSM answered " + match.group("status") + " to a token request of " + client
                        + ": it is unknown whether that is the Manager (set --client ADDRESS)");
            } else if (!manager.contains(client)) {
                notes.add("SSM's " + match.group("status") + " for POST /oauth/token belongs to another client ("
                        + client + "; the Manager is " + String.join(" / ", manager)
                        + "), so it proves nothing about the Manager");
            }
        }
        if (!manager.isEmpty() && !ofManager) {
            notes.add("SSM's log has no token request of " + String.join(" / ", manager)
                    + ", so it does not contain SSM's answer to the Manager");
        }
        return List.copyOf(notes);
    }
}
