package io.licenserelay.cli.output;

import io.licenserelay.diagnosis.Alternative;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rule;
import io.licenserelay.diagnosis.RuleOrigin;
import io.licenserelay.diagnosis.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes one Markdown page per cause of a catalogue, and an index. The same catalogue always gives the same bytes. */
public final class CausePages {
    /** The index page. */
    static final String INDEX = "README.md";

    private CausePages() {}

    /** The pages by file name: {@code LIC3002.md}. */
    static Map<String, String> of(Rules rules) {
        List<Rule> all = rules.entries().stream()
                .flatMap(entry -> rules.rule(entry.code()).stream())
                .sorted(Comparator.comparing(rule -> rule.entry().code()))
                .toList();
        Map<String, String> pages = new TreeMap<>();
        pages.put(INDEX, index(all));
        all.forEach(rule -> pages.put(rule.entry().code() + ".md", page(rule, rules)));
        return pages;
    }

    /** Writes the pages into the folder, which is created if it does not exist. Other files in it stay unchanged. */
    public static void write(Rules rules, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> page : of(rules).entrySet()) {
            Files.writeString(folder.resolve(page.getKey()), page.getValue());
        }
    }

    private static String index(List<Rule> rules) {
        List<String> lines = new ArrayList<>(List.of(
                "# Causes",
                "",
                "Every failure event contains the code of its cause. After reading the page of a code you know what it means, who acts, and"
                        + " which steps fix it.",
                "",
                "These pages are generated from the catalogue, `config/diagnoses.yaml`:"
                        + " `license-relay explain --pages docs/causes` writes them again.",
                "",
                "| code | cause | initial severity | who acts |",
                "|---|---|---|---|"));
        for (Rule rule : rules) {
            Entry entry = rule.entry();
            lines.add("| [" + entry.code() + "](" + entry.code() + ".md) | " + cell(entry.title()) + " | "
                    + entry.severity().wireName() + " | " + entry.owner() + " |");
        }
        return text(lines);
    }

    private static String page(Rule rule, Rules rules) {
        Entry entry = rule.entry();
        List<String> lines = new ArrayList<>(List.of(
                "# " + entry.code() + ": " + entry.title(),
                "",
                "<!-- Generated from the catalogue; see README.md in this folder. -->",
                "",
                "| | |",
                "|---|---|",
                "| who acts | " + CatalogueText.owner(entry.owner()) + " (`" + entry.owner() + "`) |",
                "| initial severity | " + entry.severity().wireName() + " |",
                "| flows | " + CatalogueText.flows(entry) + " |"));
        RuleOrigin origin = rules.origins().get(entry.code());
        if (origin != null) {
            lines.add("| from | " + cell(CatalogueText.from(origin)) + " |");
        }
        lines.addAll(List.of("", "## What it means", "", entry.explain(), "", "## What to do", ""));
        int step = 1;
        for (String remedy : entry.remedy()) {
            lines.add(step++ + ". " + remedy);
        }
        lines.addAll(List.of("", "## How the relay concludes it", ""));
        if (rule.when().isEmpty()) {
            lines.add("The relay reports this code if no rule matches the findings.");
        }
        for (Alternative each : rule.when()) {
            lines.add("- " + condition(each));
        }
        if (!rule.ruledOutBy().isEmpty()) {
            lines.addAll(List.of(
                    "", "Each of these findings rules the cause out, unless a line above contains the finding:", ""));
            rule.ruledOutBy().forEach(finding -> lines.add("- `" + finding + "`"));
        }
        List<String> findings = CatalogueText.findings(rule).distinct().sorted().toList();
        if (!findings.isEmpty()) {
            lines.addAll(List.of("", "## Findings", "", "| finding | meaning |", "|---|---|"));
        }
        findings.forEach(finding -> lines.add("| `" + finding + "` | " + cell(rules.meaning(finding)) + " |"));
        return text(lines);
    }

    private static String condition(Alternative each) {
        List<String> parts = new ArrayList<>();
        if (!each.all().isEmpty()) {
            parts.add(codes(each.all(), " and "));
        }
        if (!each.any().isEmpty()) {
            parts.add((each.any().size() > 1 ? "one of " : "") + codes(each.any(), ", "));
        }
        String when = "**" + each.confidence().wireName() + "** when " + String.join(", and ", parts);
        String unless = each.none().isEmpty() ? "" : ", unless " + codes(each.none(), " or ");
        String severity = each.severity() == null
                ? ""
                : "; the initial severity is then " + each.severity().wireName();
        return when + unless + severity;
    }

    private static String codes(List<String> findings, String word) {
        return findings.stream().map(finding -> "`" + finding + "`").collect(Collectors.joining(word));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
