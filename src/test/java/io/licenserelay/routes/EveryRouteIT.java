package io.licenserelay.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for every route, including future routes. */
class EveryRouteIT {
    @TempDir
    static Path folder;

    private static RouteRelay relay;

    @BeforeAll
    static void start() throws Exception {
        relay = RouteRelay.start(folder, true);
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    @Test
    void everyRouteHasAnErrorHandlerOrLeavesErrorsToItsCaller() throws Exception {
        assertThat(relay.routes())
                .extracting(RouteDefinition::getRouteId)
                .contains("run", "diagnose-run", "va", "failure", "publish", "commands")
                .contains("ssm", "pull", "account", "schedule")
                .contains("inbox-timer.hq", "inbox-timer.branch");
        for (RouteDefinition route : relay.routes()) {
            String uri = route.getInput().getEndpointUri();
            // Routes that start an exchange. A user can also start a run.
            boolean startsExchange = !uri.startsWith("direct:") || uri.equals("direct:run");
            assertThat(startsExchange ? hasDefaultErrorHandler(route) : leavesErrors(route))
                    .as("%s from %s", route.getRouteId(), uri)
                    .isTrue();
        }
    }

    @Test
    void everyKafkaProducerHasAnAllowList() throws Exception {
        assertThat(relay.kafkaProducers()).hasSizeGreaterThan(1);
        for (String uri : relay.kafkaProducers()) {
            Matcher bean = Pattern.compile("headerFilterStrategy=#(\\w+)").matcher(uri);
            assertThat(bean.find()).as(uri).isTrue();
            HeaderFilterStrategy strategy =
                    relay.camel().getRegistry().lookupByNameAndType(bean.group(1), HeaderFilterStrategy.class);
            Exchange exchange = new DefaultExchange(relay.camel());
            // HTTP and timers leave text headers; the headers of an event are bytes.
            for (String name : List.of("Authorization", "Cookie", "X-Any", "CamelHttpUri", "kafka.OVERRIDE_TOPIC")) {
                assertThat(strategy.applyFilterToCamelHeaders(name, "text", exchange))
                        .as("%s at %s", name, uri)
                        .isTrue();
            }
        }
    }

    private static boolean hasDefaultErrorHandler(RouteDefinition route) {
        return !hasNoErrorHandler(route)
                && route.getRouteConfigurationId() == null
                && route.getAppliedRouteConfigurationIds() != null
                && !route.getAppliedRouteConfigurationIds().isEmpty();
    }

    private static boolean leavesErrors(RouteDefinition route) {
        return hasNoErrorHandler(route) || "http-retries".equals(route.getRouteConfigurationId());
    }

    private static boolean hasNoErrorHandler(RouteDefinition route) {
        return route.getErrorHandler() != null
                && route.getErrorHandler().getErrorHandlerType() instanceof NoErrorHandlerDefinition;
    }
}
