package io.licenserelay.ssm.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.reports.Udi;
import io.licenserelay.text.FunnelInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The answer to usage reports or to a poll, read token by token without a JSON tree. It keeps the few fields of the protocol and the
 * beginning of the text. Acknowledgements are passed on one by one. Not thread-safe.
 */
public final class ProtocolAnswer {
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_FIELD_LENGTH = 64 * 1024;

    /** The limit of all text of one acknowledgement. */
    private static final int MAX_ACK_LENGTH = 1024 * 1024;

    private static final Set<String> FIELDS = Set.of("status", "poll_id", "poll_interval", "message_code", "message");
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxNumberLength(1_000)
                    .maxStringLength(MAX_ACK_LENGTH)
                    .maxNameLength(1_000)
                    .build())
            .build();

    private final Map<String, String> fields = new HashMap<>();
    private final BodyStart body;
    private final JsonParser parser;
    private final FieldNames names;
    private final AckConsumer consumer;
    private int acks;

    private ProtocolAnswer(BodyStart body, JsonParser parser, AckConsumer consumer) {
        this.body = body;
        this.parser = parser;
        this.names = new FieldNames(parser);
        this.consumer = consumer;
    }

    /**
     * One acknowledgement as SSM sent it.
     *
     * @param surroundingText all its names and values, one pair per line
     */
    public record ReceivedAck(Udi udi, String base64, String surroundingText) {}

    /** Receives an acknowledgement. */
    public interface AckConsumer {
        void take(ReceivedAck received) throws IOException;
    }

    /**
     * Reads the answer and closes the stream.
     *
     * @throws BadAnswer when the answer is truncated, is not a JSON object, or exceeds a limit
     */
    public static ProtocolAnswer read(InputStream answer, AckConsumer consumer) throws IOException {
        BodyStart body = new BodyStart(answer);
        try (body;
                JsonParser parser = JSON.createParser(body)) {
            ProtocolAnswer read = new ProtocolAnswer(body, parser, consumer);
            read.readAll();
            return read;
        } catch (IOException e) {
            throw BadAnswer.of(e);
        }
    }

    /** The text of a field, or an empty string if the field is missing. */
    public String text(String field) {
        return fields.getOrDefault(field, "");
    }

    /** The beginning of the answer, as evidence. The rest of a longer answer is mostly acknowledgements, which are stored separately. */
    public String answerText() {
        return body.text();
    }

    private void readAll() throws IOException {
        if (parser.nextToken() == null) {
            throw BadAnswer.cut("the answer is empty");
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw BadAnswer.shape("the answer", "is not an object but " + parser.currentToken());
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = names.current();
            JsonToken value = parser.nextToken();
            if (name.equals("data") && value == JsonToken.START_OBJECT) {
                data();
            } else if (FIELDS.contains(name) && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                fields.put(name, shortened(parser.getText()));
            } else {
                names.skip();
            }
        }
        if (parser.nextToken() != null) {
            throw BadAnswer.malformed("unexpected data after the answer: " + parser.currentToken());
        }
    }

    private void data() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean list = names.current().equals("acknowledgements");
            JsonToken value = parser.nextToken();
            if (list && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    consumer.take(ack());
                    acks++;
                }
            } else if (list && value != JsonToken.VALUE_NULL) {
                throw BadAnswer.shape("data.acknowledgements", "is not a list but " + value);
            } else {
                names.skip();
            }
        }
    }

    private ReceivedAck ack() throws IOException {
        Map<String, String> found = new HashMap<>();
        StringBuilder surroundingText = new StringBuilder();
        String place = "data.acknowledgements[" + acks + "]";
        String parent = "";
        String name = "";
        int open = 0;
        for (JsonToken token = parser.currentToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.FIELD_NAME) {
                name = names.current();
                addLine(surroundingText, name, place);
            } else if (token.isStructStart()) {
                parent = open == 1 ? name + "." : parent;
                open++;
            } else if (token.isStructEnd()) {
                open--;
            } else if (token != JsonToken.VALUE_NULL) {
                addLine(surroundingText, parser.getText(), place);
                if (open <= 2) {
                    found.put(open == 1 ? name : parent + name, parser.getText());
                }
            }
            if (open == 0) {
                break;
            }
        }
        Udi udi = new Udi(found.getOrDefault("sudi.udi_pid", ""), found.getOrDefault("sudi.udi_serial_number", ""));
        return new ReceivedAck(udi, found.getOrDefault("smart_license", ""), surroundingText.toString());
    }

    private static void addLine(StringBuilder surroundingText, String text, String place) throws BadAnswer {
        if (surroundingText.length() + text.length() >= MAX_ACK_LENGTH) {
            throw BadAnswer.tooLarge(place + " has more than " + MAX_ACK_LENGTH + " characters");
        }
        surroundingText.append(text).append('\n');
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), MAX_FIELD_LENGTH));
    }

    /** Keeps the beginning of the answer, and limits its size. */
    private static final class BodyStart extends FunnelInputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private long read;

        BodyStart(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                kept.write(buffer, offset, Math.min(count, MAX_FIELD_LENGTH - kept.size()));
                read += count;
            }
            if (read > MAX_BYTES) {
                throw BadAnswer.tooLarge("the answer is larger than " + MAX_BYTES + " bytes");
            }
            return count;
        }

        public String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
