package io.licenserelay.ssm.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.licenserelay.http.failure.BadAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/**
 * Reads a list of an answer token by token, so that memory does not grow with the number of items. Unknown fields are skipped, up to the
 * nesting limit of the JSON parser.
 */
public final class JsonArrayStream {
    private static final int MAX_FIELD_DEPTH = 3;

    /** The limit of one kept value. Skipped values may have any length. */
    private static final int MAX_VALUE_LENGTH = 64 * 1024;

    /** The limit of all kept values of one item: a license has one end date for each of its parts. */
    private static final int MAX_ITEM_CHARS = 256 * 1024;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxNumberLength(1_000)
                    .maxStringLength(MAX_VALUE_LENGTH)
                    .maxNameLength(1_000)
                    .build())
            .build();

    private JsonArrayStream() {}

    /**
     * The list to read.
     *
     * @param list the field name of the list: {@code licenses}
     * @param fields paths of the fields to keep, see {@link JsonItem}, including those of the inner list
     */
    public record Shape(String list, Set<String> fields) {}

    /** Receives an item. The next call reuses the same object. */
    public interface ItemConsumer {
        void take(JsonItem item) throws IOException;
    }

    /**
     * The number of items of a list.
     *
     * @param total the total that the server reports, or -1 if it reports none
     */
    public record Listed(long count, long total) {}

    /**
     * Reads the list and closes the stream.
     *
     * @param fingerprint records the field names of the items
     * @throws BadAnswer when the answer is truncated, is not JSON, or lacks the list
     */
    public static Listed read(InputStream answer, Shape shape, ApiFingerprint fingerprint, ItemConsumer consumer)
            throws IOException {
        return read(answer, shape, fingerprint, consumer, "", item -> {});
    }

    /**
     * Reads a list whose items contain an inner list.
     *
     * @param inner the field name of the inner list
     * @param innerConsumer receives the inner items, all of them before their outer item
     */
    public static Listed read(
            InputStream answer,
            Shape shape,
            ApiFingerprint fingerprint,
            ItemConsumer consumer,
            String inner,
            ItemConsumer innerConsumer)
            throws IOException {
        FieldCounts counts = new FieldCounts();
        try (answer;
                JsonParser parser = JSON.createParser(answer)) {
            return new Reading(parser, shape, counts, consumer, inner, innerConsumer).readAll();
        } catch (IOException e) {
            throw BadAnswer.of(e);
        } finally {
            fingerprint.list(shape.list(), counts);
        }
    }

    private static final class Reading {
        private final JsonParser parser;
        private final String list;
        private final FieldCounts counts;
        private final ItemConsumer consumer;
        private final String inner;
        private final ItemConsumer innerConsumer;
        private final Set<String> fields;
        private final FieldPaths paths = new FieldPaths();
        private final FieldNames names;
        private JsonItem item;
        private long count = -1;
        private long total = -1;

        Reading(
                JsonParser parser,
                Shape shape,
                FieldCounts counts,
                ItemConsumer consumer,
                String inner,
                ItemConsumer innerConsumer) {
            this.parser = parser;
            this.names = new FieldNames(parser);
            this.list = shape.list();
            this.fields = shape.fields();
            this.counts = counts;
            this.consumer = consumer;
            this.inner = inner;
            this.innerConsumer = innerConsumer;
            this.item = new JsonItem(fields);
        }

        Listed readAll() throws IOException {
            if (parser.nextToken() == null) {
                throw BadAnswer.cut("the answer is empty");
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw BadAnswer.shape("the answer", "is not an object but " + parser.currentToken());
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = names.current();
                JsonToken value = parser.nextToken();
                if (name.equals(list) && value == JsonToken.START_ARRAY) {
                    items();
                } else if (name.equals("totalRecords") && value.isScalarValue()) {
                    total = total(parser.getText());
                } else {
                    names.skip();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                throw BadAnswer.cut("the answer ends early");
            }
            if (count < 0) {
                throw BadAnswer.shape(list, "is missing");
            }
            // The connection can be reused only after the answer was read to its last byte.
            if (parser.nextToken() != null) {
                throw BadAnswer.malformed("unexpected data after the answer: " + parser.currentToken());
            }
            return new Listed(count, total);
        }

        /** A total that is not a valid number counts as missing. */
        private static long total(String text) {
            return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
        }

        private void items() throws IOException {
            if (count >= 0) {
                throw BadAnswer.shape(list, "occurs twice");
            }
            count = 0;
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                item.start("", list, count);
                fields("", 1);
                counts.itemEnds();
                consumer.take(item);
                count++;
            }
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                throw BadAnswer.shape(list + "[" + count + "]", "is not an object but " + parser.currentToken());
            }
        }

        private void innerItems() throws IOException {
            JsonItem outer = item;
            int number = 0;
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                item = new JsonItem(fields);
                item.start(outer.place() + ".", inner, number++);
                fields("", 2);
                innerConsumer.take(item);
            }
            item = outer;
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                throw BadAnswer.shape(
                        outer.place() + "." + inner + "[" + number + "]",
                        "is not an object but " + parser.currentToken());
            }
        }

        private void fields(String prefix, int depth) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = names.current();
                if (depth == 1) {
                    counts.field(name);
                }
                value(paths.of(prefix, name), depth);
            }
        }

        private void value(String path, int depth) throws IOException {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY && depth == 1 && path.equals(inner)) {
                innerItems();
            } else if (token == JsonToken.START_OBJECT && depth < MAX_FIELD_DEPTH) {
                fields(paths.of(path, "."), depth + 1);
            } else if (token == JsonToken.START_ARRAY && depth < MAX_FIELD_DEPTH) {
                elements(paths.of(path, "[]"), depth + 1);
            } else if (token.isScalarValue()) {
                scalar(path, token);
            } else {
                names.skip();
            }
        }

        private void elements(String path, int depth) throws IOException {
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == null) {
                    throw BadAnswer.cut("the answer ends early, in " + item.place() + "." + path);
                }
                if (token == JsonToken.START_OBJECT) {
                    fields(paths.of(path, "."), depth);
                } else if (token.isScalarValue()) {
                    scalar(path, token);
                } else {
                    names.skip();
                }
            }
        }

        private void scalar(String path, JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_NULL || !item.keeps(path)) {
                return;
            }
            item.put(path, parser.getText());
            if (item.chars() > MAX_ITEM_CHARS) {
                throw BadAnswer.shape(
                        item.place(),
                        "has more than " + MAX_ITEM_CHARS + " characters in the fields that the relay reads");
            }
        }
    }
}
