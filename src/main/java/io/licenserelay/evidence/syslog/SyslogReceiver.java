package io.licenserelay.evidence.syslog;

import io.licenserelay.evidence.logs.ReceivedFormat;
import io.licenserelay.site.Site;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.component.netty.DefaultChannelHandlerFactory;

/** Receives one log: knows who may send, how messages are framed, and where their lines are kept. Thread-safe. */
public final class SyslogReceiver implements AutoCloseable {
    private final Senders senders;
    private final Keeper keeper;
    private final Clock clock;

    /** @param log one that is received as syslog; its file is made with the first line */
    public SyslogReceiver(Site.LogFile log, Clock clock) {
        Site.Syslog syslog = Objects.requireNonNull(log.syslog());
        this.clock = clock;
        this.keeper = new Keeper(log.name(), new Ring(log.path(), syslog.keep()), clock);
        this.senders = new Senders(syslog.from(), keeper::refused);
    }

    /** Makes messages of datagrams. */
    public ChannelHandler datagrams() {
        return new Datagrams(senders);
    }

    /** Makes messages of the bytes of connections. */
    public ChannelHandler streams() {
        return new Streams(senders);
    }

    /** Keeps a message as one line. Never waits. */
    public void take(@Body Object message) {
        Message given = (Message) message;
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
        private final Senders senders;

        Streams(Senders senders) {
            this.senders = senders;
        }

        @Override
        public ChannelHandler newChannelHandler() {
            return new StreamFrames(senders);
        }
    }
}
