package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.CommandResult;
import io.licenserelay.config.site.Grant;
import io.licenserelay.event.Digests;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.MarkdownPage;
import io.licenserelay.fixture.MarkdownPage.Block;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.ssm.SsmSimulatorBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the recipes in {@code docs/extend/rules.md} verbatim: the files of the page, and the output that it shows. */
@Timeout(120)
class OwnRulesIT {
    private static final Path PAGE = Path.of("docs/extend/rules.md");
    private static final Pattern FILE = Pattern.compile("\\A# (diagnoses\\.d/\\S+\\.yaml)\n");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    @TempDir
    Path folder;

    private Path config = Path.of("");
    private Path messages = Path.of("");

    @BeforeEach
    void writeTheFilesOfThePage() throws IOException {
        config = folder.resolve("config");
        messages = Files.createDirectories(folder.resolve("ssm")).resolve("messages");
        int written = 0;
        for (Block block : MarkdownPage.read(PAGE).blocks()) {
            Matcher file = FILE.matcher(block.text());
            if (file.find()) {
                Path path = config.resolve(file.group(1));
                Files.createDirectories(path.getParent());
                Files.writeString(path, block.text());
                written++;
            }
        }
        assertThat(written).isEqualTo(3);
    }

    @Test
    void aLineOfSsmsLogGivesAFindingThatAnOperatorsCauseUses() throws Exception {
        try (SsmSimulator ssm = simulator();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("bad-gateway");
            append("504f06c0d581: write() failed (28: No space left on device) while logging client relay-secret-1");

            relay.sync();

            FailureEvent event = relay.failures().get(0);
            assertThat(event.code()).as("%s", event).isEqualTo("LOCAL0001");
            assertThat(event.confidence()).isEqualTo("proven");
            assertThat(event.because()).startsWith("local.disk-full", "http.unavailable");
            assertThat(event.others()).contains("LIC4002", "LIC4001");
            JsonNode finding = StreamSupport.stream(
                            event.json().at("/data/evidence/findings").spliterator(), false)
                    .filter(each -> each.path("name").asText().equals("local.disk-full"))
                    .findFirst()
                    .orElseThrow();
            assertThat(finding.path("phrase").asText())
                    .matches("log ssm: at \\S+Z SSM's log says that its disk is full");
            assertThat(cited(event))
                    .anyMatch(line -> line.contains("No space left on device"))
                    .noneMatch(line -> line.contains("relay-secret-1"));
            bundleAndReplayCoverTheOverlay(event);
        }
    }

    /** The log lines that the timeline marks as cited by findings. */
    private static List<String> cited(FailureEvent event) {
        JsonNode lines = event.json().at("/data/evidence/logs/0/lines");
        return StreamSupport.stream(event.json().at("/data/evidence/timeline").spliterator(), false)
                .filter(entry -> entry.path("telling").asBoolean())
                .map(entry -> lines.path(entry.path("line").asInt()).asText())
                .toList();
    }

