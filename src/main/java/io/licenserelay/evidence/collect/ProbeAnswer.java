package io.licenserelay.evidence.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.OneLineText;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the result of an operator's probe route. It is JSON text in the form of {@code evidence.probes[]} of an event, plus findings:
 * {@code {"status":"failed","reason":"maintenance","findings":[{"name":"custom.portal-down","phrase":"…"}]}}.
 */
final class ProbeAnswer {
    private static final int LONGEST = 16 * 1024;
    private static final int MAX_FINDINGS = 20;
    private static final int LONGEST_PHRASE = 300;
    private static final Pattern REASON = Pattern.compile("[a-z][a-z0-9]{0,40}(?:-[a-z0-9]{1,40}){0,5}");
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(10).build())
                    .build())
            .build();
    private static final TypeReference<Map<String, Object>> DETAILS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Double>> MILLIS = new TypeReference<>() {};

    private ProbeAnswer() {}

    /** @throws BadProbeResult when the text is invalid; the message has the name of the field, but no content */
    static ProbeResult read(ProbeTask task, @Nullable Object body) throws BadProbeResult {
        if (!(body instanceof String text)) {
            throw new BadProbeResult("the body is neither a ProbeResult nor JSON text");
        }
        if (text.length() > LONGEST) {
            throw new BadProbeResult("the body is longer than " + LONGEST + " characters");
        }
        JsonNode json = parse(text);
        return new ProbeResult(
                task.name(),
                OneLineText.of(json.path("target").asText(task.host() + ":" + task.port()), LONGEST_PHRASE),
                status(json.path("status").asText()),
                reason(json.path("reason").asText()),
                convert(json, "millis", MILLIS),
                convert(json, "details", DETAILS),
                findings(json.path("findings")));
    }

    private static JsonNode parse(String text) throws BadProbeResult {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadProbeResult("the body is not JSON");
        }
    }

    private static Status status(String word) throws BadProbeResult {
        return Arrays.stream(Status.values())
                .filter(each -> each.wireName().equals(word))
                .findFirst()
                .orElseThrow(() -> new BadProbeResult("status must be ok, failed, skipped or error"));
    }

    private static String reason(String word) throws BadProbeResult {
        if (!REASON.matcher(word).matches()) {
            throw new BadProbeResult("reason must be words in lower case with hyphens between them");
        }
        return word;
    }

    private static <T> Map<String, T> convert(JsonNode json, String field, TypeReference<Map<String, T>> type)
            throws BadProbeResult {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return Map.of();
        }
        if (!value.isObject()
                || StreamSupport.stream(value.spliterator(), false).anyMatch(JsonNode::isNull)) {
            throw new BadProbeResult(field + " must be an object without null");
        }
        try {
            return JSON.convertValue(value, type);
        } catch (IllegalArgumentException e) {
            throw new BadProbeResult(field + " has values of another type");
        }
    }

    private static List<Finding> findings(JsonNode array) throws BadProbeResult {
        if (array.size() > MAX_FINDINGS) {
            throw new BadProbeResult("more than " + MAX_FINDINGS + " findings");
        }
        List<Finding> findings = new ArrayList<>();
        for (JsonNode each : array) {
            String name = each.path("name").asText();
            String phrase = each.path("phrase").asText();
            // The rules of the catalogue must use only findings of the relay's own probes.
            if (!Findings.isCustom(name) || phrase.isBlank()) {
                throw new BadProbeResult(
                        "a finding needs a name that begins with " + Findings.CUSTOM + " and a phrase");
            }
            findings.add(new Finding(name, OneLineText.of(phrase, LONGEST_PHRASE)));
        }
        return findings;
    }
}
