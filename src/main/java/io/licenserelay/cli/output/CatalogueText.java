package io.licenserelay.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Alternative;
import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rule;
import io.licenserelay.diagnosis.RuleOrigin;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Flow;
import io.licenserelay.text.Json;
import io.licenserelay.text.Plural;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints a cause of the catalogue as text or as JSON. */
public final class CatalogueText {
    private static final Map<String, String> OWNERS = Map.of(
            "network", "the network team",
            "ssm", "the administrators of SSM",
            "sdwan", "the administrators of the SD-WAN Manager",
            "relay", "the operators of the relay",
            "cisco", "Cisco");

    private CatalogueText() {}

    public static void print(Rule rule, Rules rules, DiagnosisJson documents, PrintWriter out) {
        Entry entry = rule.entry();
        WrappedText.print(entry.code() + "  ", entry.title(), out);
        WrappedText.print("  who acts  ", owner(entry.owner()) + " (" + entry.owner() + ")", out);
        WrappedText.print("  severity  ", entry.severity().wireName() + " initially", out);
        WrappedText.print("  flows     ", flows(entry), out);
        evidence(rule, rules, out);
        WrappedText.steps("  remedy    ", entry.remedy(), out);
        WrappedText.print("  meaning   ", entry.explain(), out);
        RuleOrigin origin = rules.origins().get(entry.code());
        if (origin != null) {
            WrappedText.print("  from      ", from(origin), out);
        }
        WrappedText.print("  more      ", documents.doc(entry.code()), out);
        out.println();
    }

    /** The place of an operator's cause, and its effect on the catalogue. */
    static String from(RuleOrigin origin) {
        return origin.file() + ", line " + origin.line()
                + (origin.replaces() ? ", in the place of the packed entry" : ", added");
    }

    /** The owner in words. */
    static String owner(String word) {
        return OWNERS.getOrDefault(word, word);
    }

    /** The flows in which this can be the cause of a failure. */
    static String flows(Entry entry) {
        String flows = entry.flows().isEmpty()
                ? "all flows"
                : entry.flows().stream().sorted().map(Flow::wireName).collect(Collectors.joining(", "));
        return entry.explains() ? flows : flows + "; beside another failure it is a side fact, never the cause";
    }

    /** Prints the alternatives with the highest confidence, and the number of the others. */
    private static void evidence(Rule rule, Rules rules, PrintWriter out) {
        Confidence highest = rule.when().stream()
                .map(Alternative::confidence)
                .min(Comparator.naturalOrder())
                .orElse(Confidence.POSSIBLE);
        List<Alternative> decisive = rule.when().stream()
                .filter(each -> each.confidence() == highest)
                .toList();
        String head = "  evidence  ";
        for (Alternative each : withoutImplied(decisive, rule.ruledOutBy())) {
            WrappedText.print(head + highest.wireName() + " when ", words(each, rules), out);
            head = "        or  ";
        }
        int weaker = rule.when().size() - decisive.size();
        if (weaker > 0) {
            WrappedText.print(
                    "            ", Plural.of(weaker, "more combination") + " with lower confidence: see --json", out);
        }
        if (!rule.ruledOutBy().isEmpty()) {
            WrappedText.print(
                    "  not when  ",
                    joined(rule.ruledOutBy(), " or ", rules) + " (unless a combination above contains this finding)",
                    out);
        }
    }

    /** The alternatives without those that only add findings to another: they hold only where the other holds too. */
    private static List<Alternative> withoutImplied(List<Alternative> alternatives, List<String> excluding) {
        List<Alternative> kept = new ArrayList<>();
        for (Alternative each : alternatives) {
            if (kept.stream().noneMatch(other -> each.implies(other, excluding))) {
                kept.removeIf(other -> other.implies(each, excluding));
                kept.add(each);
            }
        }
        return kept;
    }

    private static String words(Alternative each, Rules rules) {
        List<String> parts = new ArrayList<>();
        if (!each.all().isEmpty()) {
            parts.add(joined(each.all(), " and ", rules));
        }
        if (!each.any().isEmpty()) {
            parts.add((each.any().size() > 1 ? "one of: " : "") + joined(each.any(), " or ", rules));
        }
        String text = String.join(", and ", parts);
        return each.none().isEmpty() ? text : text + "; unless " + joined(each.none(), " or ", rules);
    }

    private static String joined(List<String> findings, String word, Rules rules) {
        return findings.stream().map(rules::meaning).collect(Collectors.joining(word));
    }

    /** The causes with all their alternatives, and the meaning of each finding in them. */
    public static ObjectNode json(List<Rule> selected, Rules rules, DiagnosisJson documents) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode causes = root.putArray("causes");
        selected.forEach(rule -> {
            RuleOrigin origin = rules.origins().get(rule.entry().code());
            ObjectNode cause = json(rule, documents);
            if (origin != null) {
                cause.putObject("origin")
                        .put("file", origin.file())
                        .put("line", origin.line())
                        .put("effect", origin.effect());
            }
            causes.add(cause);
        });
        Map<String, String> meanings = new TreeMap<>();
        selected.stream().flatMap(CatalogueText::findings).forEach(name -> meanings.put(name, rules.meaning(name)));
        meanings.forEach(root.putObject("findings")::put);
        return root;
    }

    private static ObjectNode json(Rule rule, DiagnosisJson documents) {
        Entry entry = rule.entry();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("code", entry.code()).put("title", entry.title());
        node.put("severity", entry.severity().wireName()).put("owner", entry.owner());
        ArrayNode flows = node.putArray("flows");
        entry.flows().stream().sorted().map(Flow::wireName).forEach(flows::add);
        node.put("explains", entry.explains());
        node.set("when", Json.MAPPER.valueToTree(rule.when()));
        rule.ruledOutBy().forEach(node.putArray("ruledOutBy")::add);
        entry.remedy().forEach(node.putArray("remedy")::add);
        return node.put("explain", entry.explain()).put("doc", documents.doc(entry.code()));
    }

    /** The findings in the alternatives and exclusions of the rule, possibly with duplicates. */
    static Stream<String> findings(Rule rule) {
        Stream<String> ofAlternatives = rule.when().stream()
                .flatMap(each -> Stream.of(each.all(), each.any(), each.none()).flatMap(List::stream));
        return Stream.concat(ofAlternatives, rule.ruledOutBy().stream());
    }
}
