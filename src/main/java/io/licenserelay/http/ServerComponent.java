package io.licenserelay.http;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.ProcessorEndpoint;

/**
 * The endpoint {@code server:target} of a route. It sends the request in the variable {@code call}. One endpoint serves all servers,
 * because the call contains the HTTP client of its target; camel-http would need one component per server.
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
