package io.licenserelay.diagnosis;

import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.diagnosis.Diagnosis.Other;
import io.licenserelay.diagnosis.Diagnosis.RuledOut;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The catalogue of causes, and the choice of the cause of a failure. Immutable and thread-safe. */
public final class Rules {
    /** The code for a failure that no rule explains. Every catalogue contains it, without {@code when}. */
    public static final String NOT_DIAGNOSED = "LIC9999";

    private static final String PACKED = "/config/diagnoses.yaml";

    private static volatile @Nullable Rules packed;

    private final List<Rule> rules;
    private final Entry notDiagnosed;

    Rules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        this.notDiagnosed = entry(NOT_DIAGNOSED).orElseThrow();
    }

    /**
     * Reads a catalogue, for example an operator's {@code diagnoses.yaml}.
     *
     * @throws BadRules with all problems in the file, or if it cannot be read
     */
    public static Rules read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return RuleFile.read(file.toString(), in);
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
        try (InputStream in = Rules.class.getResourceAsStream(PACKED)) {
            if (in == null) {
                throw new IllegalStateException(PACKED + " is not packed");
            }
            return RuleFile.read(PACKED, in);
        } catch (IOException e) {
            throw BadRules.unreadable(PACKED, e);
        }
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

    private static List<Other> others(List<Candidate> candidates, Predicate<Entry> which) {
        return candidates.stream()
                .filter(candidate -> which.test(candidate.entry()))
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
