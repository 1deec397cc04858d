package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.licenserelay.event.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator's files add and replace causes of the catalogue. Every problem is reported with file and line. */
class RuleOverlayTest {
    private static final String DISK =
            """
            logs:
              - { finding: local.disk-full, source: ssm, pattern: No space left on device, phrase: The disk is full }
            causes:
            """ + cause("LOCAL0001", "local.disk-full").indent(2);

    @TempDir
    Path config;

    @Test
    void withoutFilesThePackedRulesAreUsed() throws IOException {
        assertThat(Rules.in(config)).isSameAs(Rules.packed());
        Files.createDirectories(config.resolve("diagnoses.d"));
        assertThat(Rules.in(config)).isSameAs(Rules.packed());
        assertThat(Rules.in(config).sha256()).isEqualTo("packed");
    }

    @Test
    void aKnownCodeIsReplacedInPlaceAndANewOneIsAddedAtTheEnd() throws IOException {
        write("10-own.yaml", cause("LOCAL0001", "custom.maintenance") + cause("LIC4001", "http.unavailable"));
        write("20-old.yaml", cause("LIC0001", "dns.resolved"));

        Rules rules = Rules.in(config);

        List<String> packed = Rules.packed().entries().stream().map(Entry::code).toList();
        List<String> codes = rules.entries().stream().map(Entry::code).toList();
        assertThat(codes).startsWith(packed.toArray(String[]::new)).endsWith("LOCAL0001", "LIC0001");
        assertThat(rules.entry("LIC4001").orElseThrow().title()).isEqualTo("Title of LIC4001");
        assertThat(rules.entry("LIC4002")).isEqualTo(Rules.packed().entry("LIC4002"));
        assertThat(rules.origins())
                .containsOnly(
                        entry("LOCAL0001", new RuleOrigin("diagnoses.d/10-own.yaml", 1, false)),
                        entry("LIC4001", new RuleOrigin("diagnoses.d/10-own.yaml", 9, true)),
                        entry("LIC0001", new RuleOrigin("diagnoses.d/20-old.yaml", 1, false)));
        assertThat(rules.summary())
                .isEqualTo((packed.size() + 2) + " causes in the catalogue: " + (packed.size() - 1)
                        + " packed, 1 replaced, 2 added by " + config.resolve("diagnoses.d"));
        assertThat(rules.diagnose(Given.pull("custom.maintenance")).code()).isEqualTo("LOCAL0001");
    }

    @Test
    void aLogFindingMayBeUsedInAnyFile() throws IOException {
        write("10-own.yaml", cause("LOCAL0002", "local.disk-full"));
        write("20-disk.yaml", DISK);

        Rules rules = Rules.in(config);

        assertThat(rules.logs()).extracting("finding", "source").containsExactly(tuple("local.disk-full", "ssm"));
        assertThat(rules.meaning("local.disk-full")).isEqualTo("The disk is full");
        assertThat(rules.diagnose(Given.pull("local.disk-full")).code()).isEqualTo("LOCAL0002");
    }

    @Test
    void theFilesAlsoApplyToAnOperatorsCatalogue() throws IOException {
        Files.writeString(config.resolve("diagnoses.yaml"), fallback() + cause("LIC3901", "dns.resolved"));
        write("10-own.yaml", cause("LIC3901", "dns.nxdomain") + cause("LIC4001", "http.unavailable"));

        Rules rules = Rules.in(config);

        assertThat(rules.entries()).extracting(Entry::code).containsExactly("LIC9999", "LIC3901", "LIC4001");
        assertThat(rules.summary())
                .isEqualTo("3 causes in the catalogue: 1 of " + config.resolve("diagnoses.yaml")
                        + ", 1 replaced, 1 added by " + config.resolve("diagnoses.d"));
    }

    @Test
    void anotherFileOrFolderMayReplaceTheConfiguredOne() throws IOException {
        write("10-own.yaml", cause("LOCAL0001", "dns.resolved"));
        Path whole = Files.writeString(config.resolve("other.yaml"), fallback());
        Path others = Files.createDirectories(config.resolve("new.d"));
        Files.writeString(others.resolve("10.yaml"), cause("LOCAL0002", "dns.resolved"));

        assertThat(Rules.with(config, whole).entries()).extracting(Entry::code).containsExactly("LIC9999", "LOCAL0001");
        assertThat(Rules.with(config, others).origins()).containsOnlyKeys("LOCAL0002");
    }

