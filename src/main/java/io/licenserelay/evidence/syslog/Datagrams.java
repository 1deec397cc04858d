package io.licenserelay.evidence.syslog;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.MessageToMessageDecoder;
import java.util.List;

/** Converts each datagram to a message (RFC 5426). */
@Sharable
final class Datagrams extends MessageToMessageDecoder<DatagramPacket> {
    private final AllowedSenders senders;

    Datagrams(AllowedSenders senders) {
        this.senders = senders;
    }

    @Override
    protected void decode(ChannelHandlerContext context, DatagramPacket packet, List<Object> out) {
        int length = packet.content().readableBytes();
        if (length > 0 && senders.admit(packet.sender().getAddress())) {
            byte[] bytes = ByteBufUtil.getBytes(
                    packet.content(), packet.content().readerIndex(), Math.min(length, SyslogMessage.MAX));
            out.add(new SyslogMessage(packet.sender().getAddress(), bytes, length));
        }
    }
}
