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

/** A TLS server on loopback that presents a given certificate, sends one byte after each handshake, and closes the connection. */
final class TlsServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Thread thread;
    private volatile SSLContext context;
    private final AtomicInteger failedHandshakes = new AtomicInteger();

    TlsServer(Issued certificate) throws IOException {
        show(certificate);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread = new Thread(this::serve, "tls-server");
        thread.start();
    }

    void show(Issued certificate) {
        context = context(certificate);
    }

    int port() {
        return listener.getLocalPort();
    }

    static SSLContext context(Issued certificate) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] password = "test".toCharArray();
            store.setKeyEntry(
                    "server",
                    certificate.keys().getPrivate(),
                    password,
                    certificate.chain().toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number of clients that closed the connection during the handshake. Final after {@link #close}. */
    int failedHandshakes() {
        return failedHandshakes.get();
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
            failedHandshakes.incrementAndGet();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        listener.close();
        thread.join();
    }
}
