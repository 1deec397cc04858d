package io.licenserelay.cli;

import io.licenserelay.fixture.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of {@code target/dist}, and an archive of the classes that a start loads. The archive saves a third of the processor time
 * of a start in a separate process. The first test of a build that needs the archive creates it, and other tests wait for it.
 */
final class PackedRelay {
    /** The options of all JVMs that use the archive. An archive works only with the garbage collector that created it. */
    static final List<String> JVM = List.of(
            // A start with only the quick compiler takes two thirds of the time.
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8");

    private static final Path DIST = Path.of("target", "dist").toAbsolutePath();
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path ARCHIVES = Path.of("target", "class-archive").toAbsolutePath();
    private static final PackedRelay PACKED = find();

    private final String jars;
    private final Path archive;

    /** @param jars the class path of the jars; empty if the jars cannot be used */
    private PackedRelay(String jars, Path archive) {
        this.jars = jars;
        this.archive = archive;
    }

    /**
     * The Java options for the class path of a main class: only the jars for the relay; the jars and then the class path of the test for a
     * program of a test. If the classes of the build are newer than the jars, only the class path of the test.
     */
    static List<String> options(Class<?> main) {
        String own = System.getProperty("java.class.path");
        if (PACKED.jars.isEmpty()) {
            return List.of("-cp", own);
        }
        List<String> options =
                new ArrayList<>(List.of("-cp", main == LicenseRelay.class ? PACKED.jars : PACKED.jars + ":" + own));
        if (Files.exists(PACKED.archive)) {
            // A JVM that cannot use the archive continues without it, and prints nothing in the output that tests read.
            options.addAll(List.of("-XX:SharedArchiveFile=" + PACKED.archive, "-Xlog:cds*=off"));
        }
        return options;
    }

    private static PackedRelay find() {
        try {
            List<Path> jars = jars();
            String classPath = jars.stream().map(Path::toString).collect(Collectors.joining(":"));
            return new PackedRelay(classPath, jars.isEmpty() ? ARCHIVES : archive(jars, classPath));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The jars in the order of the launcher; none if the relay is not packaged or its classes are newer. */
    private static List<Path> jars() throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path lib : List.of(DIST.resolve("lib"), DIST.resolve("lib-demo"))) {
            if (!Files.isDirectory(lib)) {
                return List.of();
            }
            try (Stream<Path> files = Files.list(lib)) {
                files.filter(each -> each.toString().endsWith(".jar")).sorted().forEach(jars::add);
            }
        }
        List<Path> relayJars = jars.stream()
                .filter(each -> each.getFileName().toString().startsWith("license-relay-"))
                .toList();
        FileTime newest = newestClass();
        for (Path each : relayJars) {
            if (Files.getLastModifiedTime(each).compareTo(newest) < 0) {
                return List.of();
            }
        }
        return relayJars.size() == 2 ? jars : List.of();
    }

    private static FileTime newestClass() throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                FileTime time = Files.getLastModifiedTime(each);
                newest = time.compareTo(newest) > 0 ? time : newest;
            }
        }
        return newest;
    }

    /** The archive for these jars and this Java. It is created once, even if several test JVMs need it at the same time. */
    private static Path archive(List<Path> jars, String classPath) throws Exception {
        StringBuilder key = new StringBuilder(System.getProperty("java.vm.version"));
        for (Path jar : jars) {
            key.append(jar).append(Files.getLastModifiedTime(jar)).append(Files.size(jar));
        }
        Path archive = Files.createDirectories(ARCHIVES)
                .resolve(Integer.toHexString(key.toString().hashCode()) + ".jsa");
        try (FileChannel channel = FileChannel.open(
                        ARCHIVES.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(archive)) {
                // Archives of earlier builds have 60 MB each.
                try (DirectoryStream<Path> old = Files.newDirectoryStream(ARCHIVES, "*.jsa")) {
                    for (Path each : old) {
                        Files.delete(each);
                    }
                }
                make(archive, classPath);
            }
        }
        return archive;
    }

    /** Creates the archive from a relay that syncs and diagnoses a failure, so that it has the classes of both. */
    private static void make(Path archive, String classPath) throws Exception {
        Path part = archive.resolveSibling(archive.getFileName() + ".part");
        List<String> command = new ArrayList<>(List.of(RelayProcess.JAVA, "-XX:ArchiveClassesAtExit=" + part));
        command.addAll(JVM);
        command.addAll(List.of("-cp", classPath, LicenseRelay.class.getName()));
        try (TemporaryFolder folder = TemporaryFolder.create();
                OneSite site = OneSite.in(folder.path())) {
            site.writeWithTopics();
            site.ssm().faults().set("forbidden", "va", "Lab");
            command.addAll(List.of(site.arguments("run")));
            try (RelayProcess maker = RelayProcess.start(folder.path(), command)) {
                maker.until(Duration.ofMillis(100), () -> maker.err().contains(" ended "));
                if (maker.terminate() != 0) {
                    throw new IOException("cannot make the class archive: " + maker.err());
                }
            }
        }
        // A Java without an archive of the JDK classes creates no further archive.
        if (Files.exists(part)) {
            Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
