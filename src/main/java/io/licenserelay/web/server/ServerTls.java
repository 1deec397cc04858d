package io.licenserelay.web.server;

import io.licenserelay.config.tls.FileVersion;
import io.licenserelay.config.web.CertificateFiles;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS of a listener: TLS 1.2 and 1.3, with certificate files that are read again after they changed. */
final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final CertificateFiles files;
    private List<FileVersion> versions;

    /** @throws IOException if a file cannot be read */
    ServerTls(CertificateFiles files) throws IOException {
        this.files = files;
        this.versions = FileVersion.of(files.all());
    }

    void configure(HttpServerOptions options) {
        options.setSsl(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setKeyCertOptions(keys());
        if (files.clientAuthorities() != null) {
            options.setClientAuth(ClientAuth.REQUEST)
                    .setTrustOptions(new PemTrustOptions()
                            .addCertPath(files.clientAuthorities().toString()));
        }
    }

    /** Uses the files for new connections if one has changed. If they cannot be used, the previous ones stay in use. */
    void refresh(HttpServer server) {
        try {
            List<FileVersion> now = FileVersion.of(files.all());
            if (now.equals(versions)) {
                return;
            }
            versions = now;
        } catch (IOException replacing) {
            LOG.debug("The certificate of the server is not there now", replacing);
            return;
        }
        HttpServerOptions options = new HttpServerOptions();
        configure(options);
        server.updateSSLOptions(options.getSslOptions())
                .onSuccess(
                        done -> LOG.info("The certificate of the server was read again from {}", files.certificate()))
                .onFailure(failed -> LOG.warn(
                        "The certificate of the server cannot be read again; the previous one stays in use: {}",
                        failed.getMessage()));
    }

    private PemKeyCertOptions keys() {
        return new PemKeyCertOptions()
                .setCertPath(files.certificate().toString())
                .setKeyPath(files.key().toString());
    }
}
