package io.licenserelay.manager;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.text.ShortText;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the Manager.
 *
 * @param body the body as text, within the limits
 * @param sessions values of {@code JSESSIONID} that the answer set
 * @param exchanged the exchange as evidence; without the body if the status is good
 */
public record ManagerAnswer(int status, String body, List<String> sessions, HttpExchangeRecord exchanged) {
    /** A JSON tree of this size takes about 50 MB. The longest allowed answer could hold ten times as many tokens. */
    private static final long MAX_TOKENS = 1_000_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
            .build());
    private static final int MAX_TEXT_LENGTH = 200;
    private static final Pattern HTML_START = Pattern.compile("(?i)<(!doctype )?html");

    /** Whether the body is a web page: the sign of a refused login and of an expired session. */
    boolean isPage() {
        return isPage(body);
    }

    static boolean isPage(String body) {
        return body.stripLeading().startsWith("<");
    }

    /** Whether the body is the login page, and not a page of a starting server or of a load balancer. */
    boolean isLoginPage() {
        return isPage() && body.contains("j_security_check");
    }

    /** Whether the body is a web page although another type was requested. Plain text may also begin with a tag. */
    boolean isPageInsteadOf(String accepted) {
        return accepted.equals("text/plain")
                ? HTML_START.matcher(body.stripLeading()).lookingAt()
                : isPage();
    }

    /** @throws BadAnswer when the body is not JSON, or exceeds a limit */
    public JsonNode json() throws BadAnswer {
        try {
            JsonNode json = JSON.readTree(body);
            if (json == null || !json.isContainerNode()) {
                throw BadAnswer.malformed(exchanged.url() + " did not answer with JSON");
            }
            return json;
        } catch (StreamConstraintsException limitExceeded) {
            throw BadAnswer.tooLarge(exchanged.url() + " answered with JSON that exceeds a limit: "
                    + limitExceeded.getOriginalMessage());
        } catch (JsonProcessingException notJson) {
            throw BadAnswer.malformed(exchanged.url() + " did not answer with JSON");
        }
    }

    /** The text of a field as one line of at most 200 characters, or null if the field has no text. */
    public static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual() || value.asText().isBlank()) {
            return null;
        }
        return ShortText.oneLine(value.asText().strip(), MAX_TEXT_LENGTH);
    }
}
