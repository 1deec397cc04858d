package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged layout: {@code lib/} contains the complete relay, and nothing that only the demo needs. */
class ThinLayoutIT {
    private static final Path DIST = Path.of("target", "dist").toAbsolutePath();

    /** A long timeout, because the archive is created with the lowest priority. */
    private static final Duration ARCHIVE_TIMEOUT = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    @Test
    void theProductionFolderContainsNoSimulatorAndNoBroker() throws Exception {
        assertThat(jarsWith("lib", "io/licenserelay/simulator/ssm/SsmSimulator.class"))
                .isEmpty();
        assertThat(jarsWith("lib", "kafka/server/KafkaRaftServer.class")).isEmpty();
        assertThat(jarsWith("lib", "META-INF/services/io.licenserelay.cli.Subcommand"))
                .isEmpty();
        assertThat(jarsWith("lib-demo", "io/licenserelay/simulator/ssm/SsmSimulator.class"))
                .hasSize(1);
        assertThat(jarsWith("lib-demo", "kafka/server/KafkaRaftServer.class")).hasSize(1);
    }

    /** In {@code config/}, which an upgrade keeps, it would replace the catalogue of the new version. */
    @Test
    void theCatalogueIsShippedToReadAndNotInTheConfiguration() {
        assertThat(DIST.resolve("config/relay.yaml")).exists();
        assertThat(DIST.resolve("config/diagnoses.yaml")).doesNotExist();
        assertThat(DIST.resolve("doc/diagnoses.yaml")).hasSameTextualContentAs(Path.of("config/diagnoses.yaml"));
    }

    @Test
    void theProductionFolderHasNoDemoCommand() throws Exception {
        RelayProcess demo =
                RelayProcess.start(folder, launcher(productionOnly(), folder.resolve("cache"), "demo", "--once"));
        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.err()).contains("Unknown command \"demo\"");
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void theProductionFolderSyncsAndItsServiceStopsWithoutAnUnfinishedArchive() throws Exception {
        Path home = productionOnly();
        Path cache = folder.resolve("cache");
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            try (RelayProcess relay = ready(home, site, cache)) {
                assertThat(relay.command())
                        .as("the launcher was replaced by the relay process")
                        .endsWith("/java");
                // A new site is due at once.
                relay.until(Duration.ofMillis(50), () -> relay.err().contains(" ended complete"));

                RelayProcess sync = RelayProcess.start(folder, launcher(home, cache, site.arguments("sync")));
                assertThat(sync.exitCode()).as(sync.err()).isZero();
                assertThat(sync.out()).contains("hq/ACME  complete");
                assertThat(sync.err()).isEmpty();

                assertThat(relay.terminate()).isZero();
            }
            assertThat(archives(cache)).isEmpty();
        }
    }

    @Test
    void theHelpOfTheServiceCreatesNoArchive() throws Exception {
        Path cache = folder.resolve("cache");
        RelayProcess help = RelayProcess.start(folder, launcher(productionOnly(), cache, "run", "--help"));
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).startsWith("Usage: license-relay run");
        assertThat(cache).doesNotExist();
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void theServiceCreatesItsClassArchiveOnceAndWorksWithoutIt() throws Exception {
        Path home = productionOnly();
        Path cache = folder.resolve("cache");
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            try (RelayProcess relay = ready(home, site, cache)) {
                await().atMost(ARCHIVE_TIMEOUT).until(() -> relay.err().contains("made the class archive"));
                assertThat(relay.terminate()).isZero();
            }
            List<Path> created = archives(cache);
            assertThat(created).hasSize(1);
            try (RelayProcess relay = ready(home, site, cache)) {
                assertThat(relay.commandLine()).contains("-XX:SharedArchiveFile=" + created.get(0));
                assertThat(relay.terminate()).isZero();
            }
            assertThat(archives(cache)).isEqualTo(created);
            try (RelayProcess relay = ready(home, site, Path.of("/dev/null/cache"))) {
                assertThat(relay.terminate()).isZero();
            }
        }
    }

    /** Starts a service and waits until it is ready. */
    private RelayProcess ready(Path home, OneSite site, Path cache) throws Exception {
        RelayProcess relay = RelayProcess.start(folder, launcher(home, cache, site.arguments("run")));
        await().atMost(Duration.ofMinutes(3))
                .failFast("the service ended", () -> !relay.isAlive())
                .until(() -> relay.err().contains("ready: "));
        return relay;
    }

    private static List<String> launcher(Path home, Path cache, String... arguments) {
        return Stream.concat(
                        Stream.of(
                                "env",
                                "XDG_CACHE_HOME=" + cache,
                                // The quick compiler takes less time in a short run.
                                "RELAY_JAVA_OPTS=-XX:TieredStopAtLevel=1",
                                "sh",
                                home.resolve("license-relay").toString()),
                        Stream.of(arguments))
                .toList();
    }

    private static List<Path> archives(Path cache) throws IOException {
        Path folder = cache.resolve("license-relay");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** The content of the production image: launcher and {@code lib/}, without {@code lib-demo/}. */
    private static Path productionOnly() throws IOException {
        Path home = Files.createDirectories(DIST.resolveSibling("dist-production"));
        Path launcher = DIST.resolve("license-relay");
        Files.copy(launcher, home.resolve("license-relay"), StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(home.resolve("lib"));
        Files.createSymbolicLink(home.resolve("lib"), DIST.resolve("lib"));
        return home;
    }

    private static Set<String> jarsWith(String lib, String entry) throws IOException {
        List<Path> jars;
        try (Stream<Path> all = Files.list(DIST.resolve(lib))) {
            jars = all.toList();
        }
        Set<String> found = new TreeSet<>();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                if (file.getEntry(entry) != null) {
                    found.add(String.valueOf(jar.getFileName()));
                }
            }
        }
        return found;
    }
}
