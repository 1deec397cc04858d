package io.licenserelay.config.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.watch.ConfigurationChange.Accepted;
import io.licenserelay.config.watch.ConfigurationChange.Refused;
import io.licenserelay.config.yaml.Folder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changed files are read whole, once they are complete. */
class ConfigurationWatchTest {
    private static final String LAB = Folder.MINIMAL.replace("hq", "lab");

    private final Path path;
    private final Folder folder;
    private ConfigurationWatch watch;
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");

    ConfigurationWatchTest(@TempDir Path temp) throws Exception {
        path = Files.createDirectory(temp.resolve("config"));
        folder = new Folder(path).yaml(Folder.MINIMAL);
        watch = watch();
    }

    private ConfigurationWatch watch() throws Exception {
        return new ConfigurationWatch(folder.read(), path.resolve("data"), folder.environment, Map.of(), clock());
    }

    private Clock clock() {
        InstantSource source = () -> now;
        return source.withZone(ZoneOffset.UTC);
    }

    /** The first two polls read the files that the relay was started with. */
    @BeforeEach
    void nothingChangedSinceTheStart() {
        assertThat(watch.poll()).isEmpty();
        assertThat(watch.poll()).isEmpty();
    }

    /** The result of a change: the first poll notices it, the second takes it. */
    private ConfigurationChange next() {
        assertThat(watch.poll()).isEmpty();
        return watch.poll().orElseThrow();
    }

    private Accepted accepted() {
        return (Accepted) next();
    }

    private Refused refused() {
        return (Refused) next();
    }

    private String text(Refused refused) {
        return refused.text().replace(path + "/", "");
    }

    @Test
    void aSiteThatIsAddedChangedAndRemovedIsReportedOnce() throws Exception {
        folder.sites("lab.yaml", LAB);
        Accepted added = accepted();
        assertThat(added.added()).containsExactly("lab");
        assertThat(added.changed()).isEmpty();
        assertThat(added.removed()).isEmpty();
        assertThat(added.needsRestart()).isEmpty();
        assertThat(added.at()).isEqualTo(now);
        assertThat(added.configuration().sites().stream().map(Site::name)).containsExactly("hq", "lab");
        assertThat(watch.accepted()).isSameAs(added.configuration());
        assertThat(watch.poll()).isEmpty();

        folder.sites("lab.yaml", LAB + "    parallel: 2\n");
        Accepted changed = accepted();
        assertThat(changed.added()).isEmpty();
        assertThat(changed.changed()).containsExactly("lab");
        assertThat(changed.removed()).isEmpty();
        assertThat(watch.poll()).isEmpty();

        Files.delete(path.resolve("sites.d/lab.yaml"));
        Accepted removed = accepted();
        assertThat(removed.removed()).containsExactly("lab");
        assertThat(removed.changed()).isEmpty();
        assertThat(watch.poll()).isEmpty();
    }

    @Test
    void aSiteThatMovesToAnotherFileIsNotAChangeOfTheSite() throws Exception {
        folder.sites("hq.yaml", Folder.MINIMAL).yaml("sites:\n");
        assertThat(accepted().hasSameSites()).isTrue();
    }

    @Test
    void aComputedDefaultChangesTheSitesThatUseIt() throws Exception {
        folder.sites("lab.yaml", LAB + "    parallel: 2\n").yaml("defaults: { parallel: 4 }\n" + Folder.MINIMAL);
        assertThat(accepted().changed()).containsExactly("hq");
    }

    @Test
    void aFileThatIsStillWrittenIsNotRead() throws Exception {
        for (int length = 10; length < LAB.length(); length += 40) {
            folder.sites("lab.yaml", LAB.substring(0, length));
            assertThat(watch.poll()).isEmpty();
        }
        folder.sites("lab.yaml", LAB);
        assertThat(accepted().added()).containsExactly("lab");
    }

    @Test
    void aHalfWrittenFileThatStaysIsRefusedUntilItIsComplete() throws Exception {
        folder.sites("lab.yaml", LAB.substring(0, LAB.length() - 8));
        assertThat(text(refused())).startsWith("sites.d/lab.yaml:");
        folder.sites("lab.yaml", LAB);
        assertThat(accepted().added()).containsExactly("lab");
    }

