package io.licenserelay.ssm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.reports.Submission;
import io.licenserelay.reports.Udi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Clock;

/**
 * Builds the requests of a push as in the cloud's public samples ({@code reportusage}, then {@code poll}). The payload is the same JSON
 * string value that the device wrote. Whether SSM On-Prem accepts these requests is unknown.
 */
public final class ReportRequests {
    private static final String ACTION = "acknowledgements";
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonFactory ASCII =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final Clock clock;

    public ReportRequests(Clock clock) {
        this.clock = clock;
    }

    /** The request writes to SSM, so it is never repeated automatically. The ledger decides whether it is sent again. */
    public HttpCall report(Site site, Submission submission) throws IOException {
        HttpCall call =
                call(site, submission, Resource.REPORT_USAGE, Step.REPORT_USAGE).onlyOnce();
        return complete(call, submission, json -> {
            json.writeArrayFieldStart("reports");
            json.writeStartObject();
            udi(json, "sudi", submission.udi());
            json.writeArrayFieldStart("usage");
            for (Submission.Usage usage : submission.usage()) {
                json.writeStartObject();
                json.writeStringField("payload", usage.payload());
                json.writeFieldName("signature");
                json.writeRawValue(usage.signature());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    /** The request is read-only, so it may be repeated. */
    public HttpCall poll(Site site, Submission submission) throws IOException {
        return complete(call(site, submission, Resource.POLL, Step.POLL), submission, json -> {
            String pollId = submission.pollId();
            if (pollId != null && pollId.matches("-?\\d{1,19}")) {
                json.writeFieldName("poll_id");
                json.writeNumber(pollId);
            } else if (pollId != null) {
                json.writeStringField("poll_id", pollId);
            }
            json.writeStringField("action", ACTION);
        });
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private HttpCall call(Site site, Submission submission, Resource resource, Step step) {
        String url = site.ssm().url() + SsmRequests.path(site, resource);
        return new HttpCall(site, submission.place(), step, "POST", url, null, clock.instant());
    }

    private HttpCall complete(HttpCall call, Submission submission, Fields fields) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeObjectFieldStart("data");
            json.writeNumberField("timestamp", clock.millis());
            json.writeStringField("nonce", submission.nonce());
            fields.write(json);
            json.writeEndObject();
            json.writeEndObject();
        }
        return call.json(body.toByteArray())
                .header("X-CSW-SMART-ACCOUNT-ID", submission.ids().account())
                .header("X-CSW-VIRTUAL-ACCOUNT-ID", submission.ids().va())
                .header("X-CSW-REQUESTING-SYSTEM", requestingSystem(submission.udi()));
    }

    /** An HTTP header value must be ASCII. */
    private static String requestingSystem(Udi udi) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = ASCII.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("udi_pid", udi.pid());
            json.writeStringField("udi_serial_number", udi.serial());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void udi(JsonGenerator json, String name, Udi udi) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("udi_pid", udi.pid());
        json.writeStringField("udi_serial_number", udi.serial());
        json.writeEndObject();
    }
}
