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
 * The files of a folder over a catalogue, in the order of their names. A cause of a file takes the place of the one with its code, or comes
 * after all others. For one reading.
 */
final class RuleOverlay {
    /** Under this name the folder is in origins and digests, whatever its path. */
    static final String FOLDER = "diagnoses.d";

    /** Names that sort alike everywhere and need no quotes. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\.yaml");

    private static final int MOST_FILES = 50;
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_CAUSES = 500;

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
            file.lines().forEach((code, line) -> place(code, line, name, file));
        });
        if (origins.size() > MOST_CAUSES) {
            problems.add(0, "more than " + MOST_CAUSES + " causes", "leave out those that are not needed");
        }
        refuse();
        return new Rules(
                List.copyOf(rules.values()),
                patterns,
                base.source().overlaid(folder.toString(), origins, Digests.sha256(utf8(digests.toString()))));
    }

    private void place(String code, int line, String name, RuleFile file) {
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
                    "give a cause of your own a code from LOCAL0001 to LOCAL9999; license-relay explain lists the relay's");
        }
    }

    /** Those of the catalogue and of every file; a rule may name a finding that another file defines. */
    private List<LogPattern> patterns() {
        List<LogPattern> patterns = new ArrayList<>(base.logs());
        files.values().forEach(file -> patterns.addAll(file.logs()));
        if (patterns.size() > RuleFile.MOST_PATTERNS) {
            problems.add(
                    0,
                    "more than " + RuleFile.MOST_PATTERNS + " entries in logs: of all files",
                    "join patterns of one finding with |");
        }
        return patterns;
    }

    /** Other files, such as a README or what an editor keeps, may be there; hidden ones are how Kubernetes swaps a ConfigMap. */
    private List<String> names() {
        try (Stream<Path> all = Files.list(folder)) {
            List<String> names = all.map(each -> String.valueOf(each.getFileName()))
                    .filter(name -> !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml")))
                    .limit(MOST_FILES + 1L)
                    .sorted()
                    .toList();
            if (names.size() > MOST_FILES) {
                problems.add(0, "more than " + MOST_FILES + " files", "join files, or take some out of the folder");
                refuse();
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
                    "the name of the file is not valid",
                    "write letters, digits and . _ - and end it with .yaml");
            return;
        }
        if (!Files.isRegularFile(path)) {
            problems.add(path.toString(), 0, "it is not a regular file", "take it out of the folder");
            return;
        }
        try {
            byte[] bytes = TextFile.bytes(path, MOST_BYTES);
            files.put(name, new RuleFile(path.toString(), bytes));
            digest(bytes, FOLDER + "/" + name);
        } catch (IOException e) {
            problems.add(path.toString(), 0, String.valueOf(e.getMessage()), "check the file and its rights");
        }
    }

    /** A line as {@code sha256sum} writes it, so that people can compute the digest of all. */
    private void digest(byte[] bytes, String name) {
        if (digests.isEmpty()) {
            digests.append(base.baseSha256()).append("  ").append(Rules.FILE).append('\n');
        }
        digests.append(Digests.sha256(bytes)).append("  ").append(name).append('\n');
    }

    private void refuse() {
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
