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
 * Reads a list out of an answer token by token, so that a million items take no more memory than one. Unknown fields are
 * skipped, at any depth that a server may reasonably send.
 */
public final class JsonArrayStream {
    private static final int DEEPEST_FIELD = 3;

    /** One value that is kept; what is not kept is passed over at any length. */
    private static final int LONGEST_VALUE = 64 * 1024;

    /** All kept values of one item: a license has as many end dates as it has parts. */
    private static final int MOST_CHARS = 256 * 1024;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxNumberLength(1_000)
                    .maxStringLength(LONGEST_VALUE)
                    .maxNameLength(1_000)
                    .build())
            .build();

    private JsonArrayStream() {}

    /**
     * A list of an answer.
     *
     * @param list its name: {@code licenses}
     * @param fields paths of the fields that are kept, see {@link JsonItem}; those of an inner list's items too
     */
    public record Shape(String list, Set<String> fields) {}

    /** Takes an item; the next one reuses it. */
    public interface Taker {
        void take(JsonItem item) throws IOException;
    }

    /**
     * What a list held.
     *
     * @param total what the server says there is in all, -1 when it does not say
     */
    public record Listed(long count, long total) {}

    /**
     * Reads the list and closes the stream.
     *
     * @param fingerprint learns which fields its items have
     * @throws BadAnswer when the answer is cut, no JSON, or lacks the list
     */
    public static Listed read(InputStream answer, Shape shape, ApiFingerprint fingerprint, Taker taker)
            throws IOException {
        return read(answer, shape, fingerprint, taker, "", item -> {});
    }

    /**
     * The same for items that hold a list of their own.
     *
     * @param inner the name of that list
     * @param innerTaker takes its items; those of one outer item all come before that one itself
     */
    public static Listed read(
            InputStream answer, Shape shape, ApiFingerprint fingerprint, Taker taker, String inner, Taker innerTaker)
            throws IOException {
        FieldCounts counts = new FieldCounts();
        try (answer;
                JsonParser parser = JSON.createParser(answer)) {
            return new Reading(parser, shape, counts, taker, inner, innerTaker).all();
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
        private final Taker taker;
        private final String inner;
        private final Taker innerTaker;
        private final Set<String> fields;
        private final FieldPaths paths = new FieldPaths();
        private final FieldNames names;
        private JsonItem item;
        private long count = -1;
        private long total = -1;

        Reading(JsonParser parser, Shape shape, FieldCounts counts, Taker taker, String inner, Taker innerTaker) {
            this.parser = parser;
            this.names = new FieldNames(parser);
            this.list = shape.list();
            this.fields = shape.fields();
            this.counts = counts;
            this.taker = taker;
            this.inner = inner;
            this.innerTaker = innerTaker;
            this.item = new JsonItem(fields);
        }

        Listed all() throws IOException {
            if (parser.nextToken() == null) {
                throw BadAnswer.cut("the answer is empty");
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw BadAnswer.shape("the answer", "is no object but " + parser.currentToken());
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
            // Only an answer that was read to its last byte leaves its connection to the next request.
            if (parser.nextToken() != null) {
                throw BadAnswer.malformed("something follows the answer: " + parser.currentToken());
            }
            return new Listed(count, total);
        }

        /** A total that is no number of ours is as good as none. */
        private static long total(String text) {
            return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
        }

        private void items() throws IOException {
            if (count >= 0) {
                throw BadAnswer.shape(list, "is given twice");
            }
            count = 0;
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                item.start("", list, count);
                fields("", 1);
                counts.itemEnds();
                taker.take(item);
                count++;
            }
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                throw BadAnswer.shape(list + "[" + count + "]", "is no object but " + parser.currentToken());
            }
        }

        private void innerItems() throws IOException {
            JsonItem outer = item;
            int number = 0;
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                item = new JsonItem(fields);
                item.start(outer.place() + ".", inner, number++);
                fields("", 2);
                innerTaker.take(item);
            }
            item = outer;
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                throw BadAnswer.shape(
                        outer.place() + "." + inner + "[" + number + "]", "is no object but " + parser.currentToken());
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
            } else if (token == JsonToken.START_OBJECT && depth < DEEPEST_FIELD) {
                fields(paths.of(path, "."), depth + 1);
            } else if (token == JsonToken.START_ARRAY && depth < DEEPEST_FIELD) {
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
            if (token == JsonToken.VALUE_NULL || !item.wants(path)) {
                return;
            }
            item.put(path, parser.getText());
            if (item.chars() > MOST_CHARS) {
                throw BadAnswer.shape(
                        item.place(), "has more than " + MOST_CHARS + " characters in the fields that are kept");
            }
        }
    }
}
