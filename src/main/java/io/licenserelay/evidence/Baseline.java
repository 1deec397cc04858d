package io.licenserelay.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a site looked: facts by name, as text. A fact that could not be seen is not there, and is then not compared.
 *
 * @param facts {@code certificate} (SHA-256 of the server's own), {@code TLS version}, {@code addresses},
 *     {@code Server header}, and what the configuration says
 */
public record Baseline(Map<String, String> facts) {

    /**
     * Reads the facts off probe results.
     *
     * @param configured what is known without probing
     */
    public static Baseline of(List<ProbeResult> probes, Map<String, String> configured) {
        Map<String, String> facts = new TreeMap<>(configured);
        for (ProbeResult probe : probes) {
            switch (probe.probe()) {
                case "dns" -> addresses(probe, facts);
                case "tls" -> tls(probe, facts);
                case "http" -> text(probe, "server", "Server header", facts);
                default -> {
                    // The others show how a server behaves in a failure, not how it is.
                }
            }
        }
        return new Baseline(facts);
    }

    /** What both know and differs, in a phrase each: {@code certificate was ab12…, is cd34…}. */
    public List<String> differences(Baseline now) {
        List<String> differences = new ArrayList<>();
        facts.forEach((name, before) -> {
            String is = now.facts.get(name);
            if (is != null && !is.equals(before)) {
                differences.add(name + " was " + before + ", is " + is);
            }
        });
        return differences;
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
