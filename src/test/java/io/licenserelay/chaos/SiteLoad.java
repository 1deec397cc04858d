package io.licenserelay.chaos;

import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateVa;
import io.licenserelay.simulator.estate.LicenseItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens at the sites meanwhile: licenses change, usage reports arrive in the inboxes, and licenses are overused for a time.
 * The same seed gives the same changes. Thread-safe.
 */
final class SiteLoad implements AutoCloseable {
    private static final String VA = "Default";
    private static final String OVERUSED = "Overused";
    private static final int LICENSES = 20;
    private static final int DEVICES = 4;
    private static final long PERIOD_MILLIS = 200;

    private final Estate estate = Estate.of();
    private final Path exchange;
    private final int sites;
    private final Random random;
    private final List<String> payloads = new ArrayList<>();
    private final List<EstateVa> overused = new ArrayList<>();
    private int created;
    private int files;
    private boolean paused;
    private volatile boolean closed;
    private @Nullable Thread thread;

    /** @param exchange the shared folder, with a folder of inbox and outbox for each site */
    SiteLoad(Path exchange, int sites, long seed) {
        this.exchange = exchange;
        this.sites = sites;
        this.random = new Random(seed);
        for (int site = 1; site <= sites; site++) {
            EstateVa va = estate.account(account(site)).va(VA);
            for (int license = 0; license < LICENSES; license++) {
                va.license("License " + license, 10L + created++, 0, LicenseItem.IN_COMPLIANCE);
            }
            for (int device = 0; device < DEVICES; device++) {
                va.device("C8000V", serial(site, device));
            }
        }
    }

    Estate estate() {
        return estate;
    }

    static String account(int site) {
        return "account-" + site;
    }

    private static String serial(int site, int device) {
        return "9CHAOS" + (site * 100 + device);
    }

    Path inbox(int site) {
        return exchange.resolve(ChaosDatabase.site(site)).resolve("inbox");
    }

    /** The payloads of all reports so far. */
    synchronized List<String> payloads() {
        return List.copyOf(payloads);
    }

    void start() {
        Thread started = new Thread(this::work, "site-load");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    private void work() {
        try {
            while (!closed) {
                step();
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void step() throws IOException {
        if (paused) {
            return;
        }
        change(1 + random.nextInt(sites));
        if (random.nextInt(6) == 0) {
            drop(1 + random.nextInt(sites));
        }
    }

    /** Changes a license of the site, or removes one and adds another. */
    private void change(int site) {
        EstateVa va = estate.account(account(site)).va(VA);
        List<String> names = va.licenses().map(LicenseItem::name).toList();
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(8) == 0 && names.size() > LICENSES / 2) {
            va.remove(name);
            String other = "License " + random.nextInt(2 * LICENSES);
            if (!names.contains(other)) {
                va.license(other, 10L + created++, 0, LicenseItem.IN_COMPLIANCE);
            }
        } else {
            va.change(name, item -> item.quantity(10L + created++));
        }
    }

    /** Changes half of the licenses of each site, so that there is much to publish. */
    synchronized void changeMany() {
        for (int site = 1; site <= sites; site++) {
            for (int change = 0; change < LICENSES / 2; change++) {
                change(site);
            }
        }
    }

    /** Writes a file with up to three reports of a device of each of these sites. */
    synchronized void drop(List<Integer> of) throws IOException {
        for (int site : of) {
            drop(site);
        }
    }

    private void drop(int site) throws IOException {
        String serial = serial(site, random.nextInt(DEVICES));
        StringBuilder content = new StringBuilder("<smartLicense>");
        for (int i = 0; i <= random.nextInt(3); i++) {
            String payload = "{\"asset_identification\":{\"report_id\":" + (payloads.size() + 1)
                    + ",\"instance\":{\"sudi\":{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"" + serial
                    + "\"}}},\"measurements\":[{\"start_time\":1671880245,\"end_time\":1671966644}]}";
            payloads.add(payload);
            content.append("<RUMReport><![CDATA[{\"payload\":\"")
                    .append(payload.replace("\"", "\\\""))
                    .append("\",\"signature\":{\"value\":\"signature ")
                    .append(payloads.size())
                    .append("\"}}]]></RUMReport>");
        }
        String name = "rum-" + ++files + ".txt";
        Path part = Files.writeString(inbox(site).resolve(name + ".part"), content.append("</smartLicense>"));
        Files.move(part, inbox(site).resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Overuses a license in a new virtual account of a site: an incident that is never the second of its place. */
    synchronized void overuse() {
        EstateVa va = estate.account(account(1 + random.nextInt(sites))).va("Overuse " + ++created);
        va.license(OVERUSED, 10, 15, LicenseItem.OUT_OF_COMPLIANCE);
        overused.add(va);
    }

    synchronized int overused() {
        return overused.size();
    }

    /** Ends all overuse. */
    synchronized void comply() {
        overused.forEach(va -> va.change(OVERUSED, item -> item.inUse(1).status(LicenseItem.IN_COMPLIANCE)));
        overused.clear();
    }

    /** From now on nothing changes. */
    synchronized void pause() {
        paused = true;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        if (thread != null) {
            thread.join();
        }
    }
}
