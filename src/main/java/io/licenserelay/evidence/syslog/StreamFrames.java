package io.licenserelay.evidence.syslog;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one connection (RFC 6587): with a length prefix if a message begins with a number, a blank and {@code <}; otherwise up to
 * a line feed. Both forms may alternate. Memory is limited, whatever length is announced or sent.
 */
final class StreamFrames extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(StreamFrames.class);

    /** A longer number is not a length; the text is then a line. */
    private static final int MAX_DIGITS = 9;

    private enum State {
        BEGIN,
        LENGTH,
        AFTER_LENGTH,
        COUNTED,
        LINE
    }

    private final AllowedSenders senders;
    private final Duration maxIdle;
    private final byte[] kept = new byte[SyslogMessage.MAX];
    private State state = State.BEGIN;
    private long length;
    private long announced;
    private volatile boolean registered;
    private volatile long lastByteNanos = System.nanoTime();
    private @Nullable ChannelHandlerContext context;

    /** @param maxIdle idle time after which a connection is closed, because a sender may disappear without closing it */
    StreamFrames(AllowedSenders senders, Duration maxIdle) {
        this.senders = senders;
        this.maxIdle = maxIdle;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) throws Exception {
        context = active;
        registered = senders.connect(this);
        if (registered) {
            closeWhenIdle(active, maxIdle);
            super.channelActive(active);
        } else {
            active.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext active, Object bytes) throws Exception {
        lastByteNanos = System.nanoTime();
        super.channelRead(active, bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) throws Exception {
        if (registered) {
            registered = false;
            senders.disconnect(this);
        }
        super.channelInactive(inactive);
    }

    /** The sender of this connection. */
    InetAddress sender() {
        return address(Objects.requireNonNull(context));
    }

    /** The time since the last received byte. */
    Duration idleTime() {
        return Duration.ofNanos(System.nanoTime() - lastByteNanos);
    }

    /** Closes the connection and keeps the received part of a message. Thread-safe. */
    void end() {
        Objects.requireNonNull(context).close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private void closeWhenIdle(ChannelHandlerContext active, Duration delay) {
        active.executor()
                .schedule(
                        () -> {
                            Duration left = maxIdle.minus(idleTime());
                            if (!active.channel().isActive()) {
                                return;
                            }
                            if (left.isNegative() || left.isZero()) {
                                LOG.debug("{} was idle for {}", sender(), maxIdle);
                                end();
                            } else {
                                closeWhenIdle(active, left);
                            }
                        },
                        delay.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!registered && context.channel().isActive()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        while (in.isReadable()) {
            next(context, in.readByte(), out);
        }
    }

    /** A connection that ends within a message leaves the received part. */
    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        decode(context, in, out);
        end(context, out, state == State.COUNTED ? announced : length);
    }

    private void next(ChannelHandlerContext context, byte each, List<Object> out) {
        switch (state) {
            case BEGIN -> begin(each);
            case LENGTH -> length(context, each, out);
            case AFTER_LENGTH -> afterLength(context, each, out);
            case COUNTED -> {
                keep(each);
                if (length == announced) {
                    end(context, out, length);
                }
            }
            case LINE -> line(context, each, out);
        }
    }

    private void begin(byte each) {
        if (each == '\n' || each == '\r' || each == 0) {
            return;
        }
        state = each >= '1' && each <= '9' ? State.LENGTH : State.LINE;
        keep(each);
    }

    private void length(ChannelHandlerContext context, byte each, List<Object> out) {
        if (each >= '0' && each <= '9' && length < MAX_DIGITS) {
            keep(each);
        } else if (each == ' ') {
            keep(each);
            state = State.AFTER_LENGTH;
        } else {
            state = State.LINE;
            line(context, each, out);
        }
    }

    private void afterLength(ChannelHandlerContext context, byte each, List<Object> out) {
        if (each != '<') {
            state = State.LINE;
            line(context, each, out);
            return;
        }
        announced = 0;
        for (int i = 0; i < length - 1; i++) {
            announced = announced * 10 + kept[i] - '0';
        }
        length = 0;
        state = State.COUNTED;
        next(context, each, out);
    }

    private void line(ChannelHandlerContext context, byte each, List<Object> out) {
        if (each == '\n') {
            end(context, out, length);
        } else {
            keep(each);
        }
    }

    private void keep(byte each) {
        if (length < kept.length) {
            kept[(int) length] = each;
        }
        length++;
    }

    private void end(ChannelHandlerContext context, List<Object> out, long fullLength) {
        if (length > 0) {
            byte[] bytes = Arrays.copyOf(kept, (int) Math.min(length, kept.length));
            out.add(new SyslogMessage(address(context), bytes, fullLength));
        }
        length = 0;
        state = State.BEGIN;
    }

    private static InetAddress address(ChannelHandlerContext context) {
        return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
    }
}
