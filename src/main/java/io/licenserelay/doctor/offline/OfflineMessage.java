package io.licenserelay.doctor.offline;

import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What somebody read in a GUI, or wrote of it, and what may be concluded. */
public record OfflineMessage(String text) {
    /** Hosts of Cisco's cloud that license documents name. */
    private static final Set<String> CLOUD = Set.of(
            "cloudsso.cisco.com",
            "id.cisco.com",
            "swapi.cisco.com",
            "apx.cisco.com",
            "tools.cisco.com",
            "smartreceiver.cisco.com",
            "software.cisco.com");

    private static final Pattern HOST = Pattern.compile("(?i)\\b[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.cisco\\.com\\b");
    private static final Pattern FORBIDDEN = Pattern.compile("\\b403\\b");

    /** Null when it repeats no error of a token endpoint. */
    @Nullable
    ParsedMessage read() {
        return ParsedMessage.of(text).orElse(null);
    }

    List<Finding> findings() {
        ParsedMessage read = read();
        if (read == null) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(
                new Finding(
                        Findings.MESSAGE_TOKEN_ANSWER,
                        "the message repeats an answer of a token endpoint: name, connection and TLS were well at that moment"));
        List<String> fitting = read.fitting();
        String how =
                fitting.size() == 1 ? "the message says " : "the message, cut after \"" + read.word() + "\", fits ";
        fitting.forEach(error -> findings.add(new Finding(Findings.fitting(error), how + error)));
        return findings;
    }

    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        ParsedMessage read = read();
        if (read != null && read.fitting().size() > 1) {
            notes.add("the message is cut after \"" + read.word() + "\": " + String.join(", ", read.fitting())
                    + " begin so, and it proves none of them");
        }
        hosts().forEach(host -> notes.add(host(host)));
        if (FORBIDDEN.matcher(text).find()) {
            notes.add(
                    "a 403 in the Manager's GUI is the Manager's own status, not SSM's: what SSM answered is known only by"
                            + " asking it, or from SSM's log");
        }
        return notes;
    }

    private Set<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>();
        Matcher match = HOST.matcher(text);
        while (match.find()) {
            String host = match.group().toLowerCase(Locale.ROOT);
            boolean known =
                    CLOUD.contains(host) || Spelling.closest(host, CLOUD).isPresent();
            if (known && hosts.size() < 5) {
                hosts.add(host);
            }
        }
        return hosts;
    }

    private static String host(String host) {
        Optional<String> meant = CLOUD.contains(host) ? Optional.empty() : Spelling.closest(host, CLOUD);
        return meant.map(right ->
                        host + " is probably a misspelling of " + right + "; and in on-prem mode the Manager needs"
                                + " neither: that it does not resolve or answer explains nothing")
                .orElse("in on-prem mode the Manager does not need " + host
                        + ": that it does not resolve or answer explains nothing");
    }
}
