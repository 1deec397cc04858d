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
 * Makes a dead letter of a record that could not be read: key, value and headers unchanged, and why in headers named as
 * Kafka Connect names them, every one of them UTF-8 text and never null. A header that would steer Camel or its producer goes
 * under another name. Thread-safe.
 */
public final class DeadLetters {
    static final String PREFIX = "__connect.errors.";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration ONE_LINE_PER = Duration.ofMinutes(1);
    private static final int LONGEST_MESSAGE = 4_000;

    /** As often as Kafka refuses one as it is, before less of it is sent. */
    private static final int MOST_TRIES = 3;

    private final String topic;
    private final FoldedLog shortened = new FoldedLog(LOG::warn, ONE_LINE_PER);
    private final Map<String, FoldedLog> logs = new ConcurrentHashMap<>();

    public DeadLetters(String topic) {
        this.topic = topic;
    }

    /** A dead letter of the record that the message is, for the exception that was caught. */
    public DeadLetter of(Exchange exchange) {
        Message record = exchange.getMessage();
        Throwable thrown = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        String why = thrown == null ? "" : ShortText.of(String.valueOf(thrown.getMessage()), LONGEST_MESSAGE);
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
                .add("a record (" + place + ") goes to " + topic + ": " + why);
        byte[] key = record.getHeader(KafkaConstants.KEY, byte[].class);
        return new DeadLetter(
                new DeadLetter.Source(from, place, key, record.getBody(byte[].class), own(record), errors));
    }

    /** Makes the message what is sent to Kafka; it has to be made anew for each try, since the producer takes headers away. */
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

    /** What is to be tried next, after Kafka did not take this one. */
    public DeadLetter refused(DeadLetter letter, Exception thrown) {
        if (RefusedTopics.isOfRecord(thrown) && letter.tries() + 1 >= MOST_TRIES) {
            shortened.add("Kafka does not take all of " + letter.place() + ", so less of it goes to " + topic);
            return letter.shorter();
        }
        return letter.again();
    }

    /** Writes how many records went there without a line of their own. */
    public void logCounts() {
        logs.values().forEach(FoldedLog::flush);
        shortened.flush();
    }

    private static Map<String, byte[]> own(Message record) {
        Map<String, byte[]> own = new LinkedHashMap<>();
        Headers there = record.getHeader(KafkaConstants.HEADERS, Headers.class);
        if (there != null) {
            for (Header header : there) {
                if (header.value() != null) {
                    String name = header.key();
                    own.put(AllowedHeaders.steers(name) ? PREFIX + "header." + name : name, header.value());
                }
            }
        }
        return own;
    }

    private static byte[] text(@Nullable Object value) {
        return (value == null ? "" : value.toString()).getBytes(StandardCharsets.UTF_8);
    }
}
