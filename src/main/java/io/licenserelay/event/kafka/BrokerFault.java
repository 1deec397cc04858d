package io.licenserelay.event.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks why a broker does not answer. Kafka's client keeps trying in silence when it speaks plainly to a TLS port, and so does
 * one that nobody listens to; a handshake tells them apart. Nothing is sent over it, and what it shows is not trusted.
 */
final class BrokerFault {
    private static final int PATIENCE_MILLIS = 2_000;

    private BrokerFault() {}

    /** What the first of the brokers does, in a phrase; null when it is nothing that explains the silence. */
    static @Nullable String of(String brokers, boolean clientSpeaksTls) {
        URI first = URI.create("kafka://" + brokers.split(",", -1)[0]);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(first.getHost(), first.getPort()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            boolean tls = speaksTls(socket, first);
            if (tls && !clientSpeaksTls) {
                return "its port speaks TLS, and this client does not:"
                        + " set relay.kafka.client.security.protocol to SSL or SASL_SSL";
            }
            return !tls && clientSpeaksTls
                    ? "its port speaks no TLS: set relay.kafka.client.security.protocol to PLAINTEXT, or use its TLS port"
                    : null;
        } catch (UnknownHostException e) {
            return "the name " + first.getHost() + " is not known";
        } catch (IOException e) {
            return "nobody listens there (" + e.getMessage() + ")";
        }
    }

    private static boolean speaksTls(Socket socket, URI broker) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket tls = (SSLSocket) factory.createSocket(socket, broker.getHost(), broker.getPort(), false)) {
            tls.startHandshake();
            return true;
        } catch (SSLException refused) {
            // A certificate that is not trusted is one that was shown; a plain broker hangs up on what it cannot read.
            boolean hungUp =
                    refused.getCause() instanceof EOFException || refused.getCause() instanceof SocketException;
            return !hungUp && !String.valueOf(refused.getMessage()).contains("Unsupported or unrecognized");
        } catch (SocketTimeoutException | SocketException noAnswer) {
            return false;
        }
    }
}
