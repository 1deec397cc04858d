package io.licenserelay.reports.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFolderTest {
    @TempDir
    Path folder;

    @Test
    void linksAndFifosAreNotOpenedAsFolders() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.createSymbolicLink(inbox.resolve("link"), Files.createDirectories(folder.resolve("outside")));
        assertThat(new ProcessBuilder("mkfifo", inbox.resolve("fifo").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (OpenFolder open = OpenFolder.open(inbox)) {
            for (String each : new String[] {"link", "fifo"}) {
                assertThatThrownBy(() -> open.folder(Path.of(each))).isInstanceOf(NotDirectoryException.class);
            }
        }
        assertThatThrownBy(() -> OpenFolder.open(inbox.resolve("fifo"))).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void replacingTheFolderByALinkHasNoEffect() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.writeString(inbox.resolve("file"), "mine");
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "theirs");
        try (OpenFolder open = OpenFolder.open(inbox)) {
            Files.move(inbox, folder.resolve("moved"));
            Files.createSymbolicLink(inbox, outside);
            assertThat(open.read(Path.of("file")).readAllBytes()).asString().isEqualTo("mine");
            open.move(Path.of("file"), open, Path.of("taken"));
        }
        assertThat(outside.resolve("file")).exists();
        assertThat(folder.resolve("moved/taken")).exists();
    }

    @Test
    void aLinkIsNotFollowedAndIsMovedItself() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.createSymbolicLink(inbox.resolve("link"), secret);
        try (OpenFolder open = OpenFolder.open(inbox)) {
            assertThatThrownBy(() -> open.read(Path.of("link"))).isInstanceOf(IOException.class);
            open.move(Path.of("link"), open, Path.of("moved"));
            assertThat(open.stamp(Path.of("moved")).kind()).isEqualTo(FileStamp.Kind.LINK);
        }
        assertThat(secret).exists();
    }
}
