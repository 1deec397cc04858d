package io.licenserelay.evidence.logs;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.logs.file.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Creates log files in a folder, and failures for which they are read. */
public record LogFiles(Path folder) {
    public static final ZoneId UTC = ZoneId.of("UTC");
    static final ZoneId INDIA = ZoneId.of("Asia/Kolkata");

    /** When the Manager of the published excerpt failed: 17:29:03 in India. */
    static final Instant SEED_FAILED = Instant.parse("2023-01-13T11:59:03.490Z");

    private static final DateTimeFormatter SYSLOG =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    public Path write(String name, String text, Instant modified) throws IOException {
        return touched(Files.writeString(folder.resolve(name), text), modified);
    }

    public Path gzip(String name, String text, Instant modified) throws IOException {
        Path path = folder.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return touched(path, modified);
    }

    /** {@code messages} or {@code vmanage-server.log} of the published excerpt. */
    public Path seed(String name, Instant modified) throws IOException {
        return write(name, seed(name), modified);
    }

    public static String seed(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(LogFiles.class.getResourceAsStream("/seed/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public static String syslog(Instant at, String text) {
        return SYSLOG.format(at) + " SSM-On-Prem 1a1fca641d0a: " + text + "\n";
    }

    /** One line per minute, with its time as text. */
    public static String minutes(Instant from, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(syslog(from.plusSeconds(60L * i), "minute " + from.plusSeconds(60L * i)));
        }
        return text.toString();
    }

    public static Site.LogFile log(Path path) {
        return new Site.LogFile("ssm", path, UTC);
    }

    public static Failure failure(Instant at, @Nullable HttpExchangeRecord exchange) {
        Finding finding = new Finding("http.server-error", "it answered 500");
        return Failure.of(Place.site("hq"), Flow.PULL, Step.TOKEN, List.of(finding), exchange, at);
    }

    static HttpExchangeRecord exchange(String method, String path, Instant at, Map<String, String> headers) {
        return new HttpExchangeRecord(
                method, "https://ssm.example.net:8443" + path, 500, headers, null, at, Duration.ofMillis(692));
    }

    public static WindowLines window(Path path, Instant failedAt) throws IOException {
        Window window = Window.around(failure(failedAt, null));
        return new WindowReader(log(path), window, LogBounds.STANDARD, soon()).read();
    }

    public static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30));
    }

    private static Path touched(Path path, Instant modified) throws IOException {
        return Files.setLastModifiedTime(path, FileTime.from(modified));
    }
}