    @Test
    void aBadFileRefusesTheChangeOfAllFilesAndIsReportedOnce() throws Exception {
        folder.sites("lab.yaml", LAB).sites("oslo.yaml", LAB.replace("lab", "oslo") + "    shedule: x\n");
        Refused refused = refused();
        assertThat(text(refused))
                .isEqualTo("sites.d/oslo.yaml:6: unknown key \"shedule\" in site oslo; did you mean \"schedule\"?");
        assertThat(refused.at()).isEqualTo(now);
        assertThat(watch.accepted().sites()).hasSize(1);
        assertThat(watch.poll()).isEmpty();
        assertThat(watch.poll()).isEmpty();

        folder.sites("oslo.yaml", LAB.replace("lab", "oslo") + "    parallel: 0\n");
        assertThat(text(refused())).contains("\"parallel\" in site oslo");
        assertThat(watch.poll()).isEmpty();
    }

    @Test
    void goingBackToTheAcceptedFilesIsReported() throws Exception {
        folder.yaml("sites: [\n");
        refused();
        folder.yaml(Folder.MINIMAL);
        Accepted back = accepted();
        assertThat(back.hasSameSites()).isTrue();
        assertThat(back.needsRestart()).isEmpty();
        assertThat(watch.poll()).isEmpty();
    }

    @Test
    void aMissingSecretRefusesTheChangeUntilTheSecretExists() throws Exception {
        Path secret = path.resolveSibling("password");
        folder.sites("lab.yaml", LAB.replace("env:SECRET", "\"file:" + secret + "\""));
        assertThat(text(refused())).contains("secret file " + secret + " does not exist");
        Files.writeString(secret, "s3cret");
        now = now.plus(ConfigurationWatch.RETRY).minusMillis(1);
        assertThat(watch.poll()).isEmpty();
        now = now.plusMillis(1);
        assertThat(watch.poll().map(Accepted.class::cast).orElseThrow().added()).containsExactly("lab");
        assertThat(watch.poll()).isEmpty();
    }

    @Test
    void refusedFilesAreReadAgainAfterTheClockWasSetBack() throws Exception {
        Path secret = path.resolveSibling("password");
        folder.sites("lab.yaml", LAB.replace("env:SECRET", "\"file:" + secret + "\""));
        refused();
        Files.writeString(secret, "s3cret");
        now = now.minusSeconds(3600);
        assertThat(watch.poll()).containsInstanceOf(Accepted.class);
    }

    @Test
    void filesThatStayRefusedAreNotReportedAgain() throws Exception {
        folder.yaml("sites: [\n");
        refused();
        now = now.plus(ConfigurationWatch.RETRY);
        assertThat(watch.poll()).isEmpty();
    }

    @Test
    void aMissingTrustFileRefusesTheChange() throws Exception {
        folder.sites("lab.yaml", LAB.replace("client:", "trust: gone.pem\n      client:"));
        assertThat(text(refused())).contains("gone.pem").contains("copy the PEM file there");
    }

    @Test
    void theProblemsContainNoSecret() throws Exception {
        folder.sites("lab.yaml", LAB.replace("env:SECRET", "hunter2"));
        assertThat(refused().toString())
                .contains("must not contain the secret itself")
                .doesNotContain("hunter2");
    }

    @Test
    void aConfigurationWithoutSitesIsRefused() throws Exception {
        folder.yaml("sites:\n").sites("lab.yaml", LAB);
        assertThat(accepted().removed()).containsExactly("hq");
        Files.delete(path.resolve("sites.d/lab.yaml"));
        assertThat(text(refused())).startsWith("relay.yaml:1: no sites");
        assertThat(watch.accepted().sites().stream().map(Site::name)).containsExactly("lab");
    }

    @Test
    void aDeletedFolderIsRefused() throws Exception {
        folder.sites("lab.yaml", LAB);
        accepted();
        Path moved = path.resolveSibling("moved");
        Files.move(path, moved);
        assertThat(text(refused())).startsWith("relay.yaml: the file does not exist");
        assertThat(watch.poll()).isEmpty();
        Files.move(moved, path);
        assertThat(accepted().hasSameSites()).isTrue();
    }

    @Test
    void aFileThatCannotBeReadIsRefused() throws Exception {
        Path file = path.resolve("sites.d/lab.yaml");
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, file);
        assertThat(text(refused())).startsWith("sites.d/lab.yaml: ").contains("does not exist");
        Files.delete(file);
        assertThat(accepted().hasSameSites()).isTrue();

