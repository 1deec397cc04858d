package io.licenserelay.event.kafka;

import io.licenserelay.event.OutboxRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;

/** Converts outbox records to the messages that the Kafka component sends as one batch, each to its topic. */
public final class KafkaRecords {

    /** One message per record. Keys and headers are UTF-8 bytes, independent of the platform's charset. */
    public List<Message> messages(List<OutboxRecord> batch, Exchange exchange) {
        return batch.stream()
                .map(record -> message(record, exchange.getContext()))
                .toList();
    }

    /** Whether the batch has records to send. */
    public boolean hasAny(List<OutboxRecord> batch) {
        return !batch.isEmpty();
    }

    private static Message message(OutboxRecord record, CamelContext context) {
        Message message = new DefaultMessage(context);
        message.setHeader(KafkaConstants.OVERRIDE_TOPIC, record.topic());
        message.setHeader(KafkaConstants.KEY, record.key());
        record.headers().forEach((name, value) -> message.setHeader(name, value.getBytes(StandardCharsets.UTF_8)));
        message.setBody(record.value());
        return message;
    }
}
