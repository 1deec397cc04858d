package io.licenserelay.bench;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The floor, in a JVM of its own: for each site a token and as many lists of licenses as the relay makes requests, over one connection to
 * each, with as many sites at once. It reads what comes and keeps nothing.
 */
final class FloorSites {
    private FloorSites() {}

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = Configuration.read(Path.of(arguments[0]), System.getenv(), Map.of());
        int requests = Integer.parseInt(arguments[1]);
        ExecutorService sideBySide =
                Executors.newFixedThreadPool(configuration.settings().sitesParallel());
        ChildJvm.timed("sync", () -> {
            List<Future<Integer>> all = new ArrayList<>();
            for (Site site : configuration.sites()) {
                all.add(sideBySide.submit(() -> ask(site, requests)));
            }
            for (Future<Integer> each : all) {
                each.get();
            }
        });
        sideBySide.shutdown();
    }

    private static int ask(Site site, int requests) throws Exception {
        FloorClient client = new FloorClient(site);
        String path = site.ssm().paths().getOrDefault(Resource.LICENSES, "").replace("{account}", "ACME");
        byte[] body =
                "{\"virtualAccounts\":[\"Default\"],\"limit\":1000,\"offset\":0}".getBytes(StandardCharsets.UTF_8);
        int bytes = 0;
        for (int i = 1; i < requests; i++) {
            bytes += client.post(path, body, HttpResponse.BodyHandlers.ofByteArray()).length;
        }
        return bytes;
    }
}
