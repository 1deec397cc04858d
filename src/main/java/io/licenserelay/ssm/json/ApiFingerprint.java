package io.licenserelay.ssm.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.evidence.change.SiteBaseline.Fields;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a site's SSM answered since its run began: the names of the fields of each list, and of its newest token. Values are
 * never kept. Thread-safe.
 */
public final class ApiFingerprint {
    private static final String TOKEN = "token";

    private final Map<String, FieldCounts> lists = new TreeMap<>();
    private final Map<String, String> token = new TreeMap<>();
    private FieldCounts ofToken = new FieldCounts();

    /** A run begins; the token may go on. */
    public synchronized void begin() {
        lists.clear();
    }

    /** A list, or a page of it, was read, perhaps not to its end. */
    synchronized void list(String name, FieldCounts counts) {
        lists.computeIfAbsent(name, none -> new FieldCounts()).add(counts);
    }

    /** @param path where it was granted */
    public synchronized void token(String path, JsonNode answer) {
        ofToken = new FieldCounts();
        answer.fieldNames().forEachRemaining(ofToken::field);
        ofToken.itemEnds();
        token.put("token path", path);
        String type = answer.path("token_type").asText();
        if (type.matches("[\\w.-]{1,40}")) {
            token.put("token type", type);
        }
    }

    /** {@code token path}, {@code token type}: what is known of them. */
    public synchronized Map<String, String> facts() {
        return new TreeMap<>(token);
    }

    /** By the name of the list, or {@code token}; a list without items shows nothing of its fields. */
    public synchronized Map<String, Fields> answers() {
        Map<String, Fields> answers = new TreeMap<>();
        lists.forEach((name, counts) -> put(answers, name, counts));
        put(answers, TOKEN, ofToken);
        return answers;
    }

    private static void put(Map<String, Fields> answers, String name, FieldCounts counts) {
        if (counts.items() > 0) {
            answers.put(name, new Fields(counts.names(true), counts.names(false)));
        }
    }
}
