package io.licenserelay.reports.quarantine;

import io.licenserelay.event.Digests;
import io.licenserelay.event.FoldedLog;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects input that ends the relay process, so that the same input does not end it at every start. Before an input is
 * read, its name is written to a file of marks; after that the mark is removed. A mark that an earlier process left
 * counts as a death. An input is poison after one end by lack of memory, or after {@link #MAX_DEATHS} deaths in a row
 * without a complete read. An input that was marked at a death is read while nothing else is read, so that the next
 * death identifies it. Thread-safe.
 *
 * <p>A mark costs one write of 1 KiB into the page cache, which outlives the process. It is not forced to the disk,
 * which would cost some milliseconds per file: a mark has to survive only the end of the process, not of the machine.
 * The count of deaths is forced to the disk.
 */
public final class PoisonGuard implements AutoCloseable {
    /** The file that the launcher creates when the JVM runs out of memory, directly before the JVM ends. */
    static final String OUT_OF_MEMORY = "out-of-memory";

    /** The number of deaths after which an input is poison. */
    static final int MAX_DEATHS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(PoisonGuard.class);
    private static final int SLOTS = 64;
    private static final int SLOT_SIZE = 1024;
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    private static final int MAX_SUSPECTS = 1_000;
    private static final String MEMORY = "memory";

    private final FoldedLog markFailures = new FoldedLog(LOG::error, Duration.ofMinutes(1));
    private final Path deathsFile;
    private final FileChannel marks;
    private final BitSet usedSlots = new BitSet(SLOTS);
    private final ReadWriteLock exclusive = new ReentrantReadWriteLock(true);

    /** The number of deaths, or {@link #MEMORY}, of each input. */
    private final Map<String, String> suspects = new LinkedHashMap<>();

    private PoisonGuard(Path folder) throws IOException {
        this.deathsFile = folder.resolve("deaths");
        Path outOfMemory = folder.resolve(OUT_OF_MEMORY);
        this.marks = OwnerOnly.open(
                folder.resolve("marks"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        readDeaths();
        List<String> unfinished = marked();
        if (!unfinished.isEmpty()) {
            boolean byMemory = Files.exists(outOfMemory);
            unfinished.forEach(each -> countDeath(each, byMemory && unfinished.size() == 1));
            boolean written = writeDeaths();
            LOG.warn(
                    "the relay process ended {} while it read {}",
                    byMemory ? "for lack of memory" : "without a regular stop",
                    String.join(", ", unfinished));
            if (!written) {
                return;
            }
            marks.truncate(0);
        }
        Files.deleteIfExists(outOfMemory);
    }

    /**
     * Opens the marks in a data folder that the caller has locked, and counts the marks of earlier processes.
     *
     * @throws UncheckedIOException when the marks cannot be read or written
     */
    public static PoisonGuard open(Path data) {
        try {
            Path folder = data.resolve("reading");
            OwnerOnly.createDirectories(folder);
            return new PoisonGuard(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the marks of inputs being read in " + data, e);
        }
    }

    /** An input that is being read. */
    public interface Reading extends AutoCloseable {
        /** Reading has ended, with or without an error, and the process is alive. */
        @Override
        void close();
    }

    /** Why the input must not be read again, as text for people; null if it may be read. */
    public synchronized @Nullable String suspicion(String input) {
        String deaths = suspects.get(key(input));
        if (MEMORY.equals(deaths)) {
            return "the relay ran out of memory while it read this input";
        }
        return deaths != null && Integer.parseInt(deaths) >= MAX_DEATHS
                ? "the relay process ended " + deaths + " times while it read this input"
                : null;
    }

    /**
     * Marks an input that is about to be read. An input that was marked at a death waits until nothing else is read.
     */
    public Reading begin(String input) {
        String key = key(input);
        boolean suspect = isSuspect(key);
        Lock lock = suspect ? exclusive.writeLock() : exclusive.readLock();
        boolean locked = lock(lock);
        int slot = mark(key);
        return () -> {
            unmark(slot);
            if (locked) {
                lock.unlock();
            }
            if (suspect) {
                forget(input);
            }
        };
    }

    /** Records that memory ran out while the input was read and that the process continues. */
    public synchronized void ranOutOfMemory(String input) {
        suspects.put(key(input), MEMORY);
        writeDeaths();
    }

    /** Removes the suspicion: the input was quarantined, or read successfully. */
    public synchronized void forget(String input) {
        if (suspects.remove(key(input)) != null) {
            writeDeaths();
        }
    }

    /** The process ends regularly, so unfinished inputs are not suspect. */
    @Override
    public synchronized void close() {
        try {
            if (marks.isOpen()) {
                marks.truncate(0);
                marks.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for other readers for a limited time. */
    private static boolean lock(Lock lock) {
        try {
            return lock.tryLock(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized boolean isSuspect(String key) {
        return suspects.containsKey(key);
    }

    private void countDeath(String key, boolean onlyByMemory) {
        String before = suspects.remove(key);
        if (onlyByMemory || MEMORY.equals(before)) {
            suspects.put(key, MEMORY);
        } else {
            suspects.put(key, String.valueOf(before == null ? 1 : Integer.parseInt(before) + 1));
        }
        if (suspects.size() > MAX_SUSPECTS) {
            suspects.remove(suspects.keySet().iterator().next());
        }
    }

    /** Writes a mark. If more than {@link #SLOTS} inputs are read at once, the others are read without a mark. */
    private synchronized int mark(String key) {
        int slot = usedSlots.nextClearBit(0);
        if (slot >= SLOTS || !marks.isOpen()) {
            return -1;
        }
        usedSlots.set(slot);
        write(slot, key);
        return slot;
    }

    private synchronized void unmark(int slot) {
        if (slot >= 0 && marks.isOpen()) {
            write(slot, "");
            usedSlots.clear(slot);
        }
    }

    private void write(int slot, String key) {
        ByteBuffer bytes = ByteBuffer.allocate(SLOT_SIZE);
        bytes.put(key.getBytes(StandardCharsets.UTF_8)).rewind();
        try {
            while (bytes.hasRemaining()) {
                marks.write(bytes, (long) slot * SLOT_SIZE + bytes.position());
            }
        } catch (IOException e) {
            // Reading continues without a mark, for example on a full disk.
            markFailures.add("cannot mark the input that is being read: " + e);
        }
    }

    private List<String> marked() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SLOTS * SLOT_SIZE);
        while (bytes.hasRemaining() && marks.read(bytes, bytes.position()) >= 0) {
            // Until the end.
        }
        List<String> unfinished = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            String key =
                    new String(bytes.array(), slot * SLOT_SIZE, SLOT_SIZE, StandardCharsets.UTF_8).replace("\0", "");
            if (!key.isEmpty()) {
                unfinished.add(key);
            }
        }
        return unfinished;
    }

    /** The name as one line that fits into a slot. */
    private static String key(String input) {
        String line = input.replaceAll("\\p{Cntrl}", "?");
        return line.getBytes(StandardCharsets.UTF_8).length <= SLOT_SIZE && line.equals(input)
                ? line
                : line.substring(0, Math.min(200, line.length())) + " "
                        + Digests.sha256(input.getBytes(StandardCharsets.UTF_8));
    }

    private void readDeaths() throws IOException {
        if (!Files.exists(deathsFile)) {
            return;
        }
        for (String line : Files.readAllLines(deathsFile)) {
            int space = line.indexOf(' ');
            String deaths = line.substring(0, Math.max(0, space));
            if (deaths.equals(MEMORY) || deaths.matches("\\d{1,9}")) {
                suspects.put(line.substring(space + 1), deaths);
            }
        }
    }

    /** Returns whether the counts are on the disk. */
    private boolean writeDeaths() {
        StringBuilder lines = new StringBuilder();
        suspects.forEach(
                (key, deaths) -> lines.append(deaths).append(' ').append(key).append('\n'));
        try {
            AtomicFiles.write(deathsFile, lines.toString().getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            markFailures.add("cannot record the deaths of the relay process: " + e);
            return false;
        }
    }
}
