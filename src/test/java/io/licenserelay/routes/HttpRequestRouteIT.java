package io.licenserelay.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.DevicesAndRelay;
import io.licenserelay.fixture.ManagerAndRelay;
import io.licenserelay.http.failure.HttpCall;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every HTTP request passes through the route {@code http-attempt}, whatever the server. */
class HttpRequestRouteIT {
    @RegisterExtension
    final ManagerAndRelay managers = new ManagerAndRelay();

    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @Test
    void everyManagerRequestPassesThroughTheRoute() throws Exception {
        managers.start();
        SentRequests sent = SentRequests.of(managers.relay().relay().camel());
        int before = managers.manager().requests().newest().size();
        managers.watch();
        List<String> received = managers.manager().requests().newest().stream()
                .skip(before)
                .map(each -> each.path())
                .toList();
        assertThat(received).contains("/j_security_check", "/logout");
        assertThat(sent.paths).containsExactlyInAnyOrderElementsOf(received);
        assertThat(sent.headers).isEmpty();
    }

    @Test
    void tokenRequestsAndDeviceRequestsPassThroughTheRoute() throws Exception {
        devices.add("edge-1").start();
        SentRequests sent = SentRequests.of(devices.relay().relay().camel());
        devices.sync();
        assertThat(devices.requestCount("edge-1", "all-reports")).isEqualTo(1);
        assertThat(sent.paths).containsOnlyOnce("/smartlic-service/all-reports");
        assertThat(sent.paths)
                .filteredOn(path -> path.endsWith("/oauth/token") || path.endsWith("/token"))
                .isNotEmpty();
        assertThat(sent.headers).isEmpty();
    }

    /** Records the path and the headers of each exchange that reaches the step that sends the request. */
    private static final class SentRequests extends EventNotifierSupport {
        private final List<String> paths = new CopyOnWriteArrayList<>();
        private final Set<String> headers = new ConcurrentSkipListSet<>(String.CASE_INSENSITIVE_ORDER);

        static SentRequests of(CamelContext camel) {
            SentRequests sent = new SentRequests();
            camel.getManagementStrategy().addEventNotifier(sent);
            sent.start();
            return sent;
        }

        @Override
        public void notify(CamelEvent event) {
            if (event instanceof ExchangeSendingEvent sending
                    && sending.getEndpoint().getEndpointUri().startsWith("server:")) {
                paths.add(URI.create(HttpCall.of(sending.getExchange()).url()).getPath());
                headers.addAll(sending.getExchange().getMessage().getHeaders().keySet());
            }
        }
    }
}
