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
 * Knows what was being read when an earlier process died, so that what kills the relay does not kill it again at every start. What
 * is read is written into a file of marks before, and taken out after; a mark that an earlier process left is a death. After an end by
 * lack of memory, or after {@link #MOST_DEATHS} deaths in a row without having been read, it is poison. What once met a death is read
 * while nothing else is, so that the next death says more. Thread-safe.
 *
 * <p>A mark costs one write of 1 KiB into the page cache, which outlives the process; it is not forced to the disk, which would cost
 * some milliseconds per file, since only what survives a death of the process is wanted. The count of deaths is forced.
 */
public final class PoisonGuard implements AutoCloseable {
    /** Made by the launcher when the JVM runs out of memory, just before the JVM ends. */
    static final String OUT_OF_MEMORY = "out-of-memory";

    /** Deaths without progress after which something is poison. */
    static final int MOST_DEATHS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(PoisonGuard.class);
    private static final int SLOTS = 64;
    private static final int SLOT = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_SUSPECTS = 1_000;
    private static final String MEMORY = "memory";

    private final FoldedLog unmarked = new FoldedLog(LOG::error, Duration.ofMinutes(1));
    private final Path deathsFile;
    private final FileChannel marks;
    private final BitSet taken = new BitSet(SLOTS);
    private final ReadWriteLock alone = new ReentrantReadWriteLock(true);

    /** By what was read: a number of deaths, or {@link #MEMORY}. */
    private final Map<String, String> suspects = new LinkedHashMap<>();

    private PoisonGuard(Path folder) throws IOException {
        this.deathsFile = folder.resolve("deaths");
        Path outOfMemory = folder.resolve(OUT_OF_MEMORY);
        this.marks = OwnerOnly.open(
                folder.resolve("marks"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        readDeaths();
        List<String> left = marked();
        if (!left.isEmpty()) {
            boolean byMemory = Files.exists(outOfMemory);
            left.forEach(each -> died(each, byMemory && left.size() == 1));
            boolean counted = writeDeaths();
            LOG.warn(
                    "the relay ended {} while it read {}",
                    byMemory ? "for lack of memory" : "without being stopped",
                    String.join(", ", left));
            if (!counted) {
                return;
            }
            marks.truncate(0);
        }
        Files.deleteIfExists(outOfMemory);
    }

    /**
     * Opens the marks in a data folder that the caller holds, and counts what earlier processes left.
     *
     * @throws UncheckedIOException when they cannot be read or written
     */
    public static PoisonGuard open(Path data) {
        try {
            Path folder = data.resolve("reading");
            OwnerOnly.createDirectories(folder);
            return new PoisonGuard(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the marks of what is read in " + data + " cannot be kept", e);
        }
    }

    /** Something that is being read. */
    public interface Reading extends AutoCloseable {
        /** It was read, well or not, and nobody died. */
        @Override
        void close();
    }

    /** Why this is not to be read again, for people; null when it may be. */
    public synchronized @Nullable String suspicion(String what) {
        String deaths = suspects.get(key(what));
        if (MEMORY.equals(deaths)) {
            return "the relay ran out of memory while it read this";
        }
        return deaths != null && Integer.parseInt(deaths) >= MOST_DEATHS
                ? "the relay died " + deaths + " times while it read this"
                : null;
    }

    /** Marks that this is about to be read; what met a death before waits until nothing else is read. */
    public Reading begin(String what) {
        String key = key(what);
        boolean suspect = isSuspect(key);
        Lock lock = suspect ? alone.writeLock() : alone.readLock();
        boolean locked = lock(lock);
        int slot = mark(key);
        return () -> {
            unmark(slot);
            if (locked) {
                lock.unlock();
            }
            if (suspect) {
                forget(what);
            }
        };
    }

    /** Memory ran out while this was read, and the process goes on. */
    public synchronized void ranOutOfMemory(String what) {
        suspects.put(key(what), MEMORY);
        writeDeaths();
    }

    /** It was put aside, or has been read. */
    public synchronized void forget(String what) {
        if (suspects.remove(key(what)) != null) {
            writeDeaths();
        }
    }

    /** The process ends as it should: what it has not finished reading is not to blame. */
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

    /** What others read takes as long as it takes: nobody waits for it without end. */
    private static boolean lock(Lock lock) {
        try {
            return lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized boolean isSuspect(String key) {
        return suspects.containsKey(key);
    }

    private void died(String key, boolean byMemoryAlone) {
        String before = suspects.remove(key);
        if (byMemoryAlone || MEMORY.equals(before)) {
            suspects.put(key, MEMORY);
        } else {
            suspects.put(key, String.valueOf(before == null ? 1 : Integer.parseInt(before) + 1));
        }
        if (suspects.size() > MOST_SUSPECTS) {
            suspects.remove(suspects.keySet().iterator().next());
        }
    }

    /** On a relay that reads more than {@link #SLOTS} things at once the rest is read without a mark. */
    private synchronized int mark(String key) {
        int slot = taken.nextClearBit(0);
        if (slot >= SLOTS || !marks.isOpen()) {
            return -1;
        }
        taken.set(slot);
        write(slot, key);
        return slot;
    }

    private synchronized void unmark(int slot) {
        if (slot >= 0 && marks.isOpen()) {
            write(slot, "");
            taken.clear(slot);
        }
    }

    private void write(int slot, String key) {
        ByteBuffer bytes = ByteBuffer.allocate(SLOT);
        bytes.put(key.getBytes(StandardCharsets.UTF_8)).rewind();
        try {
            while (bytes.hasRemaining()) {
                marks.write(bytes, (long) slot * SLOT + bytes.position());
            }
        } catch (IOException e) {
            // Reports are read on a full disk as well.
            unmarked.add("what is being read cannot be marked: " + e);
        }
    }

    private List<String> marked() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SLOTS * SLOT);
        while (bytes.hasRemaining() && marks.read(bytes, bytes.position()) >= 0) {
            // Until the end.
        }
        List<String> left = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            String key = new String(bytes.array(), slot * SLOT, SLOT, StandardCharsets.UTF_8).replace("\0", "");
            if (!key.isEmpty()) {
                left.add(key);
            }
        }
        return left;
    }

    /** One line that fits a slot. */
    private static String key(String what) {
        String line = what.replaceAll("\\p{Cntrl}", "?");
        return line.getBytes(StandardCharsets.UTF_8).length <= SLOT && line.equals(what)
                ? line
                : line.substring(0, Math.min(200, line.length())) + " "
                        + Digests.sha256(what.getBytes(StandardCharsets.UTF_8));
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

    /** Whether they are on the disk. */
    private boolean writeDeaths() {
        StringBuilder lines = new StringBuilder();
        suspects.forEach(
                (key, deaths) -> lines.append(deaths).append(' ').append(key).append('\n'));
        try {
            AtomicFiles.write(deathsFile, lines.toString().getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            unmarked.add("the deaths of the relay cannot be counted: " + e);
            return false;
        }
    }
}
