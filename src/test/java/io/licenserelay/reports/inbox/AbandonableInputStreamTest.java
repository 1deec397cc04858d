package io.licenserelay.reports.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbandonableInputStreamTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void everyByteComesThrough() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        Semaphore slots = new Semaphore(1);
        try (AbandonableInputStream in =
                new AbandonableInputStream("test", () -> new ByteArrayInputStream(bytes), slots, PATIENCE)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        await().atMost(PATIENCE).until(() -> slots.availablePermits() == 1);
    }

    @Test
    void aFileThatCannotBeOpenedSaysSo() throws Exception {
        try (AbandonableInputStream in = new AbandonableInputStream(
                "test", () -> Files.newInputStream(folder.resolve("none")), new Semaphore(1), PATIENCE)) {
            assertThatThrownBy(in::read).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void aFifoThatNobodyWritesToIsAbandonedAndFewThreadsHang() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Semaphore slots = new Semaphore(1);
        try (AbandonableInputStream in =
                new AbandonableInputStream("test", () -> Files.newInputStream(fifo), slots, Duration.ofMillis(50))) {
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("no data was read");
        }
        assertThatThrownBy(() -> new AbandonableInputStream("test", () -> Files.newInputStream(fifo), slots, PATIENCE))
                .isInstanceOf(AbandonableInputStream.TooManyHang.class);
        // Whoever opens the other end sets the thread free.
        Files.newOutputStream(fifo).close();
        await().atMost(PATIENCE).until(() -> slots.availablePermits() == 1);
    }
}
