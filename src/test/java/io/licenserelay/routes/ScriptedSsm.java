package io.licenserelay.routes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.licenserelay.simulator.tls.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTPS server that grants every token. The test sets the status of all other answers. */
final class ScriptedSsm implements AutoCloseable {
    private static final String TOKEN = "{\"access_token\":\"t0ken\",\"token_type\":\"bearer\",\"expires_in\":3600}";

    private final CertificateAuthority authority = CertificateAuthority.create("Test CA");
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpsServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private volatile int status = 200;

    ScriptedSsm() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setHttpsConfigurator(new HttpsConfigurator(
                authority.server("localhost", "127.0.0.1").issue().sslContext()));
        server.setExecutor(workers);
        server.createContext("/oauth/token", exchange -> answer(exchange, 200, TOKEN));
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getResponseHeaders().add("kafka.OVERRIDE_TOPIC", "stolen");
            exchange.getResponseHeaders().add("CamelKafkaOverrideTopic", "stolen");
            exchange.getResponseHeaders().add("CamelHttpUri", "https://elsewhere.example.net");
            exchange.getResponseHeaders().add("Authorization", "Bearer stolen");
            exchange.getResponseHeaders().add("Set-Cookie", "session=stolen");
            exchange.getResponseHeaders().add("X-Any", "stolen");
            answer(exchange, status, "{\"accounts\":[]}");
        });
        server.start();
    }

    URI url() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    Path trust(Path folder) {
        return authority.writeTo(folder.resolve("ca.pem"));
    }

    /** Sets the status of the following answers. */
    ScriptedSsm answering(int newStatus) {
        status = newStatus;
        return this;
    }

    /** The number of requests, without token requests. */
    int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
