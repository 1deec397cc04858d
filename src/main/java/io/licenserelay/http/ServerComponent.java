package io.licenserelay.http;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.ProcessorEndpoint;

/**
 * The endpoint {@code server:target} of a route: the server to which the request in the variable {@code call} goes. One endpoint serves all
 * servers, because the call brings the client of its target along; camel-http would need a component for each server.
 */
public final class ServerComponent extends DefaultComponent {
    private final HttpRequests requests;

    public ServerComponent(HttpRequests requests) {
        this.requests = requests;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new ProcessorEndpoint(uri, this, requests);
    }
}
