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

/** A name server on a loopback port that knows a few names. Every other name does not exist. */
public final class NameServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final Map<String, List<Record>> names = new ConcurrentHashMap<>();
    private final Queue<String> queries = new ConcurrentLinkedQueue<>();
    private volatile int rcodeOfOthers = Rcode.NXDOMAIN;
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

    NameServer withBoth(String name, String ipv4, String ipv6) throws IOException {
        names.put(
                name,
                List.of(
                        new ARecord(name(name), DClass.IN, 300, InetAddress.getByName(ipv4)),
                        new AAAARecord(name(name), DClass.IN, 120, InetAddress.getByName(ipv6))));
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
        rcodeOfOthers = rcode;
        return this;
    }

    /** Ignores this number of queries before it answers. */
    public NameServer losing(int count) {
        ignored.set(count);
        return this;
    }

    Queue<String> queries() {
        return queries;
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
                queries.add(query.getQuestion().getName().toString(true));
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
            answer.getHeader().setRcode(rcodeOfOthers);
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
