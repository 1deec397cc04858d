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

/** Receives one log: knows who may send, how messages are framed, and where their lines are kept. Thread-safe. */
public final class SyslogReceiver implements AutoCloseable {
    /** A sender may have nothing to say for long, and loses a message when its connection is gone without its knowing. */
    private static final Duration MOST_SILENCE = Duration.ofHours(1);

    private final AllowedSenders senders;
    private final SyslogWriterThread keeper;
    private final Duration mostSilence;
    private final Clock clock;

    /** @param log one that is received as syslog; its file is made with the first line */
    public SyslogReceiver(Site.LogFile log, Clock clock) {
        this(log, MOST_SILENCE, clock);
    }

    /** @param mostSilence of a connection, which is ended then */
    SyslogReceiver(Site.LogFile log, Duration mostSilence, Clock clock) {
        this.mostSilence = mostSilence;
        Site.Syslog syslog = Objects.requireNonNull(log.syslog());
        this.clock = clock;
        this.keeper = new SyslogWriterThread(log.name(), new RollingFile(log.path(), syslog.keep()), clock);
        this.senders = new AllowedSenders(syslog.from(), keeper::refused);
    }

    /** Makes messages of datagrams. */
    public ChannelHandler datagrams() {
        return new Datagrams(senders);
    }

    /** Makes messages of the bytes of connections. */
    public ChannelHandler streams() {
        return new Streams(senders, mostSilence);
    }

    /** Keeps a message as one line. Never waits. */
    public void take(@Body Object message) {
        SyslogMessage given = (SyslogMessage) message;
        keeper.keep(ReceivedFormat.line(clock.instant(), given.sender(), given.text()));
    }

    /** Messages that were admitted and could not be kept. */
    public long dropped() {
        return keeper.dropped();
    }

    /** Messages and connections of those who may not send. */
    public long refused() {
        return keeper.refused();
    }

    @Override
    public void close() throws IOException {
        keeper.close();
    }

    /** Every connection has a state of its own. */
    private static final class Streams extends DefaultChannelHandlerFactory {
        private final AllowedSenders senders;
        private final Duration mostSilence;

        Streams(AllowedSenders senders, Duration mostSilence) {
            this.senders = senders;
            this.mostSilence = mostSilence;
        }

        @Override
        public ChannelHandler newChannelHandler() {
            return new StreamFrames(senders, mostSilence);
        }
    }
}
