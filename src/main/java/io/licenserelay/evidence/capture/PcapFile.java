package io.licenserelay.evidence.capture;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.capture.Segment.Checksum;
import io.licenserelay.evidence.capture.Segment.Flags;
import io.pkts.Pcap;
import io.pkts.buffer.Buffer;
import io.pkts.packet.IPPacket;
import io.pkts.packet.Packet;
import io.pkts.packet.TCPPacket;
import io.pkts.protocol.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.io.input.BoundedInputStream;

/** Reads a capture file of {@code tcpdump -w}: Ethernet, Linux cooked, or raw IPv4. */
final class PcapFile {
    private static final long MAX_BYTES = 256L << 20;

    /** The supported link types, by their numbers in the tcpdump project's list. */
    private static final Map<Integer, String> LINKS = Map.of(1, "Ethernet", 101, "raw IP", 113, "Linux cooked");

    private final CapturedConnections connections;
    private long packets;

    PcapFile(Deadline deadline) {
        this.connections = new CapturedConnections(true, deadline);
    }

    Capture read(InputStream in) throws IOException {
        BoundedInputStream bounded = BoundedInputStream.builder()
                .setInputStream(in)
                .setMaxCount(MAX_BYTES)
                .get();
        try {
            Pcap pcap = Pcap.openStream(bounded);
            int link = pcap.getPcapHeader().getDataLinkType();
            if (!LINKS.containsKey(link)) {
                throw new BadCapture("its link type " + link + " is not supported (only " + LINKS.values()
                        + "); capture on one interface rather than on any, or send the text of tcpdump -nn -vv");
            }
            pcap.loop(this::next);
        } catch (BadCapture refused) {
            throw refused;
        } catch (IOException | RuntimeException | AssertionError damaged) {
            // The library throws various exceptions for bytes that are not packets.
            connections.note("the file is damaged or truncated after packet " + packets);
        }
        if (bounded.getCount() >= MAX_BYTES) {
            connections.note("only the first " + (MAX_BYTES >> 20) + " MiB were read");
        }
        return connections.capture(Capture.PCAP, Capture.Clock.INSTANT);
    }

    private boolean next(Packet packet) {
        packets++;
        try {
            if (!packet.hasProtocol(Protocol.TCP)) {
                return connections.countOther();
            }
            return connections.add(segment((TCPPacket) packet.getPacket(Protocol.TCP)));
        } catch (IOException | RuntimeException | AssertionError unreadable) {
            return connections.countOther();
        }
    }

    private static Segment segment(TCPPacket tcp) {
        IPPacket ip = tcp.getParentPacket();
        int length = Math.max(0, ip.getTotalIPLength() - ip.getHeaderLength() - tcp.getHeaderLength());
        Buffer payload = tcp.getPayload();
        byte[] data = payload == null ? new byte[0] : payload.getArray();
        return new Segment(
                tcp.getArrivalTime(),
                new Endpoint(ip.getSourceIP(), tcp.getSourcePort()),
                new Endpoint(ip.getDestinationIP(), tcp.getDestinationPort()),
                new Flags(tcp.isSYN(), tcp.isACK(), tcp.isFIN(), tcp.isRST()),
                tcp.getSequenceNumber(),
                length,
                // Short Ethernet frames are padded after the packet.
                data.length > length ? Arrays.copyOf(data, length) : data,
                Checksum.NOT_PRINTED);
    }
}
