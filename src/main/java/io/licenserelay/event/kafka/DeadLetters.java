package io.licenserelay.event.kafka;

import io.licenserelay.event.FoldedLog;
import io.licenserelay.event.RefusedTopics;
import io.licenserelay.text.ShortText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a dead letter from a record that could not be read. Key, value and headers are unchanged. The error is in
 * headers with the names of Kafka Connect, as UTF-8 text and never null. A header that would control Camel or its
 * producer is renamed. Thread-safe.
 */
public final class DeadLetters {
    static final String PREFIX = "__connect.errors.";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration ONE_LINE_PER = Duration.ofMinutes(1);
    private static final int MAX_MESSAGE_LENGTH = 4_000;

    /** The number of refusals before less of the record is sent. */
    private static final int MAX_TRIES = 3;

    private final String topic;
    private final FoldedLog shortened = new FoldedLog(LOG::warn, ONE_LINE_PER);
    private final Map<String, FoldedLog> logs = new ConcurrentHashMap<>();

    public DeadLetters(String topic) {
        this.topic = topic;
    }

    /** Creates a dead letter from the record in the message and the caught exception. */
    public DeadLetter of(Exchange exchange) {
        Message record = exchange.getMessage();
        Throwable thrown = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        String why = thrown == null ? "" : ShortText.of(String.valueOf(thrown.getMessage()), MAX_MESSAGE_LENGTH);
        String from = String.valueOf(record.getHeader(KafkaConstants.TOPIC));
        String place =
                from + "/" + record.getHeader(KafkaConstants.PARTITION) + "/" + record.getHeader(KafkaConstants.OFFSET);
        Map<String, byte[]> errors = new LinkedHashMap<>();
        errors.put(PREFIX + "topic", text(from));
        errors.put(PREFIX + "partition", text(record.getHeader(KafkaConstants.PARTITION)));
        errors.put(PREFIX + "offset", text(record.getHeader(KafkaConstants.OFFSET)));
        errors.put(PREFIX + "connector.name", text("license-relay"));
        errors.put(PREFIX + "stage", text("VALUE_CONVERTER"));
        errors.put(
                PREFIX + "exception.class.name",
                text(thrown == null ? "" : thrown.getClass().getName()));
        errors.put(PREFIX + "exception.message", text(why));
        logs.computeIfAbsent(from, each -> new FoldedLog(LOG::warn, ONE_LINE_PER))
                .add("sent a record (" + place + ") to " + topic + ": " + why);
        byte[] key = record.getHeader(KafkaConstants.KEY, byte[].class);
        return new DeadLetter(
                new DeadLetter.Source(from, place, key, record.getBody(byte[].class), ownHeaders(record), errors));
    }

    /** Writes the dead letter to the message. This is repeated for each try, because the producer removes headers. */
    public void write(Exchange exchange, DeadLetter letter) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        letter.headers().forEach(message::setHeader);
        message.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
        if (letter.key() != null) {
            message.setHeader(KafkaConstants.KEY, letter.key());
        }
        message.setBody(letter.value());
    }

    /** Returns the dead letter for the next try, after Kafka did not accept this one. */
    public DeadLetter refused(DeadLetter letter, Exception thrown) {
        if (RefusedTopics.isOfRecord(thrown) && letter.tries() + 1 >= MAX_TRIES) {
            shortened.add("Kafka refuses the whole record " + letter.place() + ", so a part of it is sent to " + topic);
            return letter.shortened();
        }
        return letter.retried();
    }

    /** Logs the number of dead letters that were not logged separately. */
    public void logCounts() {
        logs.values().forEach(FoldedLog::flush);
        shortened.flush();
    }

    private static Map<String, byte[]> ownHeaders(Message record) {
        Map<String, byte[]> ownHeaders = new LinkedHashMap<>();
        Headers received = record.getHeader(KafkaConstants.HEADERS, Headers.class);
        if (received != null) {
            for (Header header : received) {
                if (header.value() != null) {
                    String name = header.key();
                    ownHeaders.put(
                            AllowedHeaders.isControlHeader(name) ? PREFIX + "header." + name : name, header.value());
                }
            }
        }
        return ownHeaders;
    }

    private static byte[] text(@Nullable Object value) {
        return (value == null ? "" : value.toString()).getBytes(StandardCharsets.UTF_8);
    }
}
