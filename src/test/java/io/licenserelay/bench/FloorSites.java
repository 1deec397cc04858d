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
 * The floor of many sites, in a separate JVM. For each site it requests a token and lists of licenses, with as many
 * requests as the relay, over one connection per site. It handles as many sites at the same time as the relay. It
 * discards the answers.
 */
final class FloorSites {
    private FloorSites() {}

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = Configuration.read(Path.of(arguments[0]), System.getenv(), Map.of());
        int requests = Integer.parseInt(arguments[1]);
        ExecutorService executor =
                Executors.newFixedThreadPool(configuration.settings().sitesParallel());
        ChildJvm.timed("sync", () -> {
            List<Future<Integer>> results = new ArrayList<>();
            for (Site site : configuration.sites()) {
                results.add(executor.submit(() -> requestLists(site, requests)));
            }
            for (Future<Integer> result : results) {
                result.get();
            }
        });
        executor.shutdown();
    }

    private static int requestLists(Site site, int requests) throws Exception {
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
