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
 * Reads what a device's {@code /smartlic-service/all-reports} and {@code days/n} answer, one report at a time: {@code {"usage":
 * [{payload, header, signature}]}}. Without {@code usage} there is no report (Cisco's sample). Cisco's model of {@code days/n} has
 * one object there, its sample a list: both are read.
 */
public final class DeviceReportsReader {
    private DeviceReportsReader() {}

    /**
     * Hands over what is in it, as it comes.
     *
     * @param complaints takes what is wrong with single reports
     * @throws MalformedReport when it is no such answer, or stops being one
     * @throws IOException when it cannot be read
     */
    public static void read(InputStream answer, Consumer<RumReport> reports, Consumer<String> complaints)
            throws IOException, MalformedReport {
        try (BoundedJson json = RumJson.parser(strictly(answer))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedReport("the answer is no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean usage = json.currentName().equals("usage");
                json.nextToken();
                if (usage) {
                    usage(json, reports, complaints);
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw new MalformedReport("something follows the answer's end");
            }
        } catch (JsonProcessingException e) {
            throw RumJson.noJson("the answer", e);
        } catch (CharacterCodingException e) {
            throw new MalformedReport("the answer is no text in UTF-8", e);
        }
    }

    private static void usage(BoundedJson json, Consumer<RumReport> reports, Consumer<String> complaints)
            throws IOException, MalformedReport {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            report(json, 1, reports, complaints);
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
            int number = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                report(json, ++number, reports, complaints);
            }
        } else {
            throw new MalformedReport("\"usage\" in the answer is neither a list nor a report");
        }
    }

    private static void report(BoundedJson json, int number, Consumer<RumReport> reports, Consumer<String> complaints)
            throws IOException {
        try {
            reports.accept(RumJson.read(RumJson.next(json)));
        } catch (MalformedReport e) {
            complaints.accept("report " + number + " in the answer: " + e.getMessage());
        }
    }

    private static Reader strictly(InputStream answer) {
        return new InputStreamReader(
                answer,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }
}
