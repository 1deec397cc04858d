package io.licenserelay.ssm.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.evidence.change.SiteBaseline.Fields;
import java.util.Map;
import java.util.TreeMap;

/**
 * The field names in the answers of a site's SSM since the run began: those of each list, and of the newest token. Values are never kept.
 * Thread-safe.
 */
public final class ApiFingerprint {
    private static final String TOKEN = "token";

    private final Map<String, FieldCounts> lists = new TreeMap<>();
    private final Map<String, String> token = new TreeMap<>();
    private FieldCounts tokenFields = new FieldCounts();

    /** Begins a run. The token fields remain, because the token may still be in use. */
    public synchronized void begin() {
        lists.clear();
    }

    /** Adds the counts of a list or of one of its pages, even if it was not read to its end. */
    synchronized void list(String name, FieldCounts counts) {
        lists.computeIfAbsent(name, none -> new FieldCounts()).add(counts);
    }

    /** @param path the path of the token endpoint that granted it */
    public synchronized void token(String path, JsonNode answer) {
        tokenFields = new FieldCounts();
        answer.fieldNames().forEachRemaining(tokenFields::field);
        tokenFields.itemEnds();
        token.put("token path", path);
        String type = answer.path("token_type").asText();
        if (type.matches("[\\w.-]{1,40}")) {
            token.put("token type", type);
        }
    }

    /** The known ones of {@code token path} and {@code token type}. */
    public synchronized Map<String, String> facts() {
        return new TreeMap<>(token);
    }

    /** Fields by the name of the list, or {@code token}. A list without items has no fields. */
    public synchronized Map<String, Fields> answers() {
        Map<String, Fields> answers = new TreeMap<>();
        lists.forEach((name, counts) -> put(answers, name, counts));
        put(answers, TOKEN, tokenFields);
        return answers;
    }

    private static void put(Map<String, Fields> answers, String name, FieldCounts counts) {
        if (counts.items() > 0) {
            answers.put(name, new Fields(counts.names(true), counts.names(false)));
        }
    }
}
