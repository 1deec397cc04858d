package io.licenserelay.log;

import io.licenserelay.config.site.ServiceLogFormat;
import io.licenserelay.redact.Redactor;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;

/**
 * The log of this process on standard error, in its configured format and redacted. Until it is started, {@code log4j2.xml} alone applies.
 * Thread-safe.
 */
public final class ServiceLog {
    /** The appender of {@code log4j2.xml}. */
    private static final String FORMER = "stderr";

    private static final String REDACTED = "redacted-stderr";

    private final LineLayout layout;

    private ServiceLog(LineLayout layout) {
        this.layout = layout;
    }

    /**
     * Writes all further lines in this format. The levels of the loggers stay as they are.
     *
     * @param redactor knows the secrets of the configuration
     */
    public static ServiceLog start(ServiceLogFormat format, LoggingService service, Redactor redactor) {
        return write(
                switch (format) {
                    case TEXT -> new TextLayout(redactor);
                    case JSON -> new JsonLayout(redactor, service);
                });
    }

    /** The same for a command, which always logs text. */
    public static ServiceLog text(Redactor redactor) {
        return write(new TextLayout(redactor));
    }

    private static ServiceLog write(LineLayout layout) {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        Configuration configuration = context.getConfiguration();
        ConsoleAppender appender = ConsoleAppender.newBuilder()
                .setName(REDACTED)
                .setTarget(ConsoleAppender.Target.SYSTEM_ERR)
                .setLayout(layout)
                .setConfiguration(configuration)
                .build();
        appender.start();
        LoggerConfig root = configuration.getRootLogger();
        root.removeAppender(FORMER);
        root.removeAppender(REDACTED);
        configuration.addAppender(appender);
        root.addAppender(appender, null, null);
        context.updateLoggers();
        return new ServiceLog(layout);
    }

    /**
     * Redacts further lines with the redactor of the running relay, which also knows tokens and rotated secrets, and marks a secret in the
     * log as in events.
     */
    public void redactWith(Redactor redactor) {
        layout.redactWith(redactor);
    }
}
