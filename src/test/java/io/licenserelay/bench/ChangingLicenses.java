package io.licenserelay.bench;

import io.licenserelay.simulator.estate.EstateVa;
import io.licenserelay.simulator.estate.LicenseItem;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Changes every license of some virtual accounts again and again, faster than the relays read them. */
final class ChangingLicenses implements AutoCloseable {
    private final List<EstateVa> vas;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "changing-licenses"));

    ChangingLicenses(List<EstateVa> vas) {
        this.vas = vas;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::change, 0, 1, TimeUnit.SECONDS);
    }

    private void change() {
        for (EstateVa va : vas) {
            List<String> names = va.licenses().map(LicenseItem::name).toList();
            names.forEach(name -> va.change(name, item -> item.quantity(item.quantity() + 1)));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
