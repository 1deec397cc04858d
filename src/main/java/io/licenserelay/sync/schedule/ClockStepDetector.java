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
 * Detects steps of the wall clock by comparison with the elapsed time. A stopped process or a sleeping machine leaves a
 * gap in both and is not a step. Used by one thread.
 */
final class ClockStepDetector {
    /** The smallest step. NTP slews a clock, or steps it by less than a second. */
    static final Duration MIN_STEP = Duration.ofSeconds(10);

    /**
     * The maximum time between two readings that are compared. A longer time means that the thread was interrupted
     * between them.
     */
    private static final Duration MAX_READ_TIME = Duration.ofMillis(100);

    private static final int TRIES = 5;

    private final Clock wall;
    private final LongSupplier nanos;
    private final Supplier<Optional<Duration>> uptime;
    private Reading last;

    /**
     * @param nanos the monotonic clock, which may stop while the machine sleeps
     * @param uptime the uptime of the machine including sleep; empty if unknown
     */
    ClockStepDetector(Clock wall, LongSupplier nanos, Supplier<Optional<Duration>> uptime) {
        this.wall = wall;
        this.nanos = nanos;
        this.uptime = uptime;
        this.last = new Reading(wall.instant(), nanos.getAsLong(), uptime.get());
    }

    /** A detector with the monotonic clock of this process and the uptime that Linux reports. */
    static ClockStepDetector of(Clock wall) {
        return new ClockStepDetector(wall, System::nanoTime, ClockStepDetector::linuxUptime);
    }

    private record Reading(Instant wall, long nanos, Optional<Duration> uptime) {}

    /** Returns the step of the wall clock since the last call, if any. */
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
            // After a sleep the wall clock is ahead of the monotonic clock too. Only the uptime distinguishes this from
            // a step.
            Optional<Duration> uptimePassed =
                    before.uptime.flatMap(uptimeBefore -> now.uptime.map(uptimeNow -> uptimeNow.minus(uptimeBefore)));
            if (uptimePassed.isEmpty()) {
                return Optional.empty();
            }
            passed = passed.compareTo(uptimePassed.get()) > 0 ? passed : uptimePassed.get();
            by = Duration.between(before.wall, now.wall).minus(passed);
        }
        return by.abs().compareTo(MIN_STEP) < 0
                ? Optional.empty()
                : Optional.of(new ClockStep(before.wall.plus(passed), now.wall));
    }

    /** The wall clock at the last call. For this time it is known whether the clock was set. */
    Instant now() {
        return last.wall;
    }

    private Optional<Reading> read() {
        for (int i = 0; i < TRIES; i++) {
            long before = nanos.getAsLong();
            Optional<Duration> uptimeNow = uptime.get();
            Instant now = wall.instant();
            long after = nanos.getAsLong();
            if (after - before < MAX_READ_TIME.toNanos()) {
                return Optional.of(new Reading(now, after, uptimeNow));
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
        } catch (IOException | NumberFormatException notLinux) {
            return Optional.empty();
        }
    }
}
