package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.site.Grant;
import io.licenserelay.event.Digests;
import io.licenserelay.simulator.ssm.ApiClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evidence bundles: a failure writes a bundle, and commands read it on another machine. */
class BundleIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    /** A failed sync of this site wrote the bundle that most tests read. */
    private static OneSite failedSite;

    private static Path bundle;

    @TempDir
    Path folder;

    @BeforeAll
    static void writeBundle() throws Exception {
        failedSite = OneSite.in(shared);
        bundle = failed(failedSite);
    }

    @AfterAll
    static void stop() throws Exception {
        failedSite.close();
    }

    @Test
    void aBundleGivesTheSameDiagnosisOnAnotherMachine() throws Exception {
        CommandResult local = failedSite.run("replay", "hq/pull");
        Path sent = Files.copy(bundle, folder.resolve("sent.tar.gz"));
        CommandResult elsewhere =
                CommandResult.of("replay", sent.toString(), "--data", "nowhere", "--config", "nowhere");
        assertThat(elsewhere.exitCode()).as(elsewhere.err()).isZero();
        assertThat(elsewhere.err()).contains("The same as the published diagnosis.");
        assertThat(elsewhere.out()).isEqualTo(local.out());
        assertThat(names(bundle)).startsWith("manifest.json").contains("event.json", "evidence/000000.json");
        assertThat(text(bundle)).doesNotContain("relay-secret-1");
    }

    @Test
    void theEventReferencesItsCompleteEvidence() throws Exception {
        JsonNode trigger = new PublishedRecords(failedSite.write())
                .incidents("pull")
                .values()
                .iterator()
                .next()
                .get(0);
        assertThat(trigger.path("dataref").asText())
                .isEqualTo(bundle.toAbsolutePath().toUri().toString());
        String evidence = entry(bundle, trigger.at("/data/dataref/entry").asText());
        assertThat(Digests.sha256(evidence.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(trigger.at("/data/dataref/sha256").asText());
    }

    @Test
    void theDoctorVerifiesABundleAndPrintsItsDiagnosis() throws Exception {
        CommandResult result = CommandResult.of("doctor", "--bundle", bundle.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).contains("all digests match", "(LIC3002, ", "who acts  ssm");
        JsonNode json = JSON.readTree(CommandResult.of("doctor", "--bundle", bundle.toString(), "--json")
                .out());
        assertThat(json.at("/data/diagnosis/code").asText()).isEqualTo("LIC3002");
        assertThat(json.at("/manifest/versions/configurationSha256").asText()).hasSize(64);
    }

    @Test
    void equalEvidenceGivesEqualBytesAndOnlyNewEvidenceIsAdded() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Path bundle = failed(site);
            byte[] first = Files.readAllBytes(bundle);
            Files.delete(bundle);
            Path part = Files.writeString(bundle.resolveSibling("cut.tar.gz.part"), "half");
            try (Connection direct = DriverManager.getConnection(
                            "jdbc:sqlite:" + site.data().resolve("relay.db"));
                    var statement = direct.createStatement()) {
                statement.executeUpdate("DELETE FROM evidence_bundle");
            }
            site.ssm().client(ApiClient.of("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS));
            assertThat(site.run("sync").exitCode()).isZero();
            assertThat(part).doesNotExist();
            assertThat(names(bundle))
                    .filteredOn(name -> name.startsWith("evidence/"))
                    .hasSize(1);
            assertThat(JSON.readTree(entry(bundle, "evidence/000000.json")).path("findings"))
                    .isNotEmpty();
            assertThat(Files.readAllBytes(bundle)).isEqualTo(first);

            site.ssm().client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD));
            assertThat(site.run("sync").exitCode()).isEqualTo(1);
            assertThat(bundles(site)).hasSize(2);
            // A repeated failure publishes no event, so it stores no evidence.
            assertThat(site.run("sync").exitCode()).isEqualTo(1);
            assertThat(bundles(site)).allSatisfy(file -> assertThat(names(file))
                    .filteredOn(name -> name.startsWith("evidence/"))
                    .hasSize(1));
            site.ssm().faults().set("unavailable", "resource", "token");
            assertThat(site.run("sync").exitCode()).isEqualTo(1);
            assertThat(bundles(site)).hasSize(2).anySatisfy(file -> assertThat(names(file))
                    .filteredOn(name -> name.startsWith("evidence/"))
                    .hasSize(2));
        }
    }

    @Test
    void theOldestBundleIsDeletedAboveTheLimit() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.files().setting("relay.evidence.bundles", "1");
            Path first = failed(site);
            site.ssm().client(ApiClient.of("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS));
            site.run("sync");
            site.ssm().client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD));
            site.run("sync");
            assertThat(bundles(site)).hasSize(1).doesNotContain(first);
        }
    }

    @Test
    void aChangedBundleIsRejected() throws Exception {
        Path changed = folder.resolve("changed.tar.gz");
        rewrite(bundle, changed, "evidence/000000.json", text -> text.replace("refused", "granted"));
        assertRejected(changed, "evidence/000000.json does not match its SHA-256");
        rewrite(bundle, changed, "event.json", text -> null);
        assertRejected(changed, "the entry event.json is missing");
        byte[] content = Files.readAllBytes(bundle);
        assertRejected(Files.write(changed, Arrays.copyOf(content, content.length / 2)), "cannot be unpacked");
    }

    @Test
    void invalidAndMaliciousBundlesAreRejected() throws Exception {
        assertRejected(tar(tar -> put(tar, "../up.json", "{}")), "which is not allowed");
        assertRejected(tar(tar -> put(tar, "/etc/passwd", "{}")), "which is not allowed");
        assertRejected(tar(tar -> put(tar, "a.json", "{}")), "the file has no manifest.json");
        assertRejected(
                tar(tar -> {
                    TarArchiveEntry link = new TarArchiveEntry("a.json", TarConstants.LF_SYMLINK);
                    link.setLinkName("/etc/passwd");
                    tar.putArchiveEntry(link);
                    tar.closeArchiveEntry();
                }),
                "not a regular file");
        assertRejected(
                tar(tar -> {
                    put(tar, "a.json", "{}");
                    put(tar, "a.json", "{}");
                }),
                "is in the bundle twice");
        assertRejected(
                tar(tar -> {
                    for (int i = 0; i < 600; i++) {
                        put(tar, "a" + i, "x");
                    }
                }),
                "more than 64 MiB or 500 entries");
        assertRejected(tar(tar -> put(tar, "bomb", "\0".repeat(65 << 20))), "too large");
        assertRejected(tar(tar -> put(tar, "manifest.json", "{\"format\":9}")), "format 9");
        assertThat(CommandResult.of("doctor", "--bundle", folder.resolve("none").toString())
                        .err())
                .contains("There is no file");
    }

    private void assertRejected(Path file, String reason) {
        for (CommandResult result : List.of(
                CommandResult.of("replay", file.toString()), CommandResult.of("doctor", "--bundle", file.toString()))) {
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains(file.toString(), reason);
        }
    }

    private static Path failed(OneSite site) throws Exception {
        site.ssm().client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD));
        site.writeWithTopicsAndStore();
        assertThat(site.run("sync").exitCode()).isEqualTo(1);
        List<Path> bundles = bundles(site);
        assertThat(bundles).hasSize(1);
        return bundles.get(0);
    }

    private static List<Path> bundles(OneSite site) throws IOException {
        try (Stream<Path> files = Files.list(site.data().resolve("evidence"))) {
            return files.filter(file -> file.toString().endsWith(".tar.gz")).toList();
        }
    }

    private interface TarContent {
        void into(TarArchiveOutputStream tar) throws IOException;
    }

    private Path tar(TarContent content) throws IOException {
        Path file = folder.resolve("made.tar.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
            content.into(tar);
        }
        return file;
    }

    private static void put(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static List<String> names(Path bundle) throws IOException {
        return read(bundle).stream().map(each -> each[0]).toList();
    }

    private static String text(Path bundle) throws IOException {
        return String.join("\n", read(bundle).stream().map(each -> each[1]).toList());
    }

    private static String entry(Path bundle, String name) throws IOException {
        return read(bundle).stream()
                .filter(each -> each[0].equals(name))
                .findFirst()
                .orElseThrow()[1];
    }

    private void rewrite(Path from, Path to, String name, UnaryOperator<String> change) throws IOException {
        Path made = tar(tar -> {
            for (String[] each : read(from)) {
                String text = each[0].equals(name) ? change.apply(each[1]) : each[1];
                if (text != null) {
                    put(tar, each[0], text);
                }
            }
        });
        Files.move(made, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String[]> read(Path bundle) throws IOException {
        ArrayList<String[]> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(bundle)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                tar.transferTo(bytes);
                entries.add(new String[] {entry.getName(), bytes.toString(StandardCharsets.UTF_8)});
            }
        }
        return entries;
    }
}
