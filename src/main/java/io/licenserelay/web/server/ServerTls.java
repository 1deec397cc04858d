package io.licenserelay.web.server;

import io.licenserelay.config.web.CertificateFiles;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS of a listener: TLS 1.2 and 1.3, with certificate files that are read again after they changed. */
final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final CertificateFiles files;
    private String stamp;

    ServerTls(CertificateFiles files) {
        this.files = files;
        this.stamp = stamp(files);
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
        String now = stamp(files);
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
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

    /** A file that is missing for a moment, while it is replaced, has a stamp of its own. */
    private static String stamp(CertificateFiles files) {
        List<String> stamps = new ArrayList<>();
        for (Path file : files.all()) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(now.size() + " " + now.lastModifiedTime().toMillis() + " " + now.fileKey());
            } catch (IOException e) {
                stamps.add(String.valueOf(e.getMessage()));
            }
        }
        return String.join("\n", stamps);
    }
}
