package io.licenserelay.cli.incidents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.EventText;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.KafkaUnavailable;
import io.licenserelay.event.kafka.TopicTail;
import io.licenserelay.text.BoundedJson;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code events tail}: the failures topic for people. */
@Command(
        name = "tail",
        description = {
            "Shows the newest events of the failures topic: what is not well and since when, why, and the next step.",
            "Reads as any consumer does, with relay.kafka.* of application.properties, and leaves no trace on Kafka."
        },
        exitCodeList = {"0:shown", "1:Kafka is away, or refuses", "2:no such topic, bad settings or options"})
final class EventsTailCommand extends RelayCommand {
    private static final int MOST = 1000;
    private static final int LARGEST = 1 << 20;

    /** Values and names of one event; those of the largest event are far fewer. */
    private static final int MOST_VALUES = 100_000;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "COUNT",
            defaultValue = "10",
            description = "So many of the newest events, 0 to 1000 (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--from-beginning", description = "Every event that the topic still has.")
    private boolean all;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--json", description = "Print each event as it is on the topic, one a line, and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (count < 0 || count > MOST) {
            throw new ParameterException(spec.commandLine(), "--lines is from 0 to " + MOST + ", not " + count);
        }
        Settings settings = folders.settings();
        String topic = settings.topic(Topic.FAILURES);
        try (TopicTail tail = new TopicTail(settings.kafka(), topic)) {
            if (!tail.exists()) {
                throw CommandErrors.usage(
                        "There is no topic " + topic + " at " + settings.kafka().brokers()
                                + "; \"license-relay check\" makes it, relay.topics.failures names it.");
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
        PrintWriter out = out();
        JsonNode event = event(record);
        if (!event.path("data").isObject()) {
            err().println("The record at partition " + record.partition() + ", offset " + record.offset()
                    + " is no event of a relay.");
            err().flush();
        } else if (json) {
            out.println(event);
        } else {
            EventText.print(event, out);
        }
        out.flush();
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
