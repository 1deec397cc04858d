package io.licenserelay.cli;

import io.licenserelay.evidence.process.ChildProcess;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.OwnerOnly;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the archive of loaded classes (CDS) that shortens later starts. A separate background process with the lowest priority
 * makes it. If that fails, the relay runs without an archive.
 */
final class ClassArchive implements AutoCloseable {
    /** The path of the archive to make. The launcher sets it when it finds no archive for this JVM and this classpath. */
    static final String PROPERTY = "license-relay.class-archive";

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    private final @Nullable Process maker;
    private final Path part;

    private ClassArchive(@Nullable Process maker, Path part) {
        this.maker = maker;
        this.part = part;
    }

    /** Starts to make the archive if the launcher requested one. The caller closes it when the relay stops. */
    static ClassArchive inBackground() {
        Path archive = Path.of(System.getProperty(PROPERTY, ""));
        Path part = archive.resolveSibling(
                archive.getFileName() + "." + ProcessHandle.current().pid());
        if (!archive.isAbsolute()) {
            return new ClassArchive(null, part);
        }
        try {
            Path folder = archive.resolveSibling("").normalize();
            OwnerOnly.createDirectories(folder);
            OwnerOnly.tighten(folder);
            if (!OwnerOnly.isOurs(folder)) {
                LOG.warn(
                        "no class archive is stored in {}: the folder belongs to another user, or other users can write to it."
                                + " Starts take longer. RELAY_CDS=off disables the archive; XDG_CACHE_HOME sets another folder",
                        folder);
                return new ClassArchive(null, part);
            }
            removeAbandoned(folder);
            Process maker = ChildProcess.of(command(part))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            maker.onExit().thenAccept(ended -> keep(ended, part, archive));
            return new ClassArchive(maker, part);
        } catch (IOException e) {
            LOG.debug("no class archive", e);
            return new ClassArchive(null, part);
        }
    }

    /** Ends the process if it still runs, and deletes its unfinished file. */
    @Override
    public void close() throws IOException {
        if (maker != null) {
            maker.destroyForcibly().onExit().join();
            Files.deleteIfExists(part);
        }
    }

    private static List<String> command(Path archive) {
        List<String> command = new ArrayList<>(List.of(
                "nice",
                "-n",
                "19",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ArchiveClassesAtExit=" + archive,
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1"));
        // A JVM uses an archive only if collector and object layout are the same.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.matches("-XX:([+-]Use.*|ObjectAlignmentInBytes=.*)"))
                .forEach(command::add);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), LicenseRelay.class.getName(), WarmUpCommand.NAME));
        return command;
    }

    /** Renames the finished file, so that no reader finds an unfinished archive. */
    private static void keep(Process ended, Path part, Path archive) {
        try {
            if (ended.exitValue() == 0 && Files.exists(part)) {
                AtomicFiles.complete(part, archive);
                LOG.info("made the class archive {}; the next start is faster", archive);
            } else {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            LOG.debug("no class archive", e);
        }
    }

    /** Deletes the unfinished files of processes that were killed. */
    private static void removeAbandoned(Path folder) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*.jsa.*")) {
            for (Path part : parts) {
                String pid = part.toString().replaceFirst(".*\\.", "");
                if (pid.matches("[0-9]{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw new IOException(unreadable);
        }
    }
}
