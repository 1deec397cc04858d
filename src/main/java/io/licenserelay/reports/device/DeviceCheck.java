package io.licenserelay.reports.device;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Device;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.evidence.Finding;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.http.HttpSender;
import io.licenserelay.ssm.token.RejectedCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Checks every device of a site next to a running relay: {@code GET /smartlic-service/list}. A password that was
 * refused before is not sent. Only the answer to a password is stored.
 */
public final class DeviceCheck {
    private static final JsonFactory JSON = new JsonFactory();

    private final DeviceWave round;
    private final HttpSender http;
    private final Clock clock;

    private DeviceCheck(DeviceWave round, Clock clock) {
        this.round = round;
        this.http = new HttpRequests(clock);
        this.clock = clock;
    }

    /**
     * The result for one device.
     *
     * @param reports number of reports in the device's list; -1 if the answer has none
     * @param trouble why the request failed; null if the device answered
     */
    public record Outcome(
            Device device, int reports, @Nullable Finding trouble) {}

    /**
     * @param refusals the refused passwords, shared with the relay
     * @param tryPasswords whether refused passwords are sent once more
     */
    public static List<Outcome> of(
            Site site, Devices devices, RejectedCredentials refusals, boolean tryPasswords, Clock clock)
            throws InterruptedException {
        DeviceWave round = new DeviceWave(site, devices.list(), refusals, clock);
        if (tryPasswords) {
            round.allowAttempts();
        }
        return new DeviceCheck(round, clock).all(devices.parallel());
    }

    private List<Outcome> all(int parallel) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(parallel);
        try {
            List<Outcome> outcomes = new ArrayList<>();
            while (round.hasNext()) {
                List<Callable<Outcome>> wave = new ArrayList<>();
                round.next().forEach(device -> wave.add(() -> check(device)));
                for (Future<Outcome> each : pool.invokeAll(wave)) {
                    outcomes.add(each.get());
                }
            }
            return outcomes;
        } catch (ExecutionException broken) {
            throw new IllegalStateException("a device could not be checked", broken.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private Outcome check(Device device) {
        try (DeviceSession session = new DeviceSession(round, device, http, clock)) {
            return new Outcome(device, session.list(DeviceCheck::count), null);
        } catch (IOException | RuntimeException failed) {
            return new Outcome(device, -1, DeviceTrouble.of(round.site().place(), failed, clock));
        }
    }

    /** Counts {@code usage_list} as Cisco's sample does. The format of its items is not published. */
    private static int count(InputStream body) throws IOException {
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return -1;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean list = json.currentName().equals("usage_list");
                if (json.nextToken() == JsonToken.START_ARRAY && list) {
                    return items(json);
                }
                json.skipChildren();
            }
            return -1;
        }
    }

    private static int items(JsonParser json) throws IOException {
        int items = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            items++;
            json.skipChildren();
        }
        return items;
    }
}
