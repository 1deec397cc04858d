package io.licenserelay.diagnosis;

import com.google.re2j.Pattern;
import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.BadConfiguration.Problem;
import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.ConfigurationProblems;
import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.ValueParser;
import io.licenserelay.config.yaml.YamlBlock;
import io.licenserelay.config.yaml.YamlFile;
import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.logs.LogPattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one file of rules, {@code diagnoses.yaml} or a file of {@code diagnoses.d}, and reports every problem in it. */
final class RuleFile {
    /** The limit for all files together. */
    static final int MAX_PATTERNS = 100;

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_PHRASE_LENGTH = 300;
    private static final String CODE = "LIC[0-9]{4}|LOCAL(?!0000)[0-9]{4}";
    private static final ValueParser<String> OWNER = TextValues.word("network", "ssm", "sdwan", "relay", "cisco");
    private static final ValueParser<String> KNOWN_FINDING =
            TextValues.word(Findings.all().keySet().toArray(String[]::new));

    private final ConfigurationProblems problems;
    private final List<YamlBlock> causes = new ArrayList<>();
    private final List<LogPattern> logs = new ArrayList<>();
    private final Map<String, Integer> lineOfCode = new LinkedHashMap<>();
    private final boolean readable;
    private Set<String> local = Set.of();

    /** Parses the file, except for its causes: a cause may name findings of other files, so {@link #rules} parses the causes. */
    RuleFile(String file, byte[] bytes) {
        this.problems = new ConfigurationProblems(file);
        this.readable = parse(bytes);
    }

    /** @throws BadRules with all problems */
    static Rules catalogue(String file, InputStream in, @Nullable String base) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        RuleFile result = new RuleFile(file, bytes);
        List<Rule> rules =
                result.rules(result.logs.stream().map(LogPattern::finding).collect(Collectors.toSet()));
        if (result.readable && !result.lineOfCode.containsKey(Rules.NOT_DIAGNOSED)) {
            result.problem(1, "no entry " + Rules.NOT_DIAGNOSED, "add it: the relay reports it if no rule matches");
        }
        if (result.logs.size() > MAX_PATTERNS) {
            result.problem(1, "more than " + MAX_PATTERNS + " entries in logs:", "join patterns of one finding with |");
        }
        if (result.problems.any()) {
            throw new BadRules(result.problems());
        }
        RuleSource source = base == null ? RuleSource.PACKED : RuleSource.file(base, Digests.sha256(bytes));
        return new Rules(rules, result.logs, source);
    }

    /** Whether the code is in the range for operators: {@code LOCAL0001}, or {@code LIC0001} as in earlier versions. */
    static boolean isOwn(String code) {
        return code.startsWith("LOCAL") || code.startsWith("LIC0");
    }

    List<LogPattern> logs() {
        return List.copyOf(logs);
    }

    /**
     * Parses the causes and returns the valid ones. Must be called only once.
     *
     * @param defined the findings of logs that a rule may name
     */
    List<Rule> rules(Set<String> defined) {
        local = defined;
        List<Rule> rules = new ArrayList<>();
        for (YamlBlock block : causes) {
            rule(block).ifPresent(rules::add);
            block.end();
        }
        return rules;
    }

    /** The line of each code, in the order of the file. */
    Map<String, Integer> lines() {
        return lineOfCode;
    }

    void problem(int line, String message, String fix) {
        problems.add(line, message, fix);
    }

    List<Problem> problems() {
        return problems.sorted();
    }

    private boolean parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            problem(1, "the file is larger than " + MAX_BYTES + " bytes", "a catalogue of causes is smaller");
            return false;
        }
        Node root = YamlFile.parse(new String(bytes, StandardCharsets.UTF_8), problems);
        if (root instanceof SequenceNode list) {
            causes.addAll(YamlBlock.all(list, "cause", problems));
            return true;
        }
        if (root instanceof MappingNode mapping) {
            YamlBlock file = new YamlBlock(mapping, "the file", problems);
            if (file.has("causes") || file.has("logs")) {
                parseSections(file);
                return true;
            }
        }
        if (root != null) {
            problem(
                    1,
                    "the file is not a list of causes",
                    "begin each cause with - code: LIC…, or write the lists causes: and logs:");
        }
        return false;
    }

    private void parseSections(YamlBlock file) {
        int number = 0;
        for (YamlBlock block : file.blocks("causes")) {
            block.rename("cause " + ++number);
            causes.add(block);
        }
        number = 0;
        for (YamlBlock block : file.blocks("logs")) {
            block.rename("entry " + ++number + " of logs");
            parsePattern(block);
            block.end();
        }
        file.end();
    }

    private void parsePattern(YamlBlock block) {
        String finding = block.required("finding", "name it, for example local.disk-full", RuleFile::localFinding);
        if (finding != null) {
            block.rename(finding);
        }
        String source = block.required("source", "write the name of a log in relay.yaml, or any", TextValues::name);
        Pattern pattern = block.required("pattern", "write a regular expression", LogPattern::regex);
        String phrase = block.required("phrase", "describe what such a line means", RuleFile::phrase);
        if (finding != null && source != null && pattern != null && phrase != null) {
            logs.add(new LogPattern(finding, source, pattern, phrase));
        }
    }

    private Optional<Rule> rule(YamlBlock block) {
        String code = block.required("code", "write LIC and four digits, or LOCAL and four digits", RuleFile::code);
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

    private Optional<Alternative> alternative(YamlBlock block) {
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

    private List<String> findings(YamlBlock block, String key) {
        return block.list(key, this::finding).stream().distinct().toList();
    }

    /** Accepts a finding of the relay, of an operator's probe, or of an entry of {@code logs:}. */
    private String finding(String given) throws BadValue {
        if (Findings.isCustom(given) || local.contains(given)) {
            return given;
        }
        if (!given.startsWith(Findings.LOCAL)) {
            return KNOWN_FINDING.parse(given);
        }
        throw new BadValue(
                "no entry of logs: defines \"" + given + '"',
                Spelling.closest(given, local)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("add an entry of logs: with this finding"));
    }

    private static String localFinding(String given) throws BadValue {
        if (!Findings.isLocal(given)) {
            throw new BadValue(
                    '"' + given + "\" is not a valid name",
                    "write " + Findings.LOCAL + " and lower-case words joined by . or -, as in local.disk-full");
        }
        return given;
    }

    private static String phrase(String given) throws BadValue {
        if (given.length() > MAX_PHRASE_LENGTH) {
            throw new BadValue("it is longer than " + MAX_PHRASE_LENGTH + " characters", "write one short sentence");
        }
        return TextValues.text(given);
    }

    private static String code(String given) throws BadValue {
        if (!given.matches(CODE)) {
            throw new BadValue(
                    "\"" + given + "\" is not a valid code",
                    "write LIC and four digits, as in LIC3002; your own causes use LOCAL0001 to LOCAL9999");
        }
        return given;
    }

    /** Accepts any text that is not blank, also several lines. */
    private static String text(String given) throws BadValue {
        if (given.isBlank()) {
            throw new BadValue("the value is empty", "write a text");
        }
        return given.strip();
    }
}
