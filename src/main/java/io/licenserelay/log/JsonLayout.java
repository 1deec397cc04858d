package io.licenserelay.log;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.redact.Redactor;
import io.licenserelay.text.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * The JSON format, with the field names of the Elastic Common Schema as its loggers write them: dots in the names, no nested objects. Each
 * text is redacted before it becomes JSON. The JSON layouts of Log4j and of Elastic write exceptions and the context themselves, so only
 * their JSON could be redacted, where a secret may be escaped and a replacement may damage the structure. Thread-safe.
 */
final class JsonLayout extends LineLayout {
    private static final String ECS_VERSION = "8.11.0";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The names of the fields of {@link LogContext}. */
    private static final Map<String, String> NAMES = Map.of(
            LogContext.RUN, "labels.run",
            LogContext.SITE, "labels.site",
            LogContext.ACCOUNT, "labels.account",
            LogContext.PLACE, "labels.place",
            LogContext.TRACE, "trace.id",
            LogContext.CODE, "event.code");

    private final LoggingService service;
    private final PatternLayout stackTrace = PatternLayout.newBuilder()
            .withPattern("%xEx{30}")
            .withCharset(StandardCharsets.UTF_8)
            .build();

    JsonLayout(Redactor redactor, LoggingService service) {
        super(redactor);
        this.service = service;
    }

    @Override
    String line(LogEvent event) {
        ObjectNode json = Json.object();
        json.put("@timestamp", TIME.format(Instant.ofEpochMilli(event.getTimeMillis())));
        json.put("log.level", event.getLevel().name());
        json.put("message", redacted(event.getMessage().getFormattedMessage()));
        json.put("ecs.version", ECS_VERSION);
        json.put("service.name", service.name());
        json.put("service.node.name", service.node());
        json.put("service.version", service.version());
        json.put("event.dataset", "license-relay.log");
        json.put("process.thread.name", redacted(event.getThreadName()));
        json.put("log.logger", event.getLoggerName());
        event.getContextData()
                .forEach((field, value) ->
                        json.put(NAMES.getOrDefault(field, "labels." + field), redacted(String.valueOf(value))));
        Throwable thrown = event.getThrown();
        if (thrown != null) {
            json.put("error.type", thrown.getClass().getName());
            json.put("error.message", redacted(String.valueOf(thrown.getMessage())));
            json.put(
                    "error.stack_trace",
                    redacted(stackTrace.toSerializable(event).stripTrailing()));
        }
        return Json.write(json);
    }
}
