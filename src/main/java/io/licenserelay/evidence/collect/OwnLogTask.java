package io.licenserelay.evidence.collect;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.OneLineText;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.evidence.logs.LogReading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/** The task that reads the tail of a log that an operator's route fetches. The text is parsed like a log file. */
public final class OwnLogTask extends LogTask {
    /** The same limit as for a log file. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int LONGEST_REASON = 200;

    private final LogReader reader;

    OwnLogTask(String name, ProbeTarget target, Deadline deadline, LogReader reader) {
        super(log(name), EvidenceRoutes.LOG_PREFIX + name, target, deadline);
        this.reader = reader;
    }

    private static Site.LogFile log(String name) {
        return new Site.LogFile(name, Path.of("direct:" + EvidenceRoutes.LOG_PREFIX + name), null);
    }

    @Override
    LogReading receive(@Nullable Object body) throws IOException, BadProbeResult {
        byte[] bytes;
        try (InputStream in = stream(body)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        boolean cut = bytes.length > MAX_BYTES;
        byte[] text = cut ? Arrays.copyOf(bytes, MAX_BYTES) : bytes;
        Failure failure = Objects.requireNonNull(failure());
        Instant latest = failure.at().plus(site().probing().deadline());
        return reader.read(log(), failure, text, cut, latest, deadline());
    }

    private static InputStream stream(@Nullable Object body) throws BadProbeResult {
        if (body instanceof InputStream in) {
            return in;
        }
        if (body instanceof byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }
        if (body instanceof String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
        throw new BadProbeResult("the body is neither text nor bytes nor a stream");
    }

    /** A source that does not answer is not a fault of the route. */
    @Override
    Optional<LogReading> ofException(Throwable thrown) {
        String reason;
        if (thrown instanceof HttpOperationFailedException httpError) {
            reason = "the answer has the status " + httpError.getStatusCode();
        } else if (thrown instanceof IOException unreadable) {
            reason = OneLineText.of(Objects.toString(unreadable.getMessage(), "no reason given"), LONGEST_REASON);
        } else {
            return Optional.empty();
        }
        return Optional.of(LogReader.unread(log(), "the log cannot be read: " + reason));
    }
}
