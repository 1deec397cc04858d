package io.licenserelay.doctor.offline;

import io.licenserelay.evidence.capture.Capture;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares the timestamps of a capture with the time of the failure. */
final class CaptureTime {
    private static final Duration NEAR = Duration.ofMinutes(1);
    private static final long DAY_MICROS = 86_400_000_000L;

    private CaptureTime() {}

    /** @param failed the time of the failure, or null if unknown */
    static List<String> notes(Capture capture, @Nullable Instant failed, @Nullable ZoneId zone) {
        Long first = capture.first();
        if (first == null) {
            return List.of("the capture has no timestamps, so it is unknown whether it shows the failure");
        }
        return switch (capture.clock()) {
            case INSTANT -> ofInstant(Instant.ofEpochSecond(0, first * 1000), failed);
            case LOCAL -> {
                LocalDateTime local = LocalDateTime.ofEpochSecond(
                        Math.floorDiv(first, 1_000_000L),
                        (int) Math.floorMod(first, 1_000_000L) * 1000,
                        ZoneOffset.UTC);
                yield zone == null
                        ? List.of("the capture begins at " + local + " in an unknown time zone (set --zone)")
                        : ofInstant(local.atZone(zone).toInstant(), failed);
            }
            case OF_DAY -> List.of(ofDay(LocalTime.ofNanoOfDay(first % DAY_MICROS * 1000), failed, zone));
            case NONE -> List.of();
        };
    }

    private static List<String> ofInstant(Instant at, @Nullable Instant failed) {
        if (failed == null || Duration.between(at, failed).abs().compareTo(NEAR) <= 0) {
            return List.of();
        }
        return List.of("the capture begins at " + at + ", " + distance(at, failed)
                + ": it shows another attempt, not the one that failed");
    }

    private static String ofDay(LocalTime time, @Nullable Instant failed, @Nullable ZoneId zone) {
        String start = "the capture's timestamps have no date and no time zone (it begins at " + time + ")";
        if (failed == null) {
            return start + ": the time of the capture is unknown";
        }
        String asUtc = distance(failed, time, ZoneOffset.UTC) + " if that is UTC";
        String asZone = zone == null ? "" : ", or " + distance(failed, time, zone) + " if it is " + zone;
        return start + ", which is " + asUtc + asZone
                + ", if it was recorded on that day. It may show another attempt; its findings are then about that attempt";
    }

    private static String distance(Instant failed, LocalTime time, ZoneId zone) {
        return distance(
                failed.atZone(zone).toLocalDate().atTime(time).atZone(zone).toInstant(), failed);
    }

    private static String distance(Instant at, Instant failed) {
        Duration difference = Duration.between(at, failed);
        long minutes = difference.abs().toMinutes();
        String words = minutes >= 120 ? minutes / 60 + " h " + minutes % 60 + " min" : minutes + " min";
        return words + (difference.isNegative() ? " after" : " before") + " the failure";
    }
}
