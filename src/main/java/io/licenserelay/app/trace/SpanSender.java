package io.licenserelay.app.trace;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.secret.SecretUnavailable;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.TraceSettings;
import io.licenserelay.http.ServerClient;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans as OTLP over HTTP (protobuf) with the HTTP client that is used for all other servers, so the same rules of trust and the same
 * limits apply. A batch is sent once; an outage is logged once, and its end once. OpenTelemetry's own exporters log by
 * {@code java.util.logging}, past the format and the redaction of the relay's log. Only the thread of the span processor uses it.
 */
final class SpanSender implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(SpanSender.class);
    private static final ContentType PROTOBUF = ContentType.create("application/x-protobuf");
    private static final int FIRST_REFUSAL = 300;

    /** A collector answers with a few bytes; a slow one blocks only the thread of the span processor. */
    private static final Site.Limits LIMITS = new Site.Limits(
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            1 << 16);

    private final TraceSettings settings;
    private final ServerClient http;
    private volatile boolean isAway;

    /** @throws IOException if a trust file cannot be read */
    SpanSender(TraceSettings settings) throws IOException {
        this.settings = settings;
        this.http = new ServerClient(new ServerClient.Server(settings.trust(), LIMITS, null, 1));
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        try {
            send(spans);
            if (isAway) {
                isAway = false;
                LOG.info("traces are sent again to {}", settings.endpoint());
            }
            return CompletableResultCode.ofSuccess();
        } catch (IOException | SecretUnavailable failed) {
            if (!isAway) {
                isAway = true;
                LOG.warn(
                        "cannot send traces to {}, which loses spans until it works again: {}",
                        settings.endpoint(),
                        failed.getMessage());
            }
            return CompletableResultCode.ofFailure();
        }
    }

    private void send(Collection<SpanData> spans) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<SpanData> sent =
                spans.stream().<SpanData>map(SpanWithoutEvents::new).toList();
        TraceRequestMarshaler.create(sent).writeBinaryTo(body);
        ClassicRequestBuilder request = ClassicRequestBuilder.post(settings.endpoint())
                .setEntity(new ByteArrayEntity(body.toByteArray(), PROTOBUF));
        for (Map.Entry<String, Secret> header : settings.headers().entrySet()) {
            request.setHeader(header.getKey(), header.getValue().revealText());
        }
        ClassicHttpRequest built = request.build();
        int status = http.client().execute(built, answer -> {
            EntityUtils.consume(answer.getEntity());
            return answer.getCode();
        });
        if (status >= FIRST_REFUSAL) {
            throw new IOException("the collector answered with status " + status);
        }
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            LOG.debug("the connections to {} were not closed", settings.endpoint(), e);
        }
    }
}
