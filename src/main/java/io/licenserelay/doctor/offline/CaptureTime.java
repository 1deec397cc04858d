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

/** Whether a capture is of the failure at all, as far as its stamps tell. */
final class CaptureTime {
    private static final Duration NEAR = Duration.ofMinutes(1);
    private static final long DAY_MICROS = 86_400_000_000L;

    private CaptureTime() {}

    /** @param failed null when nobody knows */
    static List<String> notes(Capture capture, @Nullable Instant failed, @Nullable ZoneId zone) {
        Long first = capture.first();
        if (first == null) {
            return List.of("the capture has no times: whether it shows the failure is not known");
        }
        return switch (capture.clock()) {
            case INSTANT -> ofInstant(Instant.ofEpochSecond(0, first * 1000), failed);
            case LOCAL -> {
                LocalDateTime local = LocalDateTime.ofEpochSecond(
                        Math.floorDiv(first, 1_000_000L),
                        (int) Math.floorMod(first, 1_000_000L) * 1000,
                        ZoneOffset.UTC);
                yield zone == null
                        ? List.of("the capture begins at " + local + " of a zone that is not told (--zone)")
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
        String start = "the capture's stamps have neither date nor zone (it begins at " + time + ")";
        if (failed == null) {
            return start + ": when it was taken is not known";
        }
        String asUtc = distance(failed, time, ZoneOffset.UTC) + " if that is UTC";
        String asZone = zone == null ? "" : ", or " + distance(failed, time, zone) + " if it is " + zone;
        return start + ", which is " + asUtc + asZone
                + ", if it is of that day at all: it may show another attempt, and proves what it proves for that one";
    }

    private static String distance(Instant failed, LocalTime time, ZoneId zone) {
        return distance(
                failed.atZone(zone).toLocalDate().atTime(time).atZone(zone).toInstant(), failed);
    }

    private static String distance(Instant at, Instant failed) {
        Duration apart = Duration.between(at, failed);
        long minutes = apart.abs().toMinutes();
        String words = minutes >= 120 ? minutes / 60 + " h " + minutes % 60 + " min" : minutes + " min";
        return words + (apart.isNegative() ? " after" : " before") + " the failure";
    }
}
