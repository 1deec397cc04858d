package io.licenserelay.diagnosis;

import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code diagnoses.yaml} and finds everything that is wrong with it. */
final class RuleFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern CODE = Pattern.compile("LIC[0-9]{4}");
    private static final Set<String> ENTRY_KEYS = ordered(
            "code", "title", "severity", "owner", "flows", "explains", "when", "ruledOutBy", "remedy", "explain");
    private static final Set<String> ALTERNATIVE_KEYS = ordered("all", "any", "none", "confidence", "severity");
    private static final Set<String> OWNERS = ordered("network", "ssm", "sdwan", "relay", "cisco");
    private static final Map<String, Flow> FLOWS =
            Stream.of(Flow.values()).collect(Collectors.toMap(Flow::wireName, flow -> flow));

    private final Problems problems = new Problems();
    private final Map<String, Integer> lineOfCode = new HashMap<>();

    private RuleFile() {}

    /** @throws BadRules with all problems */
    static Rules read(String file, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        RuleFile reader = new RuleFile();
        List<Rule> rules = reader.rules(bytes);
        reader.problems.throwIfAny(file);
        return new Rules(rules);
    }

    private List<Rule> rules(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            problems.at(1, "the file is larger than " + MAX_BYTES + " bytes");
            return List.of();
        }
        List<Rule> rules = items(new String(bytes, StandardCharsets.UTF_8)).stream()
                .flatMap(item -> Fields.of(item, ENTRY_KEYS, problems).stream())
                .flatMap(fields -> rule(fields).stream())
                .toList();
        if (!lineOfCode.containsKey(Rules.NOT_DIAGNOSED)) {
            problems.at(1, "no entry " + Rules.NOT_DIAGNOSED + ", which stands for what no rule explains");
        }
        return rules;
    }

    private List<Node> items(String yaml) {
        try {
            @Nullable
            Node root = new Compose(LoadSettings.builder().build())
                    .composeString(yaml)
                    .orElse(null);
            if (root instanceof SequenceNode sequence) {
                return sequence.getValue();
            }
            problems.at(1, "expected a list of causes, each beginning with '- code: LIC…'");
        } catch (MarkedYamlEngineException e) {
            problems.at(e.getProblemMark().map(Mark::getLine).orElse(0) + 1, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.at(1, "not YAML: " + e.getMessage());
        }
        return List.of();
    }

    private Optional<Rule> rule(Fields fields) {
        Optional<Entry> entry = entry(fields);
        List<Alternative> when = fields.items("when").stream()
                .flatMap(item -> Fields.of(item, ALTERNATIVE_KEYS, problems).stream())
                .flatMap(each -> alternative(each).stream())
                .toList();
        boolean fallback =
                entry.map(Entry::code).filter(Rules.NOT_DIAGNOSED::equals).isPresent();
        if (fields.items("when").isEmpty() != fallback) {
            problems.at(
                    fields.at("when"),
                    fallback ? Rules.NOT_DIAGNOSED + " takes no when" : "no when: it could never be diagnosed");
        }
        List<String> ruledOutBy = findings(fields, "ruledOutBy");
        return entry.map(each -> new Rule(each, when, ruledOutBy));
    }

    private Optional<Entry> entry(Fields fields) {
        String code = code(fields);
        String title = fields.text("title");
        Optional<Severity> severity = fields.constant("severity", Severity.values());
        String owner = fields.text("owner");
        if (!owner.isEmpty() && !OWNERS.contains(owner)) {
            problems.unknown(fields.at("owner"), "owner", owner, OWNERS);
        }
        Set<Flow> flows = fields.words("flows", "flow", FLOWS.keySet()).stream()
                .map(FLOWS::get)
                .collect(Collectors.toUnmodifiableSet());
        boolean explains = fields.flag("explains", true);
        List<String> remedy = fields.texts("remedy");
        if (fields.items("remedy").isEmpty()) {
            problems.at(fields.at("remedy"), "no remedy: at least one step that fixes it");
        }
        String explain = fields.text("explain");
        return severity.map(known -> new Entry(code, title, known, owner, flows, explains, remedy, explain));
    }

    private String code(Fields fields) {
        String code = fields.text("code");
        if (!code.isEmpty() && !CODE.matcher(code).matches()) {
            problems.at(fields.at("code"), "bad code '" + code + "': LIC and four digits, as in LIC3002");
        }
        int line = Problems.line(fields.at("code"));
        @Nullable Integer first = lineOfCode.putIfAbsent(code, line);
        if (first != null && !code.isEmpty()) {
            problems.at(line, "code " + code + " stands already in line " + first);
        }
        return code;
    }

    private Optional<Alternative> alternative(Fields fields) {
        List<String> all = findings(fields, "all");
        List<String> any = findings(fields, "any");
        List<String> none = findings(fields, "none");
        if (fields.items("all").isEmpty() && fields.items("any").isEmpty()) {
            problems.at(fields.node(), "neither all nor any: it would hold without any finding");
        }
        if (all.stream().anyMatch(none::contains) || (!any.isEmpty() && none.containsAll(any))) {
            problems.at(fields.node(), "never holds: what it asks for in all or any stands in none");
        }
        Severity severity = fields.has("severity")
                ? fields.constant("severity", Severity.values()).orElse(null)
                : null;
        return fields.constant("confidence", Confidence.values())
                .map(confidence -> new Alternative(all, any, none, confidence, severity));
    }

    private List<String> findings(Fields fields, String key) {
        return fields.words(key, "finding", Findings.all().keySet(), Findings::isCustom);
    }

    private static Set<String> ordered(String... words) {
        return new LinkedHashSet<>(List.of(words));
    }
}
