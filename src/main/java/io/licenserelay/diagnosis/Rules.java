package io.licenserelay.diagnosis;

import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.diagnosis.Diagnosis.Other;
import io.licenserelay.diagnosis.Diagnosis.RuledOut;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.logs.LogPattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The catalogue of causes, and the choice of the cause of a failure. Immutable and thread-safe. */
public final class Rules {
    /** The code for a failure that no rule explains. Every catalogue contains it, without {@code when}. */
    public static final String NOT_DIAGNOSED = "LIC9999";

    /** The file in the configuration folder that replaces the packed catalogue as a whole. */
    static final String FILE = "diagnoses.yaml";

    private static final String PACKED = "/config/" + FILE;

    private static volatile @Nullable Rules packed;

    private final List<Rule> rules;
    private final List<LogPattern> logs;
    private final RuleSource source;
    private final Entry notDiagnosed;

    Rules(List<Rule> rules, List<LogPattern> logs, RuleSource source) {
        this.rules = List.copyOf(rules);
        this.logs = List.copyOf(logs);
        this.source = source;
        this.notDiagnosed = entry(NOT_DIAGNOSED).orElseThrow();
    }

    /**
     * The rules of a configuration folder: its {@code diagnoses.yaml}, or the packed catalogue if that file does not exist. The files of
     * {@code diagnoses.d} are then applied.
     *
     * @throws BadRules with all problems in the files, or if a file cannot be read
     */
    public static Rules in(Path folder) {
        return overlaid(base(folder), folder);
    }

    /**
     * Like {@link #in}, with another file instead of {@code diagnoses.yaml}, or with another folder instead of {@code diagnoses.d}.
     *
     * @throws BadRules with all problems in the files, or if a file cannot be read
     */
    public static Rules with(Path folder, Path other) {
        if (Files.isDirectory(other)) {
            return base(folder).overlaidBy(other);
        }
        return overlaid(read(other), folder);
    }

    private static Rules base(Path folder) {
        Path file = folder.resolve(FILE);
        return Files.isRegularFile(file) ? read(file) : packed();
    }

    private static Rules overlaid(Rules base, Path folder) {
        Path overlay = folder.resolve(RuleOverlay.FOLDER);
        return Files.exists(overlay) ? base.overlaidBy(overlay) : base;
    }

