package io.licenserelay.ssm;

import io.licenserelay.inventory.Account;
import io.licenserelay.inventory.Compliance;
import io.licenserelay.inventory.Device;
import io.licenserelay.inventory.License;
import io.licenserelay.inventory.SsmAlert;
import io.licenserelay.inventory.Subscription;
import io.licenserelay.inventory.VirtualAccount;
import io.licenserelay.site.Api;
import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads SSM's lists. Field names as public clients of SSM On-Prem and of its cloud sibling use them; only the fields
 * without which an item makes no sense are required.
 */
final class SsmReaders {
    private static final int BATCH = 1_000;

    /** Accounts, virtual accounts and alerts are held until the run ends, and each of the former costs requests of its own. */
    private static final int MOST_HELD = 50_000;

    /** What a run keeps of a place besides its names, its failure included. */
    private static final int PLACE_BYTES = 1_000;

    private static final Items.Shape ACCOUNTS =
            new Items.Shape("accounts", Set.of("name", "domain", "account_id", "virtual_account_id", "id"));
    private static final Items.Shape VIRTUAL_ACCOUNTS = new Items.Shape(
            "virtualAccounts", Set.of("name", "virtual_account_id", "virtualAccountId", "id", "isDefault", "default"));
    private static final Items.Shape ALERTS =
            new Items.Shape("alerts", Set.of("messageType", "severity", "source", "message"));
    private static final Items.Shape LICENSES = new Items.Shape(
            "licenses",
            Set.of(
                    "license",
                    "virtualAccount",
                    "quantity",
                    "inUse",
                    "available",
                    "reserved",
                    "status",
                    "billingType",
                    "licenseDetails[].endDate"));
    private static final Items.Shape SUBSCRIPTIONS = new Items.Shape(
            "licenseSubscriptions",
            Set.of(
                    "virtualAccount",
                    "subscriptionId",
                    "license",
                    "quantity",
                    "billingType",
                    "status",
                    "startDate",
                    "endDate"));
    private static final Items.Shape DEVICES = new Items.Shape(
            "devices",
            Set.of(
                    "sudi.udiPid",
                    "sudi.udiSerialNumber",
                    "sudi.suvi",
                    "sudi.uuid",
                    "sudi.hostIdentifier",
                    "hostName",
                    "instanceName",
                    "displayName",
                    "productTagName",
                    "status",
                    "lastContactDate"));

    private SsmReaders() {}

    /** @param lease is charged with what the list takes */
    static List<Account> accounts(InputStream answer, Site site, Seen seen, AnswerMemory.Lease lease)
            throws IOException {
        List<Account> accounts = new ArrayList<>();
        Map<String, String> vaIds = new HashMap<>();
        Items.Taker account = item -> {
            hold(ACCOUNTS, accounts, lease, item.weight() + PLACE_BYTES);
            String name = item.required("name");
            String domain = item.optional("domain");
            String pathName = domain != null && site.ssm().api() == Api.CSSM ? domain : name;
            accounts.add(Account.of(name, item.optional("account_id"), pathName, vaIds));
            vaIds.clear();
        };
        Items.Taker va = item -> {
            String id = firstOf(item, "virtual_account_id", "id");
            if (id != null) {
                lease.grow(item.weight());
                vaIds.put(item.text("name"), id);
            }
        };
        Items.read(answer, ACCOUNTS, seen, account, "virtual_accounts", va);
        return accounts;
    }

    /** @param lease is charged with what the list takes */
    static List<VirtualAccount> virtualAccounts(InputStream answer, Seen seen, AnswerMemory.Lease lease)
            throws IOException {
        List<VirtualAccount> found = new ArrayList<>();
        Items.read(answer, VIRTUAL_ACCOUNTS, seen, item -> {
            hold(VIRTUAL_ACCOUNTS, found, lease, item.weight() + PLACE_BYTES);
            found.add(new VirtualAccount(
                    item.required("name"),
                    firstOf(item, "virtual_account_id", "virtualAccountId", "id"),
                    item.flag("isDefault") || item.flag("default")));
        });
        return found;
    }

    /** @param lease is charged with what the list takes */
    static List<SsmAlert> alerts(InputStream answer, Seen seen, AnswerMemory.Lease lease) throws IOException {
        List<SsmAlert> alerts = new ArrayList<>();
        Items.read(answer, ALERTS, seen, item -> {
            hold(ALERTS, alerts, lease, item.weight());
            alerts.add(new SsmAlert(
                    item.required("messageType"), item.text("severity"), item.text("source"), item.text("message")));
        });
        return alerts;
    }

