package io.licenserelay.ssm;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The endpoint {@code ssm:SITE} of a route: the site's SSM, by the site's own HTTP component with its trust, pool, limits and token.
 * Parameters are those of camel-http.
 */
public final class SsmComponent extends DefaultComponent {
    private final SsmServers servers;

    public SsmComponent(SsmServers servers) {
        this.servers = servers;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String site, Map<String, Object> parameters) {
        Map<String, Object> ofHttp = new HashMap<>(parameters);
        parameters.clear();
        return getCamelContext().getEndpoint(servers.of(site).uri(), ofHttp);
    }
}
