package io.licenserelay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** How a session's request is sent, and what its caller gets. */
class RouteSenderTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private final Site site = TestSite.at("https://ssm.example.net").site();
    private final HttpCall call =
            HttpCall.ofSession(site, Step.TOKEN, "POST", site.ssm().url() + "/oauth/token", CLOCK.instant());
    private final RouteSender sender = new RouteSender(direct -> answer(201));

    @Test
    void aRequestBypassesTheRoutesBeforeTheyStartAndAfterTheyStop() throws Exception {
        assertThat(sender.send(call).status()).isEqualTo(201);
        try (CamelContext camel = started(exchange -> exchange.getMessage().setBody(answer(202)))) {
            sender.use(camel);
            assertThat(sender.send(call).status()).isEqualTo(202);
        }
        assertThat(sender.send(call).status()).isEqualTo(201);
    }

    @Test
    void anExceptionOfAnAttemptIsRethrownUnchanged() throws Exception {
        IOException thrown = new IOException("no answer");
        assertThatThrownBy(() -> sendFailing(thrown)).isSameAs(thrown);
        RuntimeException broken = new IllegalStateException("broken");
        assertThatThrownBy(() -> sendFailing(broken)).isSameAs(broken);
        assertThatThrownBy(() -> sendFailing(new InterruptedException()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was aborted");
    }

    private void sendFailing(Exception thrown) throws Exception {
        try (CamelContext camel = started(exchange -> {
            throw thrown;
        })) {
            sender.use(camel);
            sender.send(call);
        }
    }

    private static CamelContext started(Processor attempt) throws Exception {
        CamelContext camel = new DefaultCamelContext();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(RouteSender.ROUTE)
                        .errorHandler(noErrorHandler())
                        .process(RouteSenderTest::assertOnlyTheCall)
                        .process(attempt);
            }
        });
        camel.start();
        return camel;
    }

    private static void assertOnlyTheCall(Exchange exchange) {
        assertThat(exchange.getMessage().getBody()).isInstanceOf(HttpCall.class);
        assertThat(exchange.getMessage().getHeaders()).isEmpty();
    }

    private HttpAnswer answer(int status) {
        return new HttpAnswer(InputStream.nullInputStream(), call, status, Map.of(), null, CLOCK);
    }
}
