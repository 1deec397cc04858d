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

/** A message that somebody copied from a GUI, and the conclusions from it. */
public record OfflineMessage(String text) {
    /** Hosts of Cisco's cloud in the public licensing documents. */
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

    /** The error of a token endpoint in the message, or null. */
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
        findings.add(new Finding(
                Findings.MESSAGE_TOKEN_ANSWER,
                "the message repeats an answer of a token endpoint: name, connection and TLS worked at that time"));
        List<String> fitting = read.fitting();
        String prefix = fitting.size() == 1
                ? "the message contains "
                : "the message, cut after \"" + read.word() + "\", matches ";
        fitting.forEach(error -> findings.add(new Finding(Findings.fitting(error), prefix + error)));
        return findings;
    }

    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        ParsedMessage read = read();
        if (read != null && read.fitting().size() > 1) {
            notes.add("the message is cut after \"" + read.word() + "\": " + String.join(", ", read.fitting())
                    + " begin like this, and it proves none of them");
        }
        hosts().forEach(host -> notes.add(host(host)));
        if (FORBIDDEN.matcher(text).find()) {
            notes.add(
                    "a 403 in the Manager's GUI is the Manager's own status, not SSM's: only a request to SSM, or SSM's log,"
                            + " shows SSM's answer");
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
        Optional<String> correct = CLOUD.contains(host) ? Optional.empty() : Spelling.closest(host, CLOUD);
        return correct.map(name -> host + " is probably a misspelling of " + name
                        + ". In on-prem mode the Manager needs neither of"
                        + " them, so a failed lookup or connection does not explain the failure")
                .orElse("in on-prem mode the Manager does not need " + host
                        + ", so a failed lookup or connection does not explain the failure");
    }
}
