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
 * Determines why a broker does not answer. Kafka's client retries without an error both when it uses plain text on a
 * TLS port and when no process listens. A TLS handshake distinguishes these cases. No data is sent over it, and its
 * certificate is not trusted.
 */
final class BrokerFault {
    private static final int TIMEOUT_MILLIS = 2_000;

    private BrokerFault() {}

    /** Describes the fault of the first broker; null if no fault explains the missing answer. */
    static @Nullable String of(String brokers, boolean clientSpeaksTls) {
        URI first = URI.create("kafka://" + brokers.split(",", -1)[0]);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(first.getHost(), first.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            boolean tls = speaksTls(socket, first);
            if (tls && !clientSpeaksTls) {
                return "the port uses TLS, but this client does not:"
                        + " set relay.kafka.client.security.protocol to SSL or SASL_SSL";
            }
            return !tls && clientSpeaksTls
                    ? "the port does not use TLS: set relay.kafka.client.security.protocol to PLAINTEXT, or use the TLS port"
                    : null;
        } catch (UnknownHostException e) {
            return "the host name " + first.getHost() + " cannot be resolved";
        } catch (IOException e) {
            return "no process listens on the port (" + e.getMessage() + ")";
        }
    }

    private static boolean speaksTls(Socket socket, URI broker) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket tls = (SSLSocket) factory.createSocket(socket, broker.getHost(), broker.getPort(), false)) {
            tls.startHandshake();
            return true;
        } catch (SSLException refused) {
            // An untrusted certificate proves TLS. A broker without TLS closes the connection on a handshake.
            boolean closed =
                    refused.getCause() instanceof EOFException || refused.getCause() instanceof SocketException;
            return !closed && !String.valueOf(refused.getMessage()).contains("Unsupported or unrecognized");
        } catch (SocketTimeoutException | SocketException noAnswer) {
            return false;
        }
    }
}
