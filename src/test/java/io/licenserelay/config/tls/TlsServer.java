package io.licenserelay.config.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A TLS server on loopback that shows the certificate it is told, answers each handshake with one byte, and hangs up. */
final class TlsServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Thread thread;
    private volatile SSLContext context;
    private final AtomicInteger refusals = new AtomicInteger();

    TlsServer(Issued shown) throws IOException {
        show(shown);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread = new Thread(this::serve, "tls-server");
        thread.start();
    }

    void show(Issued shown) {
        context = context(shown);
    }

    int port() {
        return listener.getLocalPort();
    }

    static SSLContext context(Issued shown) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] password = "test".toCharArray();
            store.setKeyEntry(
                    "server", shown.keys().getPrivate(), password, shown.chain().toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many clients hung up during the handshake; final once closed. */
    int refusals() {
        return refusals.get();
    }

    private void serve() {
        try {
            while (true) {
                answer(listener.accept());
            }
        } catch (IOException e) {
            assertThat(listener.isClosed()).as("%s", e).isTrue();
        }
    }

    private void answer(Socket plain) {
        try (plain;
                SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, port(), true)) {
            tls.setUseClientMode(false);
            tls.getOutputStream().write('!');
        } catch (IOException e) {
            refusals.incrementAndGet();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        listener.close();
        thread.join();
    }
}