    @Test
    void theDigestIsTheSha256OfTheOutputOfSha256sum() throws IOException {
        Path second = write("b.yaml", cause("LOCAL0002", "dns.resolved"));
        Path first = write("a.yaml", cause("LOCAL0001", "dns.resolved"));
        String overPacked = Rules.in(config).sha256();

        assertThat(overPacked).isEqualTo(digest(Path.of("config/diagnoses.yaml"), first, second));

        Path whole = Files.writeString(config.resolve("diagnoses.yaml"), fallback());
        assertThat(Rules.in(config).sha256()).isEqualTo(digest(whole, first, second));
        Files.delete(first);
        Files.delete(second);
        assertThat(Rules.in(config).sha256()).isEqualTo(Digests.sha256(Files.readAllBytes(whole)));
    }

    private static String digest(Path whole, Path first, Path second) throws IOException {
        String list = Digests.sha256(Files.readAllBytes(whole)) + "  diagnoses.yaml\n"
                + Digests.sha256(Files.readAllBytes(first)) + "  diagnoses.d/a.yaml\n"
                + Digests.sha256(Files.readAllBytes(second)) + "  diagnoses.d/b.yaml\n";
        return Digests.sha256(list.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyProblemOfEveryFileIsReportedWithItsLine() throws IOException {
        write("10-codes.yaml", cause("LIC4444", "dns.resolved") + cause("LOCAL0000", "dns.resolved"));
        write("20-twice.yaml", cause("LOCAL0001", "dns.resolved"));
        write("30-twice.yaml", cause("LIC3001", "local.disk-ful") + cause("LOCAL0001", "local.nothing-like-it"));
        write("40-logs.yaml", """
                logs:
                  - { finding: local.disk-full, source: ssm, pattern: No space, phrase: Full }
                  - { finding: custom.x, source: s s, pattern: '(a', phrase: "" }
                  - { finding: local.A, pattern: a*, phrase: b, more: c }
                """);

        assertThat(problems())
                .containsExactly(
                        "10-codes.yaml:1: the relay has no cause LIC4444; use a code from LOCAL0001 to LOCAL9999 for your own cause; license-relay explain lists the relay's codes",
                        "10-codes.yaml:9: \"code\" in cause 2: \"LOCAL0000\" is not a valid code; write LIC and four digits, as in LIC3002; your own causes use LOCAL0001 to LOCAL9999",
                        "30-twice.yaml:6: \"all\" in entry 1 of when in LIC3001: no entry of logs: defines \"local.disk-ful\"; did you mean \"local.disk-full\"?",
                        "30-twice.yaml:9: the code LOCAL0001 is also in DIR/20-twice.yaml:1; keep one of the two, or give one another code",
                        "30-twice.yaml:14: \"all\" in entry 1 of when in LOCAL0001: no entry of logs: defines \"local.nothing-like-it\"; add an entry of logs: with this finding",
                        "40-logs.yaml:3: \"finding\" in entry 2 of logs: \"custom.x\" is not a valid name; write local. and lower-case words joined by . or -, as in local.disk-full",
                        "40-logs.yaml:3: \"source\" in entry 2 of logs: \"s s\" is not a valid name; start with a letter or digit; then use letters, digits and . _ -, at most 64 characters",
                        "40-logs.yaml:3: \"pattern\" in entry 2 of logs: it is not a regular expression of RE2: missing closing ); correct it; RE2 has no lookahead and no backreference",
                        "40-logs.yaml:3: \"phrase\" in entry 2 of logs: the value is empty; write a text, or remove the key",
                        "40-logs.yaml:4: \"finding\" in entry 3 of logs: \"local.A\" is not a valid name; write local. and lower-case words joined by . or -, as in local.disk-full",
                        "40-logs.yaml:4: \"source\" is missing in entry 3 of logs; write the name of a log in relay.yaml, or any",
                        "40-logs.yaml:4: \"pattern\" in entry 3 of logs: it matches every line; match at least one character",
                        "40-logs.yaml:4: unknown key \"more\" in entry 3 of logs; available: finding, source, pattern, phrase");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10-own.yml", "two words.yaml", "-x.yaml"})
    void aFileWithAnInvalidNameIsReportedAndNotIgnored(String name) throws IOException {
        write(name, cause("LOCAL0001", "dns.resolved"));
        assertThat(problems())
                .containsExactly(
                        name + ": the file name is not valid; write letters, digits and . _ - and end it with .yaml");
    }

    @Test
    void otherFilesAndHiddenFilesAreIgnored() throws IOException {
        write("README.md", "Ours.");
        write("10-own.yaml~", "- code: LIC1");
        write(".10-own.yaml", "- code: LIC1");
        assertThat(Rules.in(config)).isSameAs(Rules.packed());
    }

    @Test
    void unreadableFilesAreReported() throws IOException {
        Files.createDirectories(config.resolve("diagnoses.d/folder.yaml"));
        write("large.yaml", "#".repeat(256 * 1024 + 1));
        write("word.yaml", "rules: []\n");
        assertThat(problems())
                .containsExactly(
                        "folder.yaml: it is not a regular file; remove it from the folder",
                        "large.yaml: DIR/large.yaml is larger than 256 KiB; check the file and its permissions",
                        "word.yaml:1: the file is not a list of causes; begin each cause with - code: LIC…, or write the lists causes: and logs:");
    }

    @Test
    void aFileInsteadOfTheFolderIsReported() throws IOException {
        Path file = Files.writeString(config.resolve("diagnoses.d"), "");
        assertThat(catchThrowableOfType(BadRules.class, () -> Rules.in(config)))
                .hasMessageStartingWith(file + ": cannot be read");
    }

    @Test
    void theNumberOfFilesCausesAndPatternsIsLimited() throws IOException {
        write("logs.yaml", patterns(0, 60));
        write("more.yaml", patterns(60, 41));
        assertThat(problems())
                .containsExactly(
                        "DIR: more than 100 entries in logs: of all files; join patterns of one finding with |");
        Files.delete(config.resolve("diagnoses.d/more.yaml"));
        write(
                "many.yaml",
                IntStream.rangeClosed(1, 501)
                        .mapToObj(i -> cause("LOCAL" + String.format(Locale.ROOT, "%04d", i), "dns.resolved"))
                        .collect(Collectors.joining()));
        assertThat(problems()).containsExactly("DIR: more than 500 causes; remove the causes that are not needed");
        for (int i = 0; i < 50; i++) {
            write("n" + i + ".yaml", "");
        }
        assertThat(problems()).containsExactly("DIR: more than 50 files; merge files, or remove some from the folder");
    }

    private static String patterns(int from, int count) {
        return "logs:\n"
                + IntStream.range(from, from + count)
                        .mapToObj(
                                i -> "  - { finding: local.f" + i + ", source: any, pattern: x" + i + ", phrase: p }\n")
                        .collect(Collectors.joining());
    }

    /** The problems, without the path of the folder. */
    private List<String> problems() {
        BadRules bad = catchThrowableOfType(BadRules.class, () -> Rules.in(config));
        String folder = config.resolve("diagnoses.d").toString();
        return bad.problems().stream()
                .map(Object::toString)
                .map(each -> each.startsWith(folder + "/") ? each.substring(folder.length() + 1) : each)
                .map(each -> each.replace(folder, "DIR"))
                .toList();
    }

    private Path write(String name, String yaml) throws IOException {
        Path folder = Files.createDirectories(config.resolve("diagnoses.d"));
        return Files.writeString(folder.resolve(name), yaml);
    }

    private static String fallback() {
        return "- { code: LIC9999, title: Unknown, severity: error, owner: relay, remedy: [Look.], explain: Hm. }\n";
    }

    private static String cause(String code, String finding) {
        return """
                - code: CODE
                  title: Title of CODE
                  severity: error
                  owner: ssm
                  when:
                    - { all: [FINDING], confidence: proven }
                  remedy: [Do it.]
                  explain: Why.
                """.replace("CODE", code).replace("FINDING", finding);
    }
}