    private static void hold(Items.Shape shape, List<?> found, AnswerMemory.Lease lease, long bytes) throws BadAnswer {
        if (found.size() >= MOST_HELD) {
            throw BadAnswer.tooLarge(
                    shape.list() + " holds more than " + MOST_HELD + " entries, the most of such a list");
        }
        lease.grow(bytes);
    }

    /** @param lease is charged with one batch at a time */
    static Items.Listed licenses(
            InputStream answer, Place place, Seen seen, AnswerMemory.Lease lease, Consumer<List<License>> batches)
            throws IOException {
        return batched(answer, LICENSES, seen, lease, item -> license(item, place), batches);
    }

    /** @param lease is charged with one batch at a time */
    static Items.Listed subscriptions(
            InputStream answer, Place place, Seen seen, AnswerMemory.Lease lease, Consumer<List<Subscription>> batches)
            throws IOException {
        return batched(answer, SUBSCRIPTIONS, seen, lease, item -> subscription(item, place), batches);
    }

    /** @param lease is charged with one batch at a time */
    static Items.Listed devices(InputStream answer, Seen seen, AnswerMemory.Lease lease, Consumer<List<Device>> batches)
            throws IOException {
        return batched(answer, DEVICES, seen, lease, SsmReaders::device, batches);
    }

    private static License license(Item item, Place place) throws BadAnswer {
        ofPlace(item, place);
        long quantity = item.requiredNumber("quantity");
        long inUse = item.requiredNumber("inUse");
        long reserved = item.number("reserved", 0);
        String status = item.optional("status");
        return new License(
                item.required("license"),
                item.text("billingType"),
                quantity,
                inUse,
                item.number("available", quantity - inUse - reserved),
                reserved,
                status == null ? (inUse > quantity ? Compliance.OUT : Compliance.IN) : Compliance.of(status),
                item.earliest("licenseDetails[].endDate"));
    }

    private static Subscription subscription(Item item, Place place) throws BadAnswer {
        ofPlace(item, place);
        return new Subscription(
                item.text("subscriptionId"),
                item.required("license"),
                item.number("quantity", 0),
                item.text("billingType"),
                item.text("status"),
                item.instant("startDate"),
                item.instant("endDate"));
    }

    private static Device device(Item item) {
        return new Device(
                item.text("sudi.udiPid"),
                // A virtual device may have no serial number, but then one of these.
                firstOrEmpty(item, "sudi.udiSerialNumber", "sudi.suvi", "sudi.uuid", "sudi.hostIdentifier"),
                firstOrEmpty(item, "hostName", "instanceName", "displayName"),
                item.text("productTagName"),
                Compliance.of(item.text("status")),
                item.instant("lastContactDate"));
    }

    /** A server that ignores the filter would fill one virtual account with another's licenses. */
    private static void ofPlace(Item item, Place place) throws BadAnswer {
        String va = item.optional("virtualAccount");
        if (va != null && !va.equalsIgnoreCase(place.va())) {
            throw BadAnswer.shape(
                    item.place() + ".virtualAccount", "is " + va + ", but " + place.va() + " was asked for");
        }
    }

    private static @Nullable String firstOf(Item item, String... paths) {
        String first = firstOrEmpty(item, paths);
        return first.isEmpty() ? null : first;
    }

    private static String firstOrEmpty(Item item, String... paths) {
        for (String path : paths) {
            if (!item.text(path).isEmpty()) {
                return item.text(path);
            }
        }
        return "";
    }

    /** A batch is full after so many items, or when no more memory may be held. */
    private static <T> Items.Listed batched(
            InputStream answer,
            Items.Shape shape,
            Seen seen,
            AnswerMemory.Lease lease,
            Reader<T> reader,
            Consumer<List<T>> batches)
            throws IOException {
        List<T> batch = new ArrayList<>();
        Items.Listed listed = Items.read(answer, shape, seen, item -> {
            if (batch.size() == BATCH || !lease.mayGrow(item.weight())) {
                batches.accept(batch);
                batch.clear();
                lease.reset();
                lease.grow(item.weight());
            }
            batch.add(reader.read(item));
        });
        batches.accept(batch);
        return listed;
    }

    private interface Reader<T> {
        T read(Item item) throws IOException;
    }
}
