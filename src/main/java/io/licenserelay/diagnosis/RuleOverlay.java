package io.licenserelay.diagnosis;

import io.licenserelay.config.yaml.BadConfiguration.Problem;
import io.licenserelay.config.yaml.ConfigurationProblems;
import io.licenserelay.config.yaml.TextFile;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.logs.LogPattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Applies the files of a folder to a catalogue, in the order of their names. A cause of a file replaces the cause with the same code, or is
 * added after all others. For one use.
 */
final class RuleOverlay {
    /** The name of the folder in origins and digests, independent of its path. */
    static final String FOLDER = "diagnoses.d";

    /** Only names that every system sorts in the same order, and that need no quotes. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\.yaml");

    private static final int MAX_FILES = 50;
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_CAUSES = 500;

    private final Rules base;
    private final Path folder;
    private final ConfigurationProblems problems;
    private final Map<String, RuleFile> files = new LinkedHashMap<>();
    private final StringBuilder digests = new StringBuilder();
    private final Map<String, RuleOrigin> origins = new LinkedHashMap<>();

    private RuleOverlay(Rules base, Path folder) {
        this.base = base;
        this.folder = folder;
        this.problems = new ConfigurationProblems(folder.toString());
    }

    /** @throws BadRules with all problems of all files */
    static Rules over(Rules base, Path folder) {
        return new RuleOverlay(base, folder).rules();
    }

    private Rules rules() {
        names().forEach(this::read);
        if (files.isEmpty() && !problems.any()) {
            return base;
        }
        List<LogPattern> patterns = patterns();
        Set<String> local = patterns.stream().map(LogPattern::finding).collect(Collectors.toSet());
        Map<String, Rule> rules = new LinkedHashMap<>();
        base.rules().forEach(rule -> rules.put(rule.entry().code(), rule));
        files.forEach((name, file) -> {
            file.rules(local).forEach(rule -> rules.put(rule.entry().code(), rule));
            file.lines().forEach((code, line) -> recordOrigin(code, line, name, file));
        });
        if (origins.size() > MAX_CAUSES) {
            problems.add(0, "more than " + MAX_CAUSES + " causes", "remove the causes that are not needed");
        }
        throwIfInvalid();
        return new Rules(
                List.copyOf(rules.values()),
                patterns,
                base.source().overlaid(folder.toString(), origins, Digests.sha256(utf8(digests.toString()))));
    }

    private void recordOrigin(String code, int line, String name, RuleFile file) {
        RuleOrigin first = origins.get(code);
        if (first != null) {
            file.problem(
                    line,
                    "the code " + code + " is also in " + folder.resolve(first.name()) + ":" + first.line(),
                    "keep one of the two, or give one another code");
        } else if (RuleFile.isOwn(code) || base.knows(code)) {
            origins.put(
                    code,
                    new RuleOrigin(FOLDER + "/" + name, line, base.rule(code).isPresent()));
        } else {
            file.problem(
                    line,
                    "the relay has no cause " + code,
                    "use a code from LOCAL0001 to LOCAL9999 for your own cause; license-relay explain lists the relay's codes");
        }
    }

    /** The patterns of the catalogue and of every file, because a rule may name a finding that another file defines. */
    private List<LogPattern> patterns() {
        List<LogPattern> patterns = new ArrayList<>(base.logs());
        files.values().forEach(file -> patterns.addAll(file.logs()));
        if (patterns.size() > RuleFile.MAX_PATTERNS) {
            problems.add(
                    0,
                    "more than " + RuleFile.MAX_PATTERNS + " entries in logs: of all files",
                    "join patterns of one finding with |");
        }
        return patterns;
    }

    /** Ignores other files, such as a README or an editor's backup, and hidden files, with which Kubernetes replaces a ConfigMap. */
    private List<String> names() {
        try (Stream<Path> all = Files.list(folder)) {
            List<String> names = all.map(each -> String.valueOf(each.getFileName()))
                    .filter(name -> !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml")))
                    .limit(MAX_FILES + 1L)
                    .sorted()
                    .toList();
            if (names.size() > MAX_FILES) {
                problems.add(0, "more than " + MAX_FILES + " files", "merge files, or remove some from the folder");
                throwIfInvalid();
            }
            return names;
        } catch (IOException e) {
            throw BadRules.unreadable(folder.toString(), e);
        }
    }

    private void read(String name) {
        Path path = folder.resolve(name);
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    path.toString(),
                    0,
                    "the file name is not valid",
                    "write letters, digits and . _ - and end it with .yaml");
            return;
        }
        if (!Files.isRegularFile(path)) {
            problems.add(path.toString(), 0, "it is not a regular file", "remove it from the folder");
            return;
        }
        try {
            byte[] bytes = TextFile.bytes(path, MAX_BYTES);
            files.put(name, new RuleFile(path.toString(), bytes));
            addDigest(bytes, FOLDER + "/" + name);
        } catch (IOException e) {
            problems.add(path.toString(), 0, String.valueOf(e.getMessage()), "check the file and its permissions");
        }
    }

    /** Adds a line in the format of {@code sha256sum}, so that people can compute the digest of all files. */
    private void addDigest(byte[] bytes, String name) {
        if (digests.isEmpty()) {
            digests.append(base.baseSha256()).append("  ").append(Rules.FILE).append('\n');
        }
        digests.append(Digests.sha256(bytes)).append("  ").append(name).append('\n');
    }

    private void throwIfInvalid() {
        Set<Problem> all = new LinkedHashSet<>(problems.sorted());
        files.values().forEach(file -> all.addAll(file.problems()));
        if (!all.isEmpty()) {
            throw new BadRules(List.copyOf(all));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