        Files.createDirectory(file);
        assertThat(text(refused())).startsWith("sites.d/lab.yaml: ").contains("is a folder");
        Files.delete(file);
        assertThat(accepted().hasSameSites()).isTrue();
    }

    @Test
    void aFolderOfSitesThatCannotBeReadIsRefusedInsteadOfTakenAsEmpty() throws Exception {
        folder.sites("lab.yaml", LAB);
        accepted();
        Path sites = path.resolve("sites.d");
        Files.move(sites, path.resolveSibling("unmounted"));
        Files.createSymbolicLink(sites, path.resolveSibling("gone"));
        assertThat(text(refused())).startsWith("sites.d: it cannot be listed");
        assertThat(watch.accepted().sites()).hasSize(2);
    }

    @Test
    void aLargeFileIsRefusedWithoutReadingAllOfIt() throws Exception {
        folder.sites("lab.yaml", LAB + "#".repeat(10 << 20));
        assertThat(text(refused())).startsWith("sites.d/lab.yaml: ").contains("is larger than 1024 KiB");
    }

    /** Kubernetes writes a new folder, and then replaces the link ..data, through which all files are read. */
    @Test
    void filesThatAreReplacedByALinkAreRead() throws Exception {
        Path sites = Files.createDirectories(path.resolve("sites.d"));
        Path first = Files.createDirectory(sites.resolve("..2026_11_30_1"));
        Files.writeString(first.resolve("lab.yaml"), LAB);
        Files.createSymbolicLink(sites.resolve("..data"), first.getFileName());
        Files.createSymbolicLink(sites.resolve("lab.yaml"), Path.of("..data/lab.yaml"));
        assertThat(accepted().added()).containsExactly("lab");

        Path second = Files.createDirectory(sites.resolve("..2026_11_30_2"));
        Files.writeString(second.resolve("lab.yaml"), LAB + "    parallel: 2\n");
        assertThat(watch.poll()).isEmpty();
        Files.createSymbolicLink(sites.resolve("..data_tmp"), second.getFileName());
        Files.move(sites.resolve("..data_tmp"), sites.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        delete(first);
        assertThat(accepted().changed()).containsExactly("lab");
        assertThat(watch.poll()).isEmpty();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Files.delete(folder);
    }

    @Test
    void aChangeBetweenTheStartAndTheFirstPollIsNotMissed() throws Exception {
        var started = folder.read();
        folder.sites("lab.yaml", LAB);
        watch = new ConfigurationWatch(started, path.resolve("data"), folder.environment, Map.of(), clock());
        Optional<ConfigurationChange> first = watch.poll();
        assertThat(first.map(Accepted.class::cast).orElseThrow().added()).containsExactly("lab");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application.properties", "relay.yaml", "diagnoses.yaml", "diagnoses.d/10-disk.yaml"})
    void aChangeThatNeedsARestartIsReportedUntilItIsUndone(String name) throws Exception {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        String before = Files.exists(file) ? Files.readString(file) : "";
        String what =
                switch (name) {
                    case "application.properties" -> "settings in ";
                    case "relay.yaml" -> "relay.node in ";
                    default -> "";
                };
        String change = name.equals("application.properties") ? "relay.name=other\n" : "relay: { node: other }\n";
        Files.writeString(file, before + change);
        Accepted changed = accepted();
        assertThat(changed.hasSameSites()).isTrue();
        assertThat(changed.needsRestart()).containsExactly(what + file);
        assertThat(watch.poll()).isEmpty();

        folder.sites("lab.yaml", LAB);
        assertThat(accepted().needsRestart()).containsExactly(what + file);

        if (before.isEmpty()) {
            Files.delete(file);
        } else {
            Files.writeString(file, before);
        }
        assertThat(accepted().needsRestart()).isEmpty();
    }

    @Test
    void anotherStoreNeedsARestartWhateverThePasswordIs() throws Exception {
        String store =
                "relay: { node: a, store: { url: \"jdbc:postgresql://db/relay\", user: relay, password: env:SECRET } }\n";
        folder.yaml(Folder.MINIMAL + store);
        watch = watch();
        nothingChangedSinceTheStart();
        folder.variable("SECRET", "rotated").yaml(Folder.MINIMAL + store + "# comment\n");
        assertThat(accepted().needsRestart()).isEmpty();
        folder.yaml(Folder.MINIMAL + store.replace("/relay", "/other"));
        assertThat(accepted().needsRestart()).containsExactly("relay.store in " + path.resolve("relay.yaml"));
    }

    @Test
    void aCommentInTheSettingsNeedsNoRestart() throws Exception {
        folder.settings("# a comment\n");
        assertThat(watch.poll()).isEmpty();
        assertThat(watch.poll()).isEmpty();
        folder.settings("relay.nam=x\n");
        assertThat(text(refused())).startsWith("application.properties:1: unknown key");
    }
}
