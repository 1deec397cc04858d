package io.licenserelay.diagnosis;

import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.ConfigurationProblems;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.ValueParser;
import io.licenserelay.config.yaml.YamlBlock;
import io.licenserelay.config.yaml.YamlFile;
import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code diagnoses.yaml} and reports every problem in it. */
final class RuleFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern CODE = Pattern.compile("LIC[0-9]{4}");
    private static final ValueParser<String> OWNER = TextValues.word("network", "ssm", "sdwan", "relay", "cisco");
    private static final ValueParser<String> KNOWN_FINDING =
            TextValues.word(Findings.all().keySet().toArray(String[]::new));

    /** A finding of the relay, or of an operator's own probe. */
    private static final ValueParser<String> FINDING =
            given -> Findings.isCustom(given) ? given : KNOWN_FINDING.parse(given);

    private final ConfigurationProblems problems;
    private final Map<String, Integer> lineOfCode = new HashMap<>();

    private RuleFile(ConfigurationProblems problems) {
        this.problems = problems;
    }

    /** @throws BadRules with all problems */
    static Rules read(String file, InputStream in) throws IOException {
        ConfigurationProblems problems = new ConfigurationProblems(file);
        List<Rule> rules = new RuleFile(problems).rules(in.readNBytes(MAX_BYTES + 1));
        if (problems.any()) {
            throw new BadRules(problems.sorted());
        }
        return new Rules(rules);
    }

    private List<Rule> rules(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            problems.add(1, "the file is larger than " + MAX_BYTES + " bytes", "a catalogue of causes is smaller");
            return List.of();
        }
        List<Rule> rules = new ArrayList<>();
        for (YamlBlock block : blocks(YamlFile.parse(new String(bytes, StandardCharsets.UTF_8), problems))) {
            rule(block).ifPresent(rules::add);
            block.end();
        }
        if (!lineOfCode.containsKey(Rules.NOT_DIAGNOSED)) {
            problems.add(1, "no entry " + Rules.NOT_DIAGNOSED, "add it: the relay reports it if no rule matches");
        }
        return rules;
    }

    private List<YamlBlock> blocks(@Nullable Node root) {
        if (root instanceof SequenceNode list) {
            return YamlBlock.all(list, "cause", problems);
        }
        if (root != null) {
            problems.add(1, "the file is not a list of causes", "begin each cause with - code: LIC…");
        }
        return List.of();
    }

    private Optional<Rule> rule(YamlBlock block) {
        String code = block.required("code", "write LIC and four digits", RuleFile::code);
        if (code != null) {
            block.rename(code);
            Integer first = lineOfCode.putIfAbsent(code, block.line("code"));
            if (first != null) {
                block.problem("code", "the code of line " + first + " is used again", "use another code");
            }
        }
        String title = block.required("title", "name the cause", RuleFile::text);
        Severity severity = block.required("severity", "write error, for example", TextValues.word(Severity.class));
        String owner = block.required("owner", "name who fixes it, for example ssm", OWNER);
        List<Flow> flows = block.list("flows", TextValues.word(Flow.class));
        boolean explains = block.value("explains", true, AmountValues::yesNo);
        List<Alternative> when = when(block, Rules.NOT_DIAGNOSED.equals(code));
        List<String> ruledOutBy = findings(block, "ruledOutBy");
        List<String> remedy = block.list("remedy", RuleFile::text);
        if (block.hasNoValue("remedy") || block.isEmptyList("remedy")) {
            block.problem("remedy", "no remedy", "write at least one step that fixes it");
        }
        String explain = block.required("explain", "explain the cause", RuleFile::text);
        return code == null || title == null || severity == null || owner == null || explain == null
                ? Optional.empty()
                : Optional.of(new Rule(
                        new Entry(code, title, severity, owner, Set.copyOf(flows), explains, remedy, explain),
                        when,
                        ruledOutBy));
    }

    private List<Alternative> when(YamlBlock block, boolean fallback) {
        List<Alternative> when = new ArrayList<>();
        for (YamlBlock each : block.blocks("when")) {
            alternative(each).ifPresent(when::add);
            each.end();
        }
        boolean missing = block.hasNoValue("when") || block.isEmptyList("when");
        if (missing && !fallback) {
            block.problem("when", "no when", "write at least one combination of findings that proves it");
        } else if (fallback && !missing) {
            block.problem("when", "a condition", "remove it: the relay reports this cause if no rule matches");
        }
        return when;
    }

    private static Optional<Alternative> alternative(YamlBlock block) {
        List<String> all = findings(block, "all");
        List<String> any = findings(block, "any");
        List<String> none = findings(block, "none");
        if (block.hasNoValue("all") && block.hasNoValue("any")) {
            block.problem("", "neither all nor any", "name a finding: this would always hold");
        }
        if (all.stream().anyMatch(none::contains) || (!any.isEmpty() && none.containsAll(any))) {
            block.problem("", "a condition that never holds", "a finding in all or any must not be in none");
        }
        Confidence confidence =
                block.required("confidence", "write proven, likely or possible", TextValues.word(Confidence.class));
        Severity severity = block.optional("severity", TextValues.word(Severity.class));
        return confidence == null
                ? Optional.empty()
                : Optional.of(new Alternative(all, any, none, confidence, severity));
    }

    private static List<String> findings(YamlBlock block, String key) {
        return block.list(key, FINDING).stream().distinct().toList();
    }

    private static String code(String given) throws BadValue {
        if (!CODE.matcher(given).matches()) {
            throw new BadValue("\"" + given + "\" is not a valid code", "write LIC and four digits, as in LIC3002");
        }
        return given;
    }

    /** A text of one or more lines. */
    private static String text(String given) throws BadValue {
        if (given.isBlank()) {
            throw new BadValue("it is empty", "write a text");
        }
        return given.strip();
    }
}
