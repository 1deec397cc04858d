package io.licenserelay.sync.schedule;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Compares the wall clock with the time that really passed. A process that was stopped, or a machine that slept, leaves a gap in both and is
 * no step. Used by one thread.
 */
final class ClockStepDetector {
    /** Less is no step: clocks that are kept by NTP are slewed, or stepped by less than a second. */
    static final Duration LEAST = Duration.ofSeconds(10);

    /** Two readings that lie further apart than this say nothing of each other: something else ran between them. */
    private static final Duration TOGETHER = Duration.ofMillis(100);

    private static final int TRIES = 5;

    private final Clock wall;
    private final LongSupplier nanos;
    private final Supplier<Optional<Duration>> uptime;
    private Reading last;

    /**
     * @param nanos the monotonic clock, which may stand still while the machine sleeps
     * @param uptime how long the machine runs, sleep included; empty where nobody knows
     */
    ClockStepDetector(Clock wall, LongSupplier nanos, Supplier<Optional<Duration>> uptime) {
        this.wall = wall;
        this.nanos = nanos;
        this.uptime = uptime;
        this.last = new Reading(wall.instant(), nanos.getAsLong(), uptime.get());
    }

    /** The monotonic clock of this process, and the machine's time since its start as Linux tells it. */
    static ClockStepDetector of(Clock wall) {
        return new ClockStepDetector(wall, System::nanoTime, ClockStepDetector::linuxUptime);
    }

    private record Reading(Instant wall, long nanos, Optional<Duration> uptime) {}

    /** What the wall clock was set by since the last look, if it was set. */
    Optional<ClockStep> detect() {
        Optional<Reading> read = read();
        if (read.isEmpty()) {
            return Optional.empty();
        }
        Reading now = read.get();
        Reading before = last;
        last = now;
        Duration passed = Duration.ofNanos(now.nanos - before.nanos);
        Duration by = Duration.between(before.wall, now.wall).minus(passed);
        if (!by.isNegative()) {
            // Ahead of the monotonic clock is also who slept: without the uptime nobody can tell.
            Optional<Duration> awakeAndAsleep = before.uptime.flatMap(then -> now.uptime.map(up -> up.minus(then)));
            if (awakeAndAsleep.isEmpty()) {
                return Optional.empty();
            }
            passed = passed.compareTo(awakeAndAsleep.get()) > 0 ? passed : awakeAndAsleep.get();
            by = Duration.between(before.wall, now.wall).minus(passed);
        }
        return by.abs().compareTo(LEAST) < 0
                ? Optional.empty()
                : Optional.of(new ClockStep(before.wall.plus(passed), now.wall));
    }

    /** What the wall clock told at the last look: what is decided by it, is decided by a clock that is known to be set or not. */
    Instant now() {
        return last.wall;
    }

    private Optional<Reading> read() {
        for (int i = 0; i < TRIES; i++) {
            long before = nanos.getAsLong();
            Optional<Duration> up = uptime.get();
            Instant now = wall.instant();
            long after = nanos.getAsLong();
            if (after - before < TOGETHER.toNanos()) {
                return Optional.of(new Reading(now, after, up));
            }
        }
        return Optional.empty();
    }

    /** The first number of {@code /proc/uptime}, in seconds, which counts sleep (CLOCK_BOOTTIME). */
    private static Optional<Duration> linuxUptime() {
        try {
            String line = Files.readString(Path.of("/proc/uptime"), StandardCharsets.US_ASCII);
            double seconds = Double.parseDouble(line.split(" ", 2)[0]);
            return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
        } catch (IOException | NumberFormatException elsewhere) {
            return Optional.empty();
        }
    }
}
