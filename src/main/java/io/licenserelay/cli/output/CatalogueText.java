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
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A cause of the catalogue, for people and for programs. */
public final class CatalogueText {
    private static final Map<String, String> OWNERS = Map.of(
            "network", "the network team",
            "ssm", "the administrators of SSM",
            "sdwan", "the administrators of the SD-WAN Manager",
            "relay", "whoever runs this relay",
            "cisco", "Cisco");

    private CatalogueText() {}

    public static void print(Rule rule, Rules rules, DiagnosisJson documents, PrintWriter out) {
        Entry entry = rule.entry();
        WrappedText.print(entry.code() + "  ", entry.title(), out);
        WrappedText.print("  who acts  ", owner(entry.owner()) + " (" + entry.owner() + ")", out);
        WrappedText.print("  severity  ", entry.severity().wireName() + " at first", out);
        WrappedText.print("  concerns  ", concerns(entry), out);
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

    /** Where a cause of one's own is, and what it does to the catalogue. */
    static String from(RuleOrigin origin) {
        return origin.file() + ", line " + origin.line()
                + (origin.replaces() ? ", in the place of the packed entry" : ", added");
    }

    /** Who that is, in words. */
    static String owner(String word) {
        return OWNERS.getOrDefault(word, word);
    }

    /** The flows whose failures it may be the cause of. */
    static String concerns(Entry entry) {
        String flows = entry.flows().isEmpty()
                ? "anything that fails"
                : entry.flows().stream().sorted().map(Flow::wireName).collect(Collectors.joining(", "));
        return entry.explains() ? flows : flows + "; beside another failure it is a side fact, never its cause";
    }

    /** The surest ways to conclude it; the others rest on less. */
    private static void evidence(Rule rule, Rules rules, PrintWriter out) {
        Confidence surest = rule.when().stream()
                .map(Alternative::confidence)
                .min(Comparator.naturalOrder())
                .orElse(Confidence.POSSIBLE);
        List<Alternative> decisive =
                rule.when().stream().filter(each -> each.confidence() == surest).toList();
        String head = "  evidence  ";
        for (Alternative each : decisive) {
            WrappedText.print(head + surest.wireName() + " when ", words(each, rules), out);
            head = "        or  ";
        }
        int weaker = rule.when().size() - decisive.size();
        if (weaker > 0) {
            WrappedText.print("            ", "less sure by " + weaker + " further combination(s): see --json", out);
        }
        if (!rule.ruledOutBy().isEmpty()) {
            WrappedText.print(
                    "  not when  ", joined(rule.ruledOutBy(), " or ", rules) + " (where nothing above names it)", out);
        }
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

    /** Every cause with every way to conclude it, and what the findings in them mean. */
    public static ObjectNode json(List<Rule> wanted, Rules rules, DiagnosisJson documents) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode causes = root.putArray("causes");
        wanted.forEach(rule -> {
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
        wanted.stream().flatMap(CatalogueText::findings).forEach(name -> meanings.put(name, rules.meaning(name)));
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

    /** Those that its ways and its exclusions name; one may come several times. */
    static Stream<String> findings(Rule rule) {
        Stream<String> ofWays = rule.when().stream()
                .flatMap(each -> Stream.of(each.all(), each.any(), each.none()).flatMap(List::stream));
        return Stream.concat(ofWays, rule.ruledOutBy().stream());
    }
}
