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
 * What the Manager answered.
 *
 * @param body as text, within the limits
 * @param sessions values of {@code JSESSIONID} that it set
 * @param exchanged for evidence; of a good answer without its body
 */
public record ManagerAnswer(int status, String body, List<String> sessions, HttpExchangeRecord exchanged) {
    /** A tree of so many takes some 50 MB; the longest answer may hold ten times as many. */
    private static final long MOST_TOKENS = 1_000_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
            .build());
    private static final int LONGEST = 200;
    private static final Pattern PAGE = Pattern.compile("(?i)<(!doctype )?html");

    /** Its login page, or another one: the sign of a login that was refused and of a session that is over. */
    boolean isPage() {
        return isPage(body);
    }

    static boolean isPage(String body) {
        return body.stripLeading().startsWith("<");
    }

    /** The page on which one logs in, and not that of a server that starts or of a balancer before it. */
    boolean isLoginPage() {
        return isPage() && body.contains("j_security_check");
    }

    /** Whether it is a page where something else was asked for; text may begin with a tag of its own. */
    boolean isPageInsteadOf(String accepted) {
        return accepted.equals("text/plain") ? PAGE.matcher(body.stripLeading()).lookingAt() : isPage();
    }

    /** @throws BadAnswer when it is none */
    public JsonNode json() throws BadAnswer {
        try {
            JsonNode json = JSON.readTree(body);
            if (json == null || !json.isContainerNode()) {
                throw BadAnswer.malformed(exchanged.url() + " answered no JSON");
            }
            return json;
        } catch (StreamConstraintsException tooMuch) {
            throw BadAnswer.tooLarge(
                    exchanged.url() + " answered JSON beyond a limit: " + tooMuch.getOriginalMessage());
        } catch (JsonProcessingException notJson) {
            throw BadAnswer.malformed(exchanged.url() + " answered no JSON");
        }
    }

    /** A field's text as one line of at most 200 characters; null when it has none. */
    public static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual() || value.asText().isBlank()) {
            return null;
        }
        return ShortText.oneLine(value.asText().strip(), LONGEST);
    }
}
