package io.licenserelay.evidence.probes;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Clock;
import org.apache.commons.net.ntp.NtpV3Impl;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeStamp;

/** A time server on a free loopback port, with its own clock and state. */
final class TimeServer implements AutoCloseable {
    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Clock clock;
    private final int stratum;
    private final int leap;
    private int lost;

    TimeServer(Clock clock, int stratum, int leap, int lost) throws IOException {
        this.clock = clock;
        this.stratum = stratum;
        this.leap = leap;
        this.lost = lost;
        Thread thread = new Thread(this::serve, "time-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        try {
            while (!socket.isClosed()) {
                NtpV3Packet query = new NtpV3Impl();
                DatagramPacket packet = query.getDatagramPacket();
                socket.receive(packet);
                if (lost-- > 0) {
                    continue;
                }
                NtpV3Packet answer = new NtpV3Impl();
                answer.setMode(NtpV3Packet.MODE_SERVER);
                answer.setVersion(NtpV3Packet.VERSION_3);
                answer.setStratum(stratum);
                answer.setLeapIndicator(leap);
                answer.setOriginateTimeStamp(query.getTransmitTimeStamp());
                answer.setReceiveTimeStamp(TimeStamp.getNtpTime(clock.millis()));
                answer.setTransmitTime(TimeStamp.getNtpTime(clock.millis()));
                DatagramPacket sent = answer.getDatagramPacket();
                sent.setSocketAddress(packet.getSocketAddress());
                socket.send(sent);
            }
        } catch (IOException closed) {
            socket.close();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
