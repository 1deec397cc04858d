package io.licenserelay.cli.incidents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.EventText;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.KafkaUnavailable;
import io.licenserelay.event.kafka.TopicTail;
import io.licenserelay.text.BoundedJson;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code events tail}: prints the failures topic for people. */
@Command(
        name = "tail",
        description = {
            "Prints the newest events of the failures topic: place, start, cause and next step.",
            "Connects with relay.kafka.* of application.properties, joins no consumer group and commits no offset."
        },
        exitCodeList = {
            "0:printed",
            "1:Kafka is unreachable or refuses access",
            "2:no such topic, or bad settings or options"
        })
final class EventsTailCommand extends RelayCommand {
    private static final int MAX_LINES = 1000;
    private static final int LARGEST = 1 << 20;

    /** Limit of JSON values and names in one event. The largest event of a relay has far fewer. */
    private static final int MOST_VALUES = 100_000;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "COUNT",
            defaultValue = "10",
            description = "Number of newest events, 0 to 1000 (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--from-beginning", description = "Print every event that the topic still has.")
    private boolean all;

    @Option(
            names = {"-f", "--follow"},
            description = "Continue with new events until Ctrl-C.")
    private boolean follow;

    @Option(names = "--json", description = "Print each event as it is on the topic, one per line, and nothing else.")
    private boolean json;

    @Mixin
    private ColorOption color;

    @Override
    public Integer call() throws Exception {
        if (count < 0 || count > MAX_LINES) {
            throw new ParameterException(spec.commandLine(), "--lines must be 0 to " + MAX_LINES + ", not " + count);
        }
        Settings settings = folders.settings();
        String topic = settings.topic(Topic.FAILURES);
        try (TopicTail tail = new TopicTail(settings.kafka(), topic)) {
            if (!tail.exists()) {
                throw CommandErrors.usage("The topic " + topic + " does not exist at "
                        + settings.kafka().brokers()
                        + ". \"license-relay check\" creates it; relay.topics.failures sets its name.");
            }
            show(tail);
            return 0;
        } catch (KafkaUnavailable unavailable) {
            throw CommandErrors.failure(String.valueOf(unavailable.getMessage()));
        }
    }

    private void show(TopicTail tail) throws KafkaUnavailable {
        if (all) {
            tail.all(this::print);
        } else {
            tail.last(count, this::print);
        }
        if (follow) {
            tail.follow(this::print);
        }
    }

    private void print(ConsumerRecord<byte[], byte[]> record) {
        JsonNode event = event(record);
        if (!event.path("data").isObject()) {
            err().println("The record at partition " + record.partition() + ", offset " + record.offset()
                    + " is not an event of a relay.");
            err().flush();
        } else if (json) {
            out().println(event);
        } else {
            EventText.print(event, color.writer(text()));
        }
        out().flush();
    }

    private static JsonNode event(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null || value.length > LARGEST) {
            return MissingNode.getInstance();
        }
        try {
            return BoundedJson.tree(value, MOST_VALUES);
        } catch (IOException foreign) {
            return MissingNode.getInstance();
        }
    }
}
