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
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void everyByteIsRead() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        Semaphore slots = new Semaphore(1);
        try (AbandonableInputStream in =
                new AbandonableInputStream("test", () -> new ByteArrayInputStream(bytes), slots, TIMEOUT)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        await().atMost(TIMEOUT).until(() -> slots.availablePermits() == 1);
    }

    @Test
    void theExceptionOfAFileThatCannotBeOpenedIsThrown() throws Exception {
        try (AbandonableInputStream in = new AbandonableInputStream(
                "test", () -> Files.newInputStream(folder.resolve("none")), new Semaphore(1), TIMEOUT)) {
            assertThatThrownBy(in::read).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void aFifoWithoutAWriterIsAbandonedAndTheNumberOfHangingThreadsIsLimited() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Semaphore slots = new Semaphore(1);
        try (AbandonableInputStream in =
                new AbandonableInputStream("test", () -> Files.newInputStream(fifo), slots, Duration.ofMillis(50))) {
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("no data was read");
        }
        assertThatThrownBy(() -> new AbandonableInputStream("test", () -> Files.newInputStream(fifo), slots, TIMEOUT))
                .isInstanceOf(AbandonableInputStream.TooManyHang.class);
        // Opening the other end releases the thread.
        Files.newOutputStream(fifo).close();
        await().atMost(TIMEOUT).until(() -> slots.availablePermits() == 1);
    }
}
