package io.licenserelay.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.tls.Issued;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server with a certificate of its own, and users who are known by a certificate or by a proxy. */
class ServerTlsIT {
    private static final char[] NO_PASSWORD = new char[0];

    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    private final Issued authority = Issued.authority("Operators");

    @AfterEach
    void close() {
        cloud.relay().close();
    }

    @Test
    void aClientCertificateLogsItsUserIn() throws Exception {
        Path folder = cloud.folder();
        Issued server = authority.server("localhost");
        cloud.relay()
                .served()
                .setting("relay.web.tls", "own")
                .setting(
                        "relay.web.tls.certificate",
                        Issued.write(folder.resolve("relay.pem"), server).toString())
                .setting(
                        "relay.web.tls.key",
                        server.writeKey(folder.resolve("relay-key.pem")).toString())
                .setting(
                        "relay.web.tls.clients",
                        Issued.write(folder.resolve("clients.pem"), authority).toString())
                .setting("relay.web.operators", "alice");
        cloud.push("off").start();
        String address = cloud.relay().address().replace("127.0.0.1", "localhost");
        assertThat(address).startsWith("https://localhost:");

        assertThat(status(client(authority.server("alice")), address)).isEqualTo(404);
        assertThat(status(client(null), address)).isEqualTo(401);
        assertThatThrownBy(() -> status(HttpClient.newHttpClient(), address)).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> status(HttpClient.newHttpClient(), address.replace("https", "http")))
                .isInstanceOf(IOException.class);

        JsonNode access =
                Json.MAPPER.readTree(Files.readString(cloud.relay().data().resolve("relay.api")));
        assertThat(access.path("url").asText()).startsWith("http://127.0.0.1:");
        assertThat(status(
                        HttpClient.newHttpClient(),
                        access.path("url").asText(),
                        "Authorization",
                        "Bearer " + access.path("token").asText()))
                .isEqualTo(404);
    }

    @Test
    void aProxyNamesItsUsers() throws Exception {
        cloud.relay()
                .served()
                .setting("relay.web.tls", "terminated-by-proxy")
                .setting("relay.web.proxy.addresses", "127.0.0.1, ::1");
        cloud.push("off").start();
        assertThat(status(HttpClient.newHttpClient(), cloud.relay().address(), "X-Forwarded-User", "alice"))
                .isEqualTo(404);
        assertThat(status(HttpClient.newHttpClient(), cloud.relay().address())).isEqualTo(401);
    }

    @Test
    void nobodyElseNamesUsers() throws Exception {
        cloud.relay()
                .served()
                .setting("relay.web.tls", "terminated-by-proxy")
                .setting("relay.web.proxy.addresses", "10.0.0.5");
        cloud.push("off").start();
        assertThat(status(HttpClient.newHttpClient(), cloud.relay().address(), "X-Forwarded-User", "alice"))
                .isEqualTo(401);
    }

    /** 404 for a known user, because there is no such request; 401 for an unknown one. */
    private static int status(HttpClient client, String address, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/api/v1/requests/1"))
                .version(HttpClient.Version.HTTP_1_1);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** @param user the certificate of the client; null for none */
    private HttpClient client(@Nullable Issued user) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NO_PASSWORD);
        trusted.setCertificateEntry("ca", authority.chain().get(0));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, NO_PASSWORD);
        if (user != null) {
            own.setKeyEntry(
                    "user", user.keys().getPrivate(), NO_PASSWORD, user.chain().toArray(new X509Certificate[0]));
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
