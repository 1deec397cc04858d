package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Excerpt;
import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.site.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the last lines of a log file, says which time they cover and whether the failure lies in it. A file that cannot
 * be read is an excerpt that says so. Thread-safe.
 */
public final class LogTail {
    private static final int LINES = 40;
    private static final int BYTES = 64 * 1024;
    private static final int MOST_OF_A_LINE = 4096;
    private static final Duration SLACK = Duration.ofSeconds(60);

    /** How long before a failure, and after it, a refusal inside SSM may have to do with it. */
    private static final Duration BEFORE = Duration.ofMinutes(5);

    private static final Duration AFTER = Duration.ofMinutes(1);
    private static final Pattern UPSTREAM_REFUSED = Pattern.compile(
            "connect\\(\\) failed \\(111: Connection refused\\) while connecting to upstream(?:.*upstream: \"?([^\", ]+))?");

    /** Method and path, as nginx quotes the request that it was working on. */
    private static final Pattern REQUEST = Pattern.compile("request: \"(\\S+) ([^\\s?]+)");

    private final int lines;
    private final int bytes;

    /** Keeps 40 lines of the last 64 KiB. */
    public LogTail() {
        this(LINES, BYTES);
    }

    /**
     * @param lines kept at most; findings are read off all lines within {@code bytes}
     * @param bytes read at most
     */
    public LogTail(int lines, int bytes) {
        this.lines = lines;
        this.bytes = bytes;
    }

    /** Looks for what has to do with the failure. Never throws for what the file is or holds. */
    public Reading read(Site.LogFile log, Failure failure, Deadline deadline) {
        if (deadline.passed()) {
            return unread(log, "it was not read in time");
        }
        try {
            FileEnd end = FileEnd.read(log.path(), bytes);
            Stamps stamps = new Stamps(log.zone(), end.modified());
            List<Line> all = end.lines().stream()
                    .map(SafeText::of)
                    .map(text -> new Line(text, stamps.of(text).orElse(null)))
                    .toList();
            return all.isEmpty() ? unread(log, "it is empty") : reading(log, failure, all, end.cut(), stamps);
        } catch (NoSuchFileException missing) {
            return unread(log, "there is no such file");
        } catch (AccessDeniedException denied) {
            return unread(log, "the relay may not read it");
        } catch (IOException unreadable) {
            return unread(log, "it cannot be read: " + unreadable.getMessage());
        }
    }

    private Reading reading(Site.LogFile log, Failure failure, List<Line> all, boolean cut, Stamps stamps) {
        List<Line> kept = all.subList(Math.max(0, all.size() - lines), all.size());
        Instant from = instants(kept).min(Comparator.naturalOrder()).orElse(null);
        Instant to = instants(kept).max(Comparator.naturalOrder()).orElse(null);
        List<String> notes = new ArrayList<>(stamps.doubts());
        List<Finding> findings = new ArrayList<>();
        if (from == null || to == null) {
            notes.add("no line carries a time that can be read");
        } else {
            uncovered(failure.at(), from, to).ifPresent(why -> {
                notes.add(why);
                findings.add(new Finding(Findings.LOG_NOT_COVERING, "log " + log.name() + ": " + why));
            });
        }
        List<Line> refusals = all.stream()
                .filter(line -> UPSTREAM_REFUSED.matcher(line.text()).find())
                .toList();
        upstreamRefused(log, failure.at(), refusals).ifPresent(findings::add);
        requestRefused(log, failure, refusals).ifPresent(findings::add);
        boolean truncated = cut || kept.size() < all.size() || kept.stream().anyMatch(Line::tooLong);
        String note = notes.isEmpty() ? null : String.join("; ", notes);
        List<String> texts = kept.stream().map(Line::shown).toList();
        return new Reading(new Excerpt(log.name(), log.path().toString(), texts, from, to, truncated, note), findings);
    }

    private static Stream<Instant> instants(List<Line> lines) {
        return lines.stream().map(Line::at).flatMap(Stream::ofNullable);
    }

    private static Optional<String> uncovered(Instant failedAt, Instant from, Instant to) {
        String start = "no line covers the failure at " + failedAt + ": the ";
        if (to.isBefore(failedAt.minus(SLACK))) {
            return Optional.of(start + "newest is of " + to);
        }
        return from.isAfter(failedAt.plus(SLACK)) ? Optional.of(start + "oldest is of " + from) : Optional.empty();
    }

    private static Optional<Finding> upstreamRefused(Site.LogFile log, Instant failedAt, List<Line> refusals) {
        return refusals.stream()
                .filter(line -> line.within(failedAt.minus(BEFORE), failedAt.plus(AFTER)))
                .reduce((first, last) -> last)
                .map(line -> new Finding(Findings.SSM_UPSTREAM_REFUSED, refusal(log, line)));
    }

    /** Other clients meet refusals too; only the line of the failed request tells why that one failed. */
    private static Optional<Finding> requestRefused(Site.LogFile log, Failure failure, List<Line> refusals) {
        Exchanged exchange = failure.exchange();
        if (exchange == null) {
            return Optional.empty();
        }
        String path = URI.create(exchange.url()).getRawPath();
        return refusals.stream()
                .filter(line ->
                        line.within(failure.at().minus(SLACK), failure.at().plus(SLACK)))
                .filter(line -> line.asks(exchange.method(), path))
                .reduce((first, last) -> last)
                .map(line -> new Finding(
                        Findings.SSM_REQUEST_REFUSED, refusal(log, line) + " on " + exchange.method() + " " + path));
    }

    private static String refusal(Site.LogFile log, Line line) {
        Matcher match = UPSTREAM_REFUSED.matcher(line.text());
        String upstream = match.find() && match.group(1) != null ? match.group(1) : "its upstream";
        return "log " + log.name() + ": at " + line.at() + " SSM's nginx was refused by " + upstream;
    }

    private static Reading unread(Site.LogFile log, String why) {
        Excerpt nothing = new Excerpt(log.name(), log.path().toString(), List.of(), null, null, false, why);
        String phrase = "log " + log.name() + " at " + log.path() + ": " + why;
        return new Reading(nothing, List.of(new Finding(Findings.LOG_NOT_COVERING, phrase)));
    }

    private record Line(String text, @Nullable Instant at) {
        boolean tooLong() {
            return text.length() > MOST_OF_A_LINE;
        }

        boolean within(Instant from, Instant to) {
            return at != null && !at.isBefore(from) && !at.isAfter(to);
        }

        boolean asks(String method, String path) {
            Matcher request = REQUEST.matcher(text);
            return request.find()
                    && request.group(1).equals(method)
                    && request.group(2).equals(path);
        }

        String shown() {
            return tooLong()
                    ? text.substring(0, MOST_OF_A_LINE) + "… (cut, " + text.length() + " characters in all)"
                    : text;
        }
    }
}
