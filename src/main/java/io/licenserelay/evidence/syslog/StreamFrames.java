package io.licenserelay.evidence.syslog;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/**
 * The messages of one connection (RFC 6587): with their length in front when a number, a blank and {@code <} begin one, else up to a
 * line feed. The two may alternate. Memory is bounded whatever is announced or sent.
 */
final class StreamFrames extends ByteToMessageDecoder {
    /** More digits are no length, and what follows is a line. */
    private static final int MOST_DIGITS = 9;

    private enum State {
        BEGIN,
        LENGTH,
        AFTER_LENGTH,
        COUNTED,
        LINE
    }

    private final Senders senders;
    private final byte[] kept = new byte[Message.MOST];
    private State state = State.BEGIN;
    private long length;
    private long announced;
    private boolean counted;

    StreamFrames(Senders senders) {
        this.senders = senders;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        counted = senders.connect(address(context));
        if (counted) {
            super.channelActive(context);
        } else {
            context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (counted) {
            counted = false;
            senders.disconnect();
        }
        super.channelInactive(context);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!counted && context.channel().isActive()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        while (in.isReadable()) {
            next(context, in.readByte(), out);
        }
    }

    /** A connection that ends within a message leaves what came of it. */
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
        if (each >= '0' && each <= '9' && length < MOST_DIGITS) {
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

    private void end(ChannelHandlerContext context, List<Object> out, long whole) {
        if (length > 0) {
            byte[] bytes = Arrays.copyOf(kept, (int) Math.min(length, kept.length));
            out.add(new Message(address(context), bytes, whole));
        }
        length = 0;
        state = State.BEGIN;
    }

    private static InetAddress address(ChannelHandlerContext context) {
        return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
    }
}
