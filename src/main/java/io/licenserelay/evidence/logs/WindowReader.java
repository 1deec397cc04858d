package io.licenserelay.evidence.logs;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.logs.file.GzipFile;
import io.licenserelay.evidence.logs.file.LogSegment;
import io.licenserelay.evidence.logs.file.LogTimes;
import io.licenserelay.evidence.logs.file.PlainFile;
import io.licenserelay.evidence.logs.file.Rotations;
import io.licenserelay.evidence.logs.file.Window;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a window from one log and its rotated files. If the window has no line, reads the nearest lines before it. For one
 * use.
 */
public final class WindowReader {
    private final Site.LogFile log;
    private final Window window;
    private final LogBounds bounds;
    private final Deadline deadline;
    private final List<LogSegment> segments = new ArrayList<>();
    private final Set<Object> inodes = new HashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();

    public WindowReader(Site.LogFile log, Window window, LogBounds bounds, Deadline deadline) {
        this.log = log;
        this.window = window;
        this.bounds = bounds;
        this.deadline = deadline;
    }

    /** @throws IOException with a readable message when neither the log nor a rotated file can be read */
    public WindowLines read() throws IOException {
        LogTimes times = new LogTimes(log.zone(), null, null);
        IOException missing = null;
        try {
            times = add(log.path(), times);
        } catch (IOException unreadable) {
            missing = unreadable;
        }
        if (missing == null || missing instanceof NoSuchFileException) {
            addRotatedFiles(times);
        }
        if (segments.isEmpty() && missing != null) {
            throw missing;
        }
        if (missing != null) {
            notes.add(log.path().getFileName() + " does not exist, only rotated files do");
        } else {
            addNewerFile();
        }
        if (segments.stream().allMatch(LogSegment::isEmpty)) {
            segments.set(segments.size() - 1, head());
        }
        Collections.reverse(segments);
        return WindowLines.of(log.name(), List.copyOf(segments), notes);
    }

    /** If the log was rotated while it was read, the new file has the newest lines. */
    private void addNewerFile() throws IOException {
        @Nullable
        Object inode = Files.exists(log.path())
                ? Files.readAttributes(log.path(), BasicFileAttributes.class).fileKey()
                : null;
        if (inode != null && inodes.add(inode)) {
            notes.add(log.path().getFileName() + " was rotated while it was read");
            segments.add(
                    0,
                    new PlainFile(log.path(), window, deadline)
                            .read(new LogTimes(log.zone(), null, null), bytesLeft()));
        }
    }

    private LogSegment head() throws IOException {
        Path oldest = segments.get(segments.size() - 1).path();
        return new PlainFile(oldest, window, deadline).head(new LogTimes(log.zone(), null, null));
    }

    private void addRotatedFiles(LogTimes newest) throws IOException {
        LogTimes times = newest;
        for (Path path : Rotations.of(log.path())) {
            if (isEnoughBefore(path)) {
                return;
            }
            if (deadline.passed()) {
                notes.add(path.getFileName() + " and older files were not read: the time limit was reached");
                return;
            }
            try {
                times = add(path, times);
            } catch (IOException unreadable) {
                notes.add(path.getFileName() + " cannot be read: " + why(unreadable));
            }
        }
    }

    /** A compressed file is expensive to read: it is skipped if it ends long before the failure. */
    private boolean isEnoughBefore(Path next) {
        Optional<LogSegment> oldest =
                segments.stream().filter(segment -> !segment.isEmpty()).reduce((first, last) -> last);
        if (oldest.isEmpty()) {
            return false;
        }
        LogSegment segment = oldest.get();
        boolean covered =
                segment.oldest().filter(at -> at.isAfter(window.from())).isEmpty();
        return segment.reachesBack()
                || segment.bounded()
                || bytesLeft() <= 0
                || covered && Rotations.isCompressed(next);
    }

    private int bytesLeft() {
        return bounds.bytes()
                - segments.stream().mapToInt(segment -> segment.bytes().length).sum();
    }

    /** A file that was renamed during the read is not read twice. */
    private LogTimes add(Path path, LogTimes times) throws IOException {
        LogSegment segment = Rotations.isCompressed(path)
                ? new GzipFile(path, window, deadline).read(times, bytesLeft(), bounds.inflated())
                : new PlainFile(path, window, deadline).read(times, bytesLeft());
        @Nullable Object inode = segment.inode();
        if (inode != null && !inodes.add(inode)) {
            return times;
        }
        segments.add(segment);
        return times.before(segment);
    }

    static String why(IOException unreadable) {
        if (unreadable instanceof NoSuchFileException) {
            return "the file does not exist";
        }
        return unreadable instanceof AccessDeniedException
                ? "the relay has no permission to read it"
                : String.valueOf(unreadable.getMessage());
    }
}