    private void bundleAndReplayCoverTheOverlay(FailureEvent event) throws IOException {
        Path bundle = Path.of(URI.create(event.text("/dataref")));
        CommandResult manifest = CommandResult.of("doctor", "--bundle", bundle.toString(), "--json");
        assertThat(manifest.exitCode()).as(manifest.err()).isNotNegative();
        assertThat(new ObjectMapper()
                        .readTree(manifest.out())
                        .at("/manifest/versions/rulesSha256")
                        .asText())
                .isEqualTo(Digests.sha256(sums().getBytes(StandardCharsets.UTF_8)));

        CommandResult unchanged = command("replay", "hq/pull");
        assertThat(unchanged.err()).contains("The same as the published diagnosis.");
        Path copy = Files.createDirectories(folder.resolve("new.d"));
        Files.copy(config.resolve("diagnoses.d/30-remedies.yaml"), copy.resolve("30-remedies.yaml"));
        CommandResult without = command("replay", "hq/pull", "--rules", copy.toString());
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.err()).contains("/code was \"LOCAL0001\", is \"LIC4002\"");
        CommandResult overFile = command("replay", "hq/pull", "--rules", "config/diagnoses.yaml");
        assertThat(overFile.exitCode()).as(overFile.err()).isZero();
    }

    /** The digests in the format of {@code sha256sum}, with the packed catalogue first. */
    private String sums() throws IOException {
        StringBuilder sums = new StringBuilder();
        sums.append(Digests.sha256(Files.readAllBytes(Path.of("config/diagnoses.yaml"))))
                .append("  diagnoses.yaml\n");
        for (String name : List.of("10-disk.yaml", "20-gateway.yaml", "30-remedies.yaml")) {
            sums.append(Digests.sha256(Files.readAllBytes(config.resolve("diagnoses.d/" + name))))
                    .append("  diagnoses.d/" + name + "\n");
        }
        return sums.toString();
    }

    @Test
    void withoutTheLineThePackedCauseHasTheOperatorsRemedy() throws Exception {
        Files.writeString(messages, line("chronyd[812]: Selected source 127.127.1.1"));
        try (SsmSimulator ssm = simulatorWithoutLog();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("bad-gateway");

            relay.sync();

            FailureEvent event = relay.failures().get(0);
            assertThat(event.code()).as("%s", event).isEqualTo("LIC4001");
            assertThat(event.findings()).doesNotContain("local.disk-full");
            assertThat(event.texts("/data/diagnosis/remedy"))
                    .containsExactly("Call the licence desk at extension 4711; they restart the containers of SSM.");
        }
    }

    @Test
    void theOutputOfCheckAndExplainMatchesThePage() throws Exception {
        try (SsmSimulator ssm = simulatorWithoutLog()) {
            relay(ssm).writeConfiguration();
            int shown = 0;
            for (Block block : MarkdownPage.read(PAGE).blocks()) {
                List<String> lines = block.text().lines().toList();
                if (block.language().equals("text") && lines.get(0).startsWith("$ license-relay ")) {
                    CommandResult result = command(
                            lines.get(0).substring("$ license-relay ".length()).split(" "));
                    assertThat(result.out().replace(config.toString(), "config").lines())
                            .as("%s %s", lines.get(0), result.err())
                            .containsSubsequence(lines.stream()
                                    .skip(1)
                                    .filter(line -> !line.strip().equals("…"))
                                    .toList());
                    shown++;
                }
            }
            assertThat(shown).isEqualTo(2);
        }
    }

    private CommandResult command(String... words) {
        String[] all = new String[words.length + 4];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(
                new String[] {
                    "--config",
                    config.toString(),
                    "--data",
                    folder.resolve("data").toString()
                },
                0,
                all,
                words.length,
                4);
        return CommandResult.of(all);
    }

    private SsmSimulator simulator() throws IOException {
        return builder().logs(folder.resolve("ssm")).start();
    }

    private static SsmSimulator simulatorWithoutLog() throws IOException {
        return builder().start();
    }

    private static SsmSimulatorBuilder builder() {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        return SsmSimulator.builder().estate(estate).client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS);
    }

    /** A relay with the log of the page at another path. */
    private TempRelay relay(SsmSimulator ssm) throws IOException {
        String entry = MarkdownPage.read(PAGE).blocks().stream()
                .map(Block::text)
                .filter(text -> text.stripLeading().startsWith("logs:\n") && text.contains("path:"))
                .map(text -> text.substring(text.indexOf('{'), text.indexOf('}') + 1))
                .findFirst()
                .orElseThrow();
        Path secret = Files.writeString(folder.resolve("secret"), "relay-secret-1\n");
        return TempRelay.in(folder)
                .store(TestStore.SQLITE)
                .of(ssm)
                .ssm("client", "{ id: relay, secret: 'file:" + secret + "' }")
                .site("logs", "[" + entry.replace("/var/log/ssm/messages", messages.toString()) + "]");
    }

    private void append(String text) throws IOException {
        Files.writeString(messages, line(text), StandardOpenOption.APPEND);
    }

    private static String line(String text) {
        return STAMP.format(Instant.now()) + " SSM-On-Prem " + text + "\n";
    }
}
