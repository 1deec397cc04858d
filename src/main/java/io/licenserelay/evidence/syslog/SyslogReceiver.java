package io.licenserelay.evidence.syslog;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.logs.format.ReceivedFormat;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.component.netty.DefaultChannelHandlerFactory;

/** Receives one log by syslog: allowed senders, message framing, and the stored file. Thread-safe. */
public final class SyslogReceiver implements AutoCloseable {
    /**
     * Idle timeout of a connection. A sender may be idle for long, and loses a message if its connection was closed without its knowledge.
     */
    private static final Duration MAX_IDLE = Duration.ofHours(1);

    private final AllowedSenders senders;
    private final SyslogWriterThread writer;
    private final Duration maxIdle;
    private final Clock clock;

    /** @param log a log that is received as syslog; its file is created with the first line */
    public SyslogReceiver(Site.LogFile log, Clock clock) {
        this(log, MAX_IDLE, clock);
    }

    /** @param maxIdle idle time after which a connection is closed */
    SyslogReceiver(Site.LogFile log, Duration maxIdle, Clock clock) {
        this.maxIdle = maxIdle;
        Site.Syslog syslog = Objects.requireNonNull(log.syslog());
        this.clock = clock;
        this.writer = new SyslogWriterThread(log.name(), new RollingFile(log.path(), syslog.keep()), clock);
        this.senders = new AllowedSenders(syslog.from(), writer::refused);
    }

    /** Converts datagrams to messages. */
    public ChannelHandler datagrams() {
        return new Datagrams(senders);
    }

    /** Converts the bytes of connections to messages. */
    public ChannelHandler streams() {
        return new Streams(senders, maxIdle);
    }

    /** Stores a message as one line. Never blocks. */
    public void take(@Body Object message) {
        SyslogMessage received = (SyslogMessage) message;
        writer.add(ReceivedFormat.line(clock.instant(), received.sender(), received.text()));
    }

    /** The number of accepted messages that could not be stored. */
    public long dropped() {
        return writer.dropped();
    }

    /** The number of messages and connections of senders that are not allowed. */
    public long refused() {
        return writer.refused();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /** Each connection has its own state. */
    private static final class Streams extends DefaultChannelHandlerFactory {
        private final AllowedSenders senders;
        private final Duration maxIdle;

        Streams(AllowedSenders senders, Duration maxIdle) {
            this.senders = senders;
            this.maxIdle = maxIdle;
        }

        @Override
        public ChannelHandler newChannelHandler() {
            return new StreamFrames(senders, maxIdle);
        }
    }
}
