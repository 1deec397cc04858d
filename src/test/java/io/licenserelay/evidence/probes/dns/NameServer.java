package io.licenserelay.evidence.probes.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on a loopback port that knows a few names; every other does not exist. */
public final class NameServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final Map<String, List<Record>> names = new ConcurrentHashMap<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private volatile int otherwise = Rcode.NXDOMAIN;
    private final AtomicInteger ignored = new AtomicInteger();

    public NameServer() throws SocketException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "name server");
        thread.setDaemon(true);
        thread.start();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    public NameServer with(String name, String address) throws IOException {
        names.put(name, List.of(new ARecord(name(name), DClass.IN, 300, InetAddress.getByName(address))));
        return this;
    }

    NameServer withBoth(String name, String four, String six) throws IOException {
        names.put(
                name,
                List.of(
                        new ARecord(name(name), DClass.IN, 300, InetAddress.getByName(four)),
                        new AAAARecord(name(name), DClass.IN, 120, InetAddress.getByName(six))));
        return this;
    }

    NameServer withAlias(String alias, String name, String address) throws IOException {
        Record link = new CNAMERecord(name(alias), DClass.IN, 60, name(name));
        names.put(alias, List.of(link, new ARecord(name(name), DClass.IN, 300, InetAddress.getByName(address))));
        return this;
    }

    NameServer withoutAddress(String name) {
        names.put(name, List.of());
        return this;
    }

    public NameServer answeringOthers(int rcode) {
        otherwise = rcode;
        return this;
    }

    /** Loses so many questions before it answers. */
    public NameServer losing(int questions) {
        ignored.set(questions);
        return this;
    }

    Queue<String> asked() {
        return asked;
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
                asked.add(query.getQuestion().getName().toString(true));
                if (ignored.getAndDecrement() > 0) {
                    continue;
                }
                byte[] wire = answer(query).toWire();
                socket.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
            } catch (IOException closed) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(closed);
                }
            }
        }
    }

    private Message answer(Message query) {
        Record question = query.getQuestion();
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        List<Record> known = names.get(question.getName().toString(true));
        if (known == null) {
            answer.getHeader().setRcode(otherwise);
            return answer;
        }
        known.stream()
                .filter(each -> each.getType() == question.getType() || each.getType() == Type.CNAME)
                .forEach(each -> answer.addRecord(each, Section.ANSWER));
        return answer;
    }

    private static Name name(String name) throws IOException {
        return Name.fromString(name, Name.root);
    }
}
