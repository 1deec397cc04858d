package io.licenserelay.reports.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.licenserelay.reports.RumReport;
import io.licenserelay.text.BoundedJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads the answers of a device's {@code /smartlic-service/all-reports} and {@code days/n}, one report at a time:
 * {@code {"usage": [{payload, header, signature}]}}. An answer without {@code usage} has no reports (Cisco's sample).
 * For {@code days/n}, {@code usage} is an object in Cisco's model and a list in Cisco's sample; both are accepted.
 */
public final class DeviceReportsReader {
    private DeviceReportsReader() {}

    /**
     * Passes each report to the consumer as soon as it is read.
     *
     * @param problems receives the problems of single reports
     * @throws MalformedReport when the answer, or a part of it, does not have this format
     * @throws IOException when the stream cannot be read
     */
    public static void read(InputStream answer, Consumer<RumReport> reports, Consumer<String> problems)
            throws IOException, MalformedReport {
        try (BoundedJson json = RumJson.parser(strictUtf8(answer))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedReport("the answer is not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean usage = json.currentName().equals("usage");
                json.nextToken();
                if (usage) {
                    usage(json, reports, problems);
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw new MalformedReport("there is more data after the end of the answer");
            }
        } catch (JsonProcessingException e) {
            throw RumJson.invalidJson("the answer", e);
        } catch (CharacterCodingException e) {
            throw new MalformedReport("the answer is not valid UTF-8", e);
        }
    }

    private static void usage(BoundedJson json, Consumer<RumReport> reports, Consumer<String> problems)
            throws IOException, MalformedReport {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            report(json, 1, reports, problems);
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
            int number = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                report(json, ++number, reports, problems);
            }
        } else {
            throw new MalformedReport("\"usage\" in the answer is neither a list nor a report");
        }
    }

    private static void report(BoundedJson json, int number, Consumer<RumReport> reports, Consumer<String> problems)
            throws IOException {
        try {
            reports.accept(RumJson.read(RumJson.next(json)));
        } catch (MalformedReport e) {
            problems.accept("report " + number + " in the answer: " + e.getMessage());
        }
    }

    private static Reader strictUtf8(InputStream answer) {
        return new InputStreamReader(
                answer,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }
}
