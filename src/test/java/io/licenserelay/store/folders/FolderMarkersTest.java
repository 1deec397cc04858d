package io.licenserelay.store.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.fixture.TestStore;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderMarkersTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private Database database;
    private Path mounted;

    @BeforeEach
    void open() throws Exception {
        database = TestStore.current().open(folder.resolve("data"));
        mounted = folder.resolve("exchange/inbox");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aFolderIsMarkedByItsFirstOwnerAndUsedByEveryNodeThatFindsTheMarker() throws Exception {
        node("node-1").require("hq", "inbox", mounted);
        String marker = Files.readString(mounted.resolve(FolderMarker.FILE)).strip();
        assertThat(marker).hasSize(36);
        try (Stream<Path> files = Files.list(mounted)) {
            assertThat(files).containsExactly(mounted.resolve(FolderMarker.FILE));
        }

        node("node-2").require("hq", "inbox", mounted);
        assertThat(Files.readString(mounted.resolve(FolderMarker.FILE)).strip()).isEqualTo(marker);
    }

    @Test
    void aFolderWithoutTheMarkerIsRefusedWithPlaceAndRemedyAndStaysUntouched() throws Exception {
        node("node-1").require("hq", "inbox", mounted);
        String marker = Files.readString(mounted.resolve(FolderMarker.FILE)).strip();
        Path local = folder.resolve("local/inbox");

        FolderMarkers second = node("node-2");
        assertThatThrownBy(() -> second.require("hq", "inbox", local))
                .isInstanceOf(FolderNotShared.class)
                .hasMessage(
                        local + ": on node node-2 this folder has no file .license-relay-shared: it is not the folder"
                                + " that node node-1 marked at 2026-11-30T10:00:00Z as " + mounted
                                + ". Mount the same folder on all nodes. If this folder is the right one: echo "
                                + marker + " > "
                                + local.resolve(".license-relay-shared"));
        assertThat(local).doesNotExist();

        Files.createDirectories(local);
        Files.writeString(local.resolve(FolderMarker.FILE), "another\n");
        assertThatThrownBy(() -> second.require("hq", "inbox", local))
                .isInstanceOf(FolderNotShared.class)
                .hasMessageContaining("another value in .license-relay-shared");

        Files.writeString(local.resolve(FolderMarker.FILE), marker + "\n");
        second.require("hq", "inbox", local);
    }

    @Test
    void aFolderThatIsNoLongerMountedIsRefusedByTheNodeThatUsedIt() throws Exception {
        FolderMarkers node = node("node-1");
        node.require("hq", "inbox", mounted);
        Path away = Files.move(mounted, folder.resolve("away"));
        Files.createDirectories(mounted);
        assertThatThrownBy(() -> node.require("hq", "inbox", mounted)).isInstanceOf(FolderNotShared.class);
        assertThat(mounted).isEmptyDirectory();

        Files.delete(mounted);
        Files.move(away, mounted);
        node.require("hq", "inbox", mounted);
    }

    @Test
    void aRepairedFolderIsFoundByANodeThatDoesNotUseItAndWritesNothing() throws Exception {
        node("node-1").require("hq", "inbox", mounted);
        Path local = folder.resolve("local/inbox");
        FolderMarkers second = node("node-2");
        assertThatThrownBy(() -> second.require("hq", "inbox", local)).isInstanceOf(FolderNotShared.class);
        assertThatThrownBy(() -> second.recheck("hq", "inbox", local)).isInstanceOf(FolderNotShared.class);
        assertThat(second.isRefused("hq")).isTrue();
        assertThat(local).doesNotExist();

        Files.createDirectories(local.getParent());
        Files.createSymbolicLink(local, mounted);
        second.recheck("hq", "inbox", local);
        assertThat(second.isRefused("hq")).isFalse();
    }

    @Test
    void aFolderOfAnotherClusterIsRefusedUntilItsMarkerIsDeleted() throws Exception {
        Files.createDirectories(mounted);
        Files.writeString(mounted.resolve(FolderMarker.FILE), "7f1de8a0-0000-0000-0000-000000000000\n");
        FolderMarkers node = node("node-1");
        assertThatThrownBy(() -> node.require("hq", "inbox", mounted))
                .isInstanceOf(FolderNotShared.class)
                .hasMessageContaining("unknown to the database of this cluster");
        Files.delete(mounted.resolve(FolderMarker.FILE));
        node.require("hq", "inbox", mounted);
    }

    @Test
    void sitesMayShareAFolder() throws Exception {
        node("node-1").require("hq", "outbox", mounted);
        node("node-2").require("branch", "outbox", mounted);
        node("node-1").require("hq", "outbox", mounted);
        assertThat(problem("node-3", "branch", mounted)).isEmpty();
    }

    @Test
    void anOwnerThatLostTheSiteWhileItMarkedTheFolderProvesNothingForAFolderOfItsOwn() throws Exception {
        // The first owner stopped between the database and the file.
        database.write(
                "hq",
                tx -> tx.execute("INSERT INTO shared_folder (site, folder, marker, node, path, marked_at, confirmed)"
                        + " VALUES ('hq', 'inbox', 'of-node-1', 'node-1', '/exchange', 0, 0)"));
        node("node-2").require("hq", "inbox", mounted);
        assertThat(Files.readString(mounted.resolve(FolderMarker.FILE)).strip()).isNotEqualTo("of-node-1");

        Path local = Files.createDirectories(folder.resolve("local"));
        Files.writeString(local.resolve(FolderMarker.FILE), "of-node-1\n");
        FolderMarkers first = node("node-1");
        assertThatThrownBy(() -> first.require("hq", "inbox", local)).isInstanceOf(FolderNotShared.class);
    }

    @Test
    void theNextOwnerConfirmsTheMarkerThatTheFormerOwnerWrote() throws Exception {
        database.write(
                "hq",
                tx -> tx.execute("INSERT INTO shared_folder (site, folder, marker, node, path, marked_at, confirmed)"
                        + " VALUES ('hq', 'inbox', 'of-node-1', 'node-1', '/exchange', 0, 0)"));
        Files.createDirectories(mounted);
        Files.writeString(mounted.resolve(FolderMarker.FILE), "of-node-1\n");
        node("node-2").require("hq", "inbox", mounted);
        node("node-1").require("hq", "inbox", mounted);
        assertThat(mounted.resolve(FolderMarker.FILE)).content().isEqualTo("of-node-1\n");
    }

    @Test
    void theFirstUseByTheRunAndTheCheckOfASiteAtTheSameMomentWritesOneMarker() throws Exception {
        FolderMarkers node = node("node-1");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> uses = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                uses.add(threads.submit(() -> {
                    node.require("hq", "inbox", mounted);
                    return 1;
                }));
            }
            for (Future<?> each : uses) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(database.<Integer>read(tx -> tx.createQuery("SELECT COUNT(*) FROM shared_folder")
                        .mapTo(Integer.class)
                        .one()))
                .isEqualTo(1);
    }

    @Test
    void aFolderThatTakesNoMarkerIsAnErrorThatNamesTheFileToWrite() {
        FolderMarkers node = node("node-1");
        Path readOnly = Path.of("/proc");
        assertThatThrownBy(() -> node.require("hq", "inbox", readOnly))
                .isInstanceOf(FileSystemException.class)
                .isNotInstanceOf(FolderNotShared.class)
                .hasMessageContaining("write it where the folder is exported: echo ")
                .hasMessageEndingWith(" > /proc/.license-relay-shared");
    }

    @Test
    void aMachineWithoutARelayFindsAFolderThatIsNotShared() throws Exception {
        Path local = folder.resolve("local");
        assertThat(problem("node-3", "hq", local)).as("not used yet").isEmpty();
        node("node-1").require("hq", "outbox", mounted);
        assertThat(problem("node-3", "hq", mounted)).isEmpty();
        assertThat(problem("node-3", "hq", local)).contains("on node node-3 this folder has no file");
        assertThat(local).doesNotExist();
    }

    private String problem(String node, String site, Path path) throws IOException {
        try {
            FolderMarkers.verify(database, node, site, "outbox", path);
            return "";
        } catch (FolderNotShared problem) {
            return String.valueOf(problem.getMessage());
        }
    }

    private FolderMarkers node(String name) {
        return new FolderMarkers(database, name, CLOCK);
    }
}
