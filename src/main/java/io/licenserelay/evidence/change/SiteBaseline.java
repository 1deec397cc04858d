package io.licenserelay.evidence.change;

import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.change.SettingChange.How;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The observed state of a site: facts by name, as text. A fact that could not be observed is missing and is not compared.
 *
 * @param facts {@code certificate} (SHA-256 of the server's own), {@code TLS version}, {@code addresses}, {@code Server header},
 *     {@code token path}, {@code Manager version}, {@code Manager settings}, and facts of the configuration
 * @param answers the fields of each answer, by the name of its list or {@code token}; answers that were not received are missing
 * @param settings the configuration by the names of settings; empty in a baseline of an older relay
 */
public record SiteBaseline(Map<String, String> facts, Map<String, Fields> answers, Map<String, String> settings) {
    /** The maximum number of listed field names per answer. Further names are only counted. */
    private static final int MAX_NAMES = 5;

    /** A baseline of an older relay has no settings. */
    public SiteBaseline {
        settings = settings == null ? Map.of() : settings;
    }

    /**
     * The field names of the items of an answer.
     *
     * @param always fields of every item
     * @param sometimes fields of some items, but not of all
     */
    public record Fields(List<String> always, List<String> sometimes) {

        private boolean has(String name) {
            return always.contains(name) || sometimes.contains(name);
        }
    }

    /**
     * Takes the facts from probe results.
     *
     * @param known facts that are known without probing
     * @param settings the configuration
     */
    public static SiteBaseline of(
            List<ProbeResult> probes,
            Map<String, String> known,
            Map<String, Fields> answers,
            Map<String, String> settings) {
        Map<String, String> facts = new TreeMap<>(known);
        for (ProbeResult probe : probes) {
            switch (probe.probe()) {
                case "dns" -> addresses(probe, facts);
                case "tls" -> tls(probe, facts);
                case "manager" -> {
                    text(probe, "version", "Manager version", facts);
                    text(probe, "settings", "Manager settings", facts);
                }
                case "http" -> text(probe, "server", "Server header", facts);
                default -> {
                    // Other probes show a failure, not the state of the server.
                }
            }
        }
        return new SiteBaseline(facts, answers, settings);
    }

    /** The phrases of {@link #changes}: {@code certificate was ab12…, is cd34…}, {@code licenses: field "x" gone}. */
    public List<String> differences(SiteBaseline now) {
        return changes(now).stream().map(SettingChange::phrase).toList();
    }

    /** The differences between the facts that both baselines have. A field is gone if every item had it and none has it now, and new if no item had it. */
    public List<SettingChange> changes(SiteBaseline now) {
        List<SettingChange> changes = new ArrayList<>();
        facts.forEach((name, before) -> {
            String is = now.facts.get(name);
            if (is != null && !is.equals(before)) {
                changes.add(SettingChange.value(name, before, is, name + " was " + before + ", is " + is));
            }
        });
        answers.forEach((name, before) -> {
            Fields is = now.answers.get(name);
            if (is != null) {
                fields(name, before, is, changes);
            }
        });
        changes.addAll(SettingChanges.between(settings, now.settings));
        return changes;
    }

    private static void fields(String answer, Fields before, Fields now, List<SettingChange> changes) {
        Stream<String> anyNow = Stream.concat(now.always.stream(), now.sometimes.stream());
        addChanges(answer, before.always.stream().filter(name -> !now.has(name)), How.GONE, changes);
        addChanges(answer, before.always.stream().filter(now.sometimes::contains), How.MISSING_IN_SOME, changes);
        addChanges(answer, anyNow.filter(name -> !before.has(name)), How.NEW, changes);
    }

    private static void addChanges(String answer, Stream<String> fields, How how, List<SettingChange> changes) {
        List<String> names = fields.map(SiteBaseline::quoted).sorted().toList();
        if (names.isEmpty()) {
            return;
        }
        String more = names.size() > MAX_NAMES ? " and " + (names.size() - MAX_NAMES) + " more" : "";
        String first = String.join(", ", names.subList(0, Math.min(MAX_NAMES, names.size())));
        String what = answer + ": field" + (names.size() > 1 ? "s " : " ") + first + more;
        changes.add(SettingChange.of(what, how, what + " " + how.wireName().replace('-', ' ')));
    }

    /** Names come from outside: removes line breaks. */
    private static String quoted(String name) {
        return '"' + name.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\"]", "?") + '"';
    }

    private static void addresses(ProbeResult probe, Map<String, String> facts) {
        if (probe.details().get("addresses") instanceof List<?> addresses && !addresses.isEmpty()) {
            facts.put(
                    "addresses",
                    addresses.stream().map(String::valueOf).sorted().collect(Collectors.joining(" ")));
        }
    }

    private static void tls(ProbeResult probe, Map<String, String> facts) {
        text(probe, "protocol", "TLS version", facts);
        probe.ofServerCertificate("sha256").ifPresent(sha256 -> facts.put("certificate", sha256));
    }

    private static void text(ProbeResult probe, String detail, String name, Map<String, String> facts) {
        Object value = probe.details().get(detail);
        if (value != null && !value.toString().isEmpty()) {
            facts.put(name, value.toString());
        }
    }
}
