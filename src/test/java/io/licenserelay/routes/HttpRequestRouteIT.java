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

/** Whatever the server, its requests pass the route {@code http-attempt}. */
class HttpRequestRouteIT {
    @RegisterExtension
    final ManagerAndRelay managers = new ManagerAndRelay();

    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @Test
    void everyRequestThatAManagerGetsPassesIt() throws Exception {
        managers.start();
        Passing passing = Passing.of(managers.relay().relay().camel());
        int before = managers.manager().requests().newest().size();
        managers.watch();
        List<String> received = managers.manager().requests().newest().stream()
                .skip(before)
                .map(each -> each.path())
                .toList();
        assertThat(received).contains("/j_security_check", "/logout");
        assertThat(passing.paths).containsExactlyInAnyOrderElementsOf(received);
        assertThat(passing.headers).isEmpty();
    }

    @Test
    void theRequestsForATokenAndTheOnesToDevicesPassIt() throws Exception {
        devices.add("edge-1").start();
        Passing passing = Passing.of(devices.relay().relay().camel());
        devices.sync();
        assertThat(devices.requestCount("edge-1", "all-reports")).isEqualTo(1);
        assertThat(passing.paths).containsOnlyOnce("/smartlic-service/all-reports");
        assertThat(passing.paths)
                .filteredOn(path -> path.endsWith("/oauth/token") || path.endsWith("/token"))
                .isNotEmpty();
        assertThat(passing.headers).isEmpty();
    }

    /** What the step that sends is given. */
    private static final class Passing extends EventNotifierSupport {
        private final List<String> paths = new CopyOnWriteArrayList<>();
        private final Set<String> headers = new ConcurrentSkipListSet<>(String.CASE_INSENSITIVE_ORDER);

        static Passing of(CamelContext camel) {
            Passing passing = new Passing();
            camel.getManagementStrategy().addEventNotifier(passing);
            passing.start();
            return passing;
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
