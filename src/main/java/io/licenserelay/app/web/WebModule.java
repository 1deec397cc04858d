package io.licenserelay.app.web;

import io.licenserelay.config.web.WebSettings;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.view.ReadApi;
import io.licenserelay.web.access.ApiToken;
import io.licenserelay.web.access.Gate;
import io.licenserelay.web.access.LoginHandlers;
import io.licenserelay.web.access.Logins;
import io.licenserelay.web.api.ImportHandler;
import io.licenserelay.web.api.ReadHandlers;
import io.licenserelay.web.api.WorkRequests;
import io.licenserelay.web.console.Pages;
import io.licenserelay.web.server.AddressUnavailable;
import io.licenserelay.web.server.WebServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.camel.CamelContext;

/** Builds the server of API and console. */
public final class WebModule implements AutoCloseable {
    private final WebServer server;
    private final Logins logins;
    private final Clock clock;

    /**
     * Nothing listens yet.
     *
     * @param data the data folder of the relay, where commands find the address
     * @throws IOException if the file with the users, which was valid when the settings were read, cannot be used
     */
    public WebModule(WebSettings settings, Path data, Clock clock) throws IOException {
        this.clock = clock;
        ApiToken token = ApiToken.create(data);
        this.logins = new Logins(token, settings, clock);
        this.server = new WebServer(settings, token, new Gate(hosts(settings), logins));
    }

    private static Set<String> hosts(WebSettings settings) {
        Set<String> hosts = new LinkedHashSet<>(settings.names());
        if (settings.address() != null) {
            hosts.add(settings.address().host());
        }
        if (settings.url() != null) {
            hosts.add(URI.create(settings.url()).getHost());
        }
        return hosts;
    }

    /**
     * Adds the handlers that use the relay.
     *
     * @param rules the causes that the console explains
     * @param data the data folder, for files while they are received
     */
    public void use(ReadApi reads, Rules rules, WorkRequests requests, Path data) throws IOException {
        Pages pages = new Pages(reads, requests, rules, clock);
        new LoginHandlers(logins, pages).addTo(server.router());
        pages.addTo(server.router());
        new ReadHandlers(reads).addTo(server.router());
        new ImportHandler(data, requests).addTo(server.router());
    }

    /** Lets the routes of a context take requests. To be called before its routes are loaded. */
    public void connect(CamelContext camel) {
        server.connect(camel);
    }

    /**
     * Opens the listeners. From now on, commands on the data folder find the server.
     *
     * @throws AddressUnavailable if the configured address cannot be used
     */
    public void listen() throws IOException {
        server.listen();
    }

    /** The address for people, with the port. */
    public String address() {
        return server.address();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
