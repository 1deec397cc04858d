package io.licenserelay.reports.inbox;

import static io.licenserelay.reports.inbox.InboxScannerWorld.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.Finding;
import io.licenserelay.fixture.CapturedLog;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.files.InboxFolders;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.reports.files.OpenFolder;
import io.licenserelay.reports.files.ReadyFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxImportTest {
    private static final Duration FIRST_COMPARISON = Duration.ofSeconds(11);
    private static final int REPLACEMENTS = 300;
    private static final int PASSES_UNDER_ATTACK = 100;

    @TempDir
    Path folder;

    private InboxScannerWorld world;

    @BeforeEach
    void open() throws Exception {
        world = new InboxScannerWorld(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void dataAppendedToAFileAfterItWasReadIsReadToo() throws Exception {
        Path file = world.inbox().resolve("acme.local/East/slow.txt");
        Files.createDirectories(file.getParent());
        try (OutputStream writer = Files.newOutputStream(file)) {
            writer.write(bytes(report(1) + report(2)));
            world.passTwice();
            assertThat(world.ledger()).hasSize(2);
            assertThat(world.names("done")).hasSize(1);
            writer.write(bytes(report(3)));
        }
        world.forward(FIRST_COMPARISON);
        world.passTwice();
        assertThat(world.ledger())
                .hasSize(3)
                .allSatisfy(each -> assertThat(each.place().va()).isEqualTo("East"));
        assertThat(world.names("done")).singleElement().satisfies(name -> assertThat(
                        world.folderNextToInbox("done").resolve(name))
                .content()
                .isEqualTo(report(1) + report(2) + report(3)));
        assertThat(world.names("inbox/.work")).isEmpty();
    }

    @Test
    void filesWithTheSameNameInSeveralFoldersAreReadInOnePass() throws Exception {
        for (int i = 1; i <= 5; i++) {
            world.drop("acme.local/VA " + i + "/rum.txt", report(i));
        }
        world.passTwice();
        assertThat(world.ledger())
                .extracting(each -> each.place().va())
                .containsExactlyInAnyOrder("VA 1", "VA 2", "VA 3", "VA 4", "VA 5");
        assertThat(world.names("done")).hasSize(5);
        assertThat(world.names("inbox/.work")).isEmpty();
    }

    @Test
    void aRejectedFileIsReadOnceItsWriterCompletesIt() throws Exception {
        String whole = report(1);
        try (OutputStream writer = Files.newOutputStream(world.inbox().resolve("slow.txt"))) {
            writer.write(bytes(whole.substring(0, 90)));
            world.passTwice();
            assertThat(world.names("rejected")).hasSize(2);
            writer.write(bytes(whole.substring(90)));
        }
        world.forward(FIRST_COMPARISON);
        world.passTwice();
        assertThat(world.ledger()).hasSize(1);
        assertThat(world.names("rejected")).isEmpty();
        assertThat(world.names("done")).hasSize(1);
    }

    @Test
    void aChangeWithTheSameSizeAndTimeIsDetectedByItsDigest() throws Exception {
        world.drop("twin.txt", report(1));
        world.passTwice();
        Path done = world.folderNextToInbox("done").resolve(world.names("done").get(0));
        FileTime modified = Files.getLastModifiedTime(done);
        Files.writeString(done, report(2));
        Files.setLastModifiedTime(done, modified);
        world.forward(FIRST_COMPARISON);
        world.passTwice();
        assertThat(world.ledger()).hasSize(2);
    }

    @Test
    void theDigestOfEachReadFileIsStored() throws Exception {
        world.drop("rum.txt", report(1));
        world.passTwice();
        String digest = Digests.sha256(bytes(report(1)));
        List<String> known = world.database()
                .read(tx -> tx.createQuery("SELECT name || ' ' || digest || ' ' || bytes FROM inbox_file")
                        .mapTo(String.class)
                        .list());
        assertThat(known).containsExactly("rum.txt " + digest + " " + report(1).length());
    }

    @Test
    void everyFileInDoneIsInTheLedgerHoweverFastFilesAreReplaced() throws Exception {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < REPLACEMENTS; i++) {
                replace("same.txt", report(i));
            }
        });
        while (!writer.isDone()) {
            world.pass();
        }
        writer.join();
        world.passTwice();
        List<String> done = new ArrayList<>();
        for (String each : world.names("done")) {
            done.add(Files.readString(world.folderNextToInbox("done").resolve(each)));
        }
        assertThat(done).isNotEmpty().doesNotHaveDuplicates();
        assertThat(world.names("rejected")).isEmpty();
        assertThat(world.ledger()).hasSameSizeAs(done);
    }

    @Test
    void aClaimedFileThatIsStillBeingWrittenWaitsUntilItIsStable() throws Exception {
        world.drop("rum.txt", report(1));
        Path taken = claimOnly().get(0);
        Files.writeString(taken, report(2), StandardOpenOption.APPEND);
        world.pass();
        assertThat(world.ledger()).isEmpty();
        assertThat(taken).exists();
        world.pass();
        assertThat(world.ledger()).hasSize(2);
        assertThat(world.names("done")).hasSize(1);
    }

    @Test
    void filesInTheWorkFolderAreProcessedWithTheirPlaceAfterACrash() throws Exception {
        world.drop("acme.local/East/rum.txt", report(1));
        world.drop("acme.local/East/twin.txt", report(2));
        assertThat(claimOnly()).hasSize(2);
        // One file is unknown to the database. Another one is stored there but was not renamed before the crash.
        Files.writeString(world.inbox().resolve(".work/unknown.txt"), report(3));
        Files.move(
                world.inbox()
                        .resolve(".work")
                        .resolve(world.names("inbox/.work").get(0)),
                world.inbox().resolve("acme.local/East/rum.txt"));
        world.restart();
        world.passTwice();
        assertThat(world.ledger()).hasSize(3);
        assertThat(world.ledger().stream()
                        .filter(each -> "East".equals(each.place().va())))
                .hasSize(2);
        assertThat(world.names("done")).hasSize(3);
        assertThat(world.names("inbox/.work")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"file by link", "file by FIFO", "folder by link", "folder by FIFO"})
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anEntryReplacedBetweenCheckAndReadIsNeitherFollowedNorWaitedFor(String swap) throws Exception {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Path secret = Files.writeString(outside.resolve("rum.txt"), report(99));
        Path va = world.inbox().resolve("acme.local/East");
        world.drop("acme.local/East/rum.txt", report(1));
        world.scanner().ready(world.site());
        List<ReadyFile> ready = world.scanner().ready(world.site());
        assertThat(ready).hasSize(1);
        Path replaced = swap.startsWith("file") ? va.resolve("rum.txt") : va;
        Files.move(replaced, folder.resolve("aside"));
        if (swap.endsWith("FIFO")) {
            fifo(replaced);
        } else {
            Files.createSymbolicLink(replaced, replaced.equals(va) ? outside : secret);
        }
        world.inboxImport().receive(world.site(), ready);
        assertThat(secret).content().isEqualTo(report(99));
        assertThat(world.ledger()).isEmpty();
    }

    /** Simulates a hanging network file system, or a FIFO that is opened at the wrong moment. */
    @Test
    void aHangingInboxDoesNotDelayTheInboxOfAnotherSite() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<ReadyFile> hanging = new AbstractList<>() {
            @Override
            public ReadyFile get(int index) {
                throw new IndexOutOfBoundsException(index);
            }

            @Override
            public int size() {
                entered.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return 0;
            }
        };
        Site other = world.secondSite();
        CompletableFuture<Void> hung = CompletableFuture.runAsync(() -> receive(world.site(), hanging));
        entered.await();
        Files.writeString(other.reports().inbox().resolve("rum.txt"), report(7));
        receive(other, world.scanner().ready(other));
        receive(other, world.scanner().ready(other));
        assertThat(world.ledger()).extracting(ReportEntry::reportId).containsExactly("7");
        assertThat(hung).isNotDone();
        release.countDown();
        hung.get(3, TimeUnit.MINUTES);
    }

    private void receive(Site site, List<ReadyFile> ready) {
        try {
            world.inboxImport().receive(site, ready);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void replacingFilesAndFoldersByLinksAndFifosNeverLeadsOutsideTheInbox() throws Exception {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Path secret = Files.writeString(outside.resolve("rum.txt"), report(99));
        Path va = Files.createDirectories(world.inbox().resolve("acme.local/East"));
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> attacker = CompletableFuture.runAsync(() -> {
            for (int i = 0; !stop.get(); i++) {
                attack(i, va, outside);
            }
        });
        for (int i = 0; i < PASSES_UNDER_ATTACK; i++) {
            world.pass();
        }
        stop.set(true);
        attacker.join();
        assertThat(secret).content().isEqualTo(report(99));
        assertThat(world.ledger()).noneMatch(each -> "99".equals(each.reportId()));
        world.drop("last.txt", report(1_000_000));
        world.passTwice();
        assertThat(world.ledger()).anyMatch(each -> "1000000".equals(each.reportId()));
    }

    @Test
    void filesThatCannotBeMovedAreReadOnceAndReportedAsOneIncident() throws Exception {
        Files.writeString(world.inbox().resolve(".work"), "not a folder");
        world.drop("acme.local/East/good.txt", report(1));
        world.drop("bad.txt", "no report");
        try (CapturedLog log = new CapturedLog(StuckFiles.class)) {
            for (int i = 0; i < 20; i++) {
                world.pass();
            }
            assertThat(log.lines(Level.ERROR)).singleElement().asString().contains("2 file(s) of hq cannot be moved");
        }
        assertThat(world.ledger())
                .singleElement()
                .satisfies(each -> assertThat(each.place().va()).isEqualTo("East"));
        assertThat(world.names("rejected")).isEmpty();
        assertThat(world.causes()).containsExactly("LIC5004", "LIC8005");
        assertThat(world.failureEvents()).isEqualTo(2);
        assertThat(world.health().standing(world.site())).hasSize(2);

        world.drop("acme.local/East/good.txt", report(1) + report(2));
        world.passTwice();
        assertThat(world.ledger()).as("a changed file is read again").hasSize(2);

        Files.delete(world.inbox().resolve(".work"));
        world.inboxImport().retry(world.site());
        world.pass();
        assertThat(world.names("done")).hasSize(1);
        assertThat(world.names("rejected")).hasSize(2);
        Optional<Finding> stuck = world.database().read(tx -> InboxTable.stuck(tx, world.site()));
        assertThat(stuck).isEmpty();
    }

    @Test
    void filesWaitInTheWorkFolderWhileTheirTargetFoldersAreUnusable() throws Exception {
        Files.writeString(world.folderNextToInbox("done"), "no folder");
        Files.writeString(world.folderNextToInbox("rejected"), "no folder");
        world.drop("good.txt", report(1));
        world.drop("bad.txt", "no report");
        try (CapturedLog log = new CapturedLog(StuckFiles.class)) {
            for (int i = 0; i < 20; i++) {
                world.pass();
            }
            assertThat(log.lines(Level.ERROR)).hasSize(1);
        }
        assertThat(world.ledger()).hasSize(1);
        assertThat(world.names("inbox/.work")).hasSize(2);
        assertThat(world.causes()).containsExactly("LIC5004", "LIC8005");
        assertThat(world.failureEvents()).isEqualTo(2);

        Files.delete(world.folderNextToInbox("done"));
        Files.delete(world.folderNextToInbox("rejected"));
        world.restart();
        world.passTwice();
        assertThat(world.names("done")).hasSize(1);
        assertThat(world.names("rejected")).hasSize(2).anyMatch(each -> each.endsWith(".reason.txt"));
        assertThat(world.failureEvents()).as("already reported").isEqualTo(2);
    }

    @Test
    void anUnreadableInboxIsReportedOnce() throws Exception {
        InboxImport inboxImport = world.inboxImport();
        FileSystemException refused = new FileSystemException("inbox", null, "Permission denied");
        try (CapturedLog log = new CapturedLog(StuckFiles.class)) {
            for (int i = 0; i < 20; i++) {
                inboxImport.unusable(world.site(), "inbox", refused);
            }
            assertThat(log.lines(Level.ERROR)).hasSize(1);
        }
        assertThat(world.causes()).containsExactly("LIC8005");
        assertThat(world.failureEvents()).isEqualTo(1);
    }

    @Test
    void filesAndFoldersThatAreNestedTooDeepAreRejected() throws Exception {
        world.drop("a/b/c/four.txt", report(1));
        world.drop("a/b/c/d/five.txt", report(2));
        world.drop("a/b/c/d/e/f/g/eight.txt", report(3));
        world.drop("1/2/3/4/5/6/7/8/9/10/11/12/13/14/fifteen.txt", report(4));
        world.passTwice();
        assertThat(world.ledger()).isEmpty();
        assertThat(world.names("rejected"))
                .hasSize(8)
                .anyMatch(each -> each.endsWith("-five.txt"))
                .anyMatch(each -> each.endsWith("-eight.txt"))
                .anyMatch(each -> each.endsWith("-12"));
        assertThat(world.causes()).containsExactly("LIC5004");
    }

    @Test
    void linksFifosAndHostileNamesDoNoHarm() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), report(99));
        Files.createSymbolicLink(world.inbox().resolve("link.txt"), secret);
        fifo(world.inbox().resolve("fifo.txt"));
        List<String> names = List.of(
                "new\nline.txt",
                "-rf",
                "${jndi:ldap://x}.txt",
                "{{secret}}",
                "%2e%2e%2f.txt",
                "back\\slash",
                "x.reason.txt",
                "ü".repeat(100) + "x",
                "a".repeat(255));
        for (int i = 0; i < names.size(); i++) {
            world.drop(names.get(i), report(i));
        }
        world.passTwice();
        assertThat(world.ledger()).hasSize(names.size());
        assertThat(world.names("done")).hasSize(names.size()).allMatch(each -> each.matches("[ -~]+"));
        assertThat(world.names("rejected")).hasSize(4);
        assertThat(secret).exists();
        assertThat(Files.isSymbolicLink(world.folderNextToInbox("rejected")
                        .resolve(world.names("rejected").stream()
                                .filter(each -> each.endsWith("link.txt"))
                                .findFirst()
                                .orElseThrow())))
                .isTrue();
    }

    @Test
    void aRejectedFileNamedLikeAReasonFileCountsAsRejected() throws Exception {
        world.drop("x.reason.txt", "no report");
        world.passTwice();
        assertThat(InboxFolders.nothingRejected(world.site())).isFalse();
    }

    @Test
    void theWorkFolderIsOwnerOnlyAndIsNeverALink() throws Exception {
        Path work = Files.createDirectories(world.inbox().resolve(".work"));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        world.drop("rum.txt", report(1));
        world.passTwice();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(work)))
                .isEqualTo("rwx------");
        assertThat(world.names("done")).hasSize(1);

        Files.delete(work);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.createSymbolicLink(work, elsewhere);
        world.drop("two.txt", report(2));
        world.passTwice();
        assertThat(world.ledger()).hasSize(2);
        assertThat(world.inbox().resolve("two.txt")).exists();
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aThousandFilesAreReadInOnePass() throws Exception {
        dropFiles(1_000);
        world.passTwice();
        assertAllRead(1_000);
    }

    @Test
    void moreFilesThanTheLimitOfOneScanAreReadInTwoPasses() throws Exception {
        world.restart(100);
        dropFiles(200);
        world.passTwice();
        assertThat(world.ledger()).hasSize(100);
        world.pass();
        assertAllRead(200);
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void twentyThousandFilesAreReadInTwoPasses() throws Exception {
        dropFiles(20_000);
        world.passTwice();
        world.pass();
        assertAllRead(20_000);
    }

    private void dropFiles(int files) {
        for (int i = 0; i < files; i++) {
            world.drop(i + ".txt", report(i));
        }
    }

    private void assertAllRead(int files) throws IOException {
        assertThat(world.ledger()).hasSize(files);
        assertThat(world.names("done")).hasSize(files);
        assertThat(world.names("inbox/.work")).isEmpty();
    }

    /** Claims the files but does not read them, as in a crash after the claim. */
    private List<Path> claimOnly() throws IOException {
        world.scanner().ready(world.site());
        InboxTable rows = new InboxTable(world.clock());
        try (OpenFolder inbox = OpenFolder.open(world.inbox());
                OpenFolder work = WorkFolder.open(inbox)) {
            new InboxClaims(world.database(), rows, world.clock())
                    .claim(world.site(), inbox, work, world.scanner().ready(world.site()));
        }
        return world.names("inbox/.work").stream()
                .map(world.inbox().resolve(".work")::resolve)
                .toList();
    }

    private void replace(String name, String content) {
        try {
            Path part = Files.writeString(world.inbox().resolve(name + ".part"), content);
            Files.move(part, world.inbox().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces in turn: a file by a FIFO, a file by a link, the folder by a link, the folder by a FIFO. */
    private void attack(int turn, Path va, Path outside) {
        Path file = va.resolve("rum.txt");
        Path aside = va.resolveSibling(".aside" + turn);
        try {
            // The relay may have claimed the replacement of the folder.
            Files.createDirectories(va);
            Files.writeString(file, report(turn % 50), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            switch (turn % 4) {
                case 0 -> {
                    Files.deleteIfExists(file);
                    fifo(file);
                }
                case 1 -> {
                    Files.deleteIfExists(file);
                    Files.createSymbolicLink(file, outside.resolve("rum.txt"));
                }
                case 2 -> swap(va, aside, () -> Files.createSymbolicLink(va, outside));
                default -> swap(va, aside, () -> fifo(va));
            }
            Files.deleteIfExists(file);
        } catch (IOException taken) {
            // The relay claimed the file first. The next turn starts again.
            assertThat(outside).exists();
        }
    }

    private interface Swap {
        void run() throws IOException;
    }

    private static void swap(Path va, Path aside, Swap swap) throws IOException {
        Files.move(va, aside);
        try {
            swap.run();
        } finally {
            Files.deleteIfExists(va);
            Files.move(aside, va);
        }
    }

    private static void fifo(Path path) throws IOException {
        try {
            if (new ProcessBuilder("mkfifo", path.toString()).start().waitFor() != 0) {
                throw new IOException(path + " cannot be created, or exists");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