    /**
     * Reads a catalogue, for example an operator's {@code diagnoses.yaml}.
     *
     * @throws BadRules with all problems in the file, or if it cannot be read
     */
    public static Rules read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return RuleFile.catalogue(file.toString(), in, file.toString());
        } catch (IOException e) {
            throw BadRules.unreadable(file.toString(), e);
        }
    }

    /**
     * The packed catalogue. The file is read once, because a sync needs it before and during the start of the relay.
     *
     * @throws BadRules as {@link #read} does
     */
    public static Rules packed() {
        Rules known = packed;
        if (known == null) {
            known = readPacked();
            packed = known;
        }
        return known;
    }

    private static Rules readPacked() {
        try (InputStream in = packedFile()) {
            return RuleFile.catalogue(PACKED, in, null);
        } catch (IOException e) {
            throw BadRules.unreadable(PACKED, e);
        }
    }

    private static InputStream packedFile() {
        InputStream in = Rules.class.getResourceAsStream(PACKED);
        if (in == null) {
            throw new IllegalStateException("the program lacks its " + PACKED);
        }
        return in;
    }

    /**
     * A copy to which the files of a folder are applied.
     *
     * @throws BadRules with all problems in the files, or if a file cannot be read
     */
    private Rules overlaidBy(Path folder) {
        return RuleOverlay.over(this, folder);
    }

    /**
     * Identifies the rules: {@code packed}, or the SHA-256 of the file with the whole catalogue. With an overlay, it is the SHA-256 of the
     * output of {@code sha256sum diagnoses.yaml diagnoses.d/*.yaml}; without an own {@code diagnoses.yaml}, the packed catalogue counts as
     * that file.
     */
    public String sha256() {
        return source.sha256();
    }

    /** The SHA-256 of the file with the whole catalogue, which may be the packed one. */
    String baseSha256() {
        if (source.base() != null) {
            return source.sha256();
        }
        try (InputStream in = packedFile()) {
            return Digests.sha256(in.readAllBytes());
        } catch (IOException e) {
            throw BadRules.unreadable(PACKED, e);
        }
    }

    RuleSource source() {
        return source;
    }

    /** The number of causes, and how many of them are packed, replaced and added. */
    public String summary() {
        return source.summary(rules.size());
    }

    /** The origins of the causes that an overlay replaced or added, by code, in the order of its files. */
    public Map<String, RuleOrigin> origins() {
        return source.origins();
    }

    /** The patterns that are searched in logs. */
    public List<LogPattern> logs() {
        return logs;
    }

    /** The meaning of a finding as text for people. A finding of an operator's probe has only its name. */
    public String meaning(String finding) {
        return logs.stream()
                .filter(log -> log.finding().equals(finding))
                .map(LogPattern::phrase)
                .findFirst()
                .orElseGet(() -> Findings.all().getOrDefault(finding, finding));
    }

    /** Whether this catalogue or the packed one has the code. */
    boolean knows(String code) {
        return rule(code).isPresent() || packed().rule(code).isPresent();
    }

    List<Rule> rules() {
        return rules;
    }

    /** The entry of a code, for example {@code LIC3002}. */
    public Optional<Entry> entry(String code) {
        return entries().stream().filter(entry -> entry.code().equals(code)).findFirst();
    }

    /** The rule of a code. */
    public Optional<Rule> rule(String code) {
        return rules.stream().filter(rule -> rule.entry().code().equals(code)).findFirst();
    }

    /** Every cause, in the order of the file. */
    public List<Entry> entries() {
        return rules.stream().map(Rule::entry).toList();
    }

    /**
     * Concludes the cause. The same evidence always gives the same result, in any order of its findings. A cause that
     * holds but cannot explain the failure is a side fact. If no cause remains, the result is {@link #NOT_DIAGNOSED}.
     */
    public Diagnosis diagnose(Evidence evidence) {
        Set<String> present = evidence.findings().stream().map(Finding::name).collect(Collectors.toSet());
        Flow flow = evidence.failure().flow();
        List<Candidate> candidates = candidates(present);
        Candidate primary = candidates.stream()
                .filter(candidate -> candidate.entry().concerns(flow))
                .findFirst()
                .orElseGet(() -> new Candidate(notDiagnosed, Confidence.POSSIBLE, notDiagnosed.severity(), List.of()));
        List<Candidate> besides =
                candidates.stream().filter(Predicate.not(primary::equals)).toList();
        return diagnosis(
                primary,
                ruledOut(present, flow),
                others(besides, entry -> entry.explains(flow)),
                others(besides, entry -> !entry.explains(flow)));
    }

    private static List<Other> others(List<Candidate> candidates, Predicate<Entry> condition) {
        return candidates.stream()
                .filter(candidate -> condition.test(candidate.entry()))
                .map(Candidate::asOther)
                .toList();
    }

    private List<Candidate> candidates(Set<String> present) {
        return rules.stream()
                .flatMap(rule -> rule.candidate(present).stream())
                .sorted(Candidate.BEST_FIRST)
                .toList();
    }

    private List<RuledOut> ruledOut(Set<String> present, Flow flow) {
        return rules.stream()
                .filter(rule -> rule.entry().concerns(flow))
                .filter(rule -> rule.candidate(present).isEmpty())
                .flatMap(rule -> rule.ruledOut(present).stream())
                .sorted(Comparator.comparing(RuledOut::code))
                .toList();
    }

    private static Diagnosis diagnosis(
            Candidate primary, List<RuledOut> ruledOut, List<Other> others, List<Other> sideFacts) {
        Entry entry = primary.entry();
        return new Diagnosis(
                entry.code(),
                entry.title(),
                primary.confidence(),
                entry.owner(),
                primary.severity(),
                primary.because(),
                ruledOut,
                entry.remedy(),
                others,
                sideFacts);
    }
}
