package io.licenserelay.event;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * Kafka Connect names them, every one of them UTF-8 text and never null.
 */
public final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final String PREFIX = "__connect.errors.";

    private final String topic;

    public DeadLetters(String topic) {
        this.topic = topic;
    }

    /** Where they go. */
    public String topic() {
        return topic;
    }

    /** Prepares the message that the record came in; its body is returned as it was. */
    public byte @Nullable [] of(Exchange exchange) {
        Message record = exchange.getMessage();
        Throwable thrown = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        Map<String, byte[]> headers = original(record);
        headers.put(PREFIX + "topic", text(record.getHeader(KafkaConstants.TOPIC)));
        headers.put(PREFIX + "partition", text(record.getHeader(KafkaConstants.PARTITION)));
        headers.put(PREFIX + "offset", text(record.getHeader(KafkaConstants.OFFSET)));
        headers.put(PREFIX + "connector.name", text("license-relay"));
        headers.put(PREFIX + "stage", text("VALUE_CONVERTER"));
        headers.put(
                PREFIX + "exception.class.name",
                text(thrown == null ? "" : thrown.getClass().getName()));
        headers.put(PREFIX + "exception.message", text(thrown == null ? "" : thrown.getMessage()));
        LOG.warn(
                "a record on {} (offset {}) goes to {}: {}",
                record.getHeader(KafkaConstants.TOPIC),
                record.getHeader(KafkaConstants.OFFSET),
                topic,
                thrown == null ? "" : thrown.getMessage());
        Object key = record.getHeader(KafkaConstants.KEY);
        record.removeHeaders("*");
        headers.forEach(record::setHeader);
        record.setHeader(KafkaConstants.OVERRIDE_TOPIC, topic);
        if (key != null) {
            record.setHeader(KafkaConstants.KEY, key);
        }
        return record.getBody(byte[].class);
    }

    private static Map<String, byte[]> original(Message record) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        Headers there = record.getHeader(KafkaConstants.HEADERS, Headers.class);
        if (there != null) {
            for (Header header : there) {
                if (header.value() != null) {
                    headers.put(header.key(), header.value());
                }
            }
        }
        return headers;
    }

    private static byte[] text(@Nullable Object value) {
        return (value == null ? "" : value.toString()).getBytes(StandardCharsets.UTF_8);
    }
}
