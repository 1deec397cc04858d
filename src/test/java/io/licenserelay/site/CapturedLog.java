package io.licenserelay.site;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What a class logs while this is open. */
final class CapturedLog extends AbstractAppender implements AutoCloseable {
    private final Logger logger;
    private final Level before;
    private final List<LogEvent> events = new CopyOnWriteArrayList<>();

    CapturedLog(Class<?> source) {
        super("captured", null, null, true, Property.EMPTY_ARRAY);
        logger = (Logger) LogManager.getLogger(source);
        before = logger.getLevel();
        start();
        logger.addAppender(this);
        // Last: adding an appender sets the level back to the configured one.
        logger.setLevel(Level.WARN);
    }

    @Override
    public void append(LogEvent event) {
        events.add(event.toImmutable());
    }

    List<String> warnings() {
        return events.stream()
                .filter(event -> event.getLevel().equals(Level.WARN))
                .map(event -> event.getMessage().getFormattedMessage())
                .toList();
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        logger.setLevel(before);
        stop();
    }
}
