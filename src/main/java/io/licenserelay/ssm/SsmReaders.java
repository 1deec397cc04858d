package io.licenserelay.ssm;

import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.inventory.model.Account;
import io.licenserelay.inventory.model.Compliance;
import io.licenserelay.inventory.model.Device;
import io.licenserelay.inventory.model.License;
import io.licenserelay.inventory.model.SsmAlert;
import io.licenserelay.inventory.model.Subscription;
import io.licenserelay.inventory.model.VirtualAccount;
import io.licenserelay.ssm.json.ApiFingerprint;
import io.licenserelay.ssm.json.JsonArrayStream;
import io.licenserelay.ssm.json.JsonItem;
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
 * Reads SSM's lists. The field names are those that public clients of SSM On-Prem and of the cloud service use. Only fields without which
 * an item has no meaning are required.
 */
final class SsmReaders {
    private static final int BATCH_SIZE = 1_000;

    /**
     * Accounts, virtual accounts and alerts are held in memory until the run ends. Each account and virtual account also costs further
     * requests.
     */
    private static final int MAX_ENTRIES = 50_000;

    /** Estimated bytes that a run keeps per account or virtual account in addition to its names; a failure is included. */
    private static final int PLACE_BYTES = 1_000;

    private static final JsonArrayStream.Shape ACCOUNTS =
            shape("accounts", "name domain account_id virtual_account_id id");
    private static final JsonArrayStream.Shape VIRTUAL_ACCOUNTS =
            shape("virtualAccounts", "name virtual_account_id virtualAccountId id isDefault default");
    private static final JsonArrayStream.Shape ALERTS = shape("alerts", "messageType severity source message");
    private static final JsonArrayStream.Shape LICENSES = shape(
            "licenses",
            "license virtualAccount quantity inUse available reserved status billingType"
                    + " licenseDetails[].endDate");
    private static final JsonArrayStream.Shape SUBSCRIPTIONS = shape(
            "licenseSubscriptions",
            "virtualAccount subscriptionId license quantity billingType status startDate endDate");
    private static final JsonArrayStream.Shape DEVICES = shape(
            "devices",
            "sudi.udiPid sudi.udiSerialNumber sudi.suvi sudi.uuid sudi.hostIdentifier hostName"
                    + " instanceName displayName productTagName status lastContactDate");

    private SsmReaders() {}

    /** @param fields paths, separated by blanks */
    private static JsonArrayStream.Shape shape(String list, String fields) {
        return new JsonArrayStream.Shape(list, Set.of(fields.split(" ")));
    }

    /** @param lease is charged with the memory of the list */
    static List<Account> accounts(InputStream answer, Site site, ApiFingerprint fingerprint, AnswerMemory.Lease lease)
            throws IOException {
        List<Account> accounts = new ArrayList<>();
        Map<String, String> vaIds = new HashMap<>();
        JsonArrayStream.ItemConsumer account = item -> {
            reserve(ACCOUNTS, accounts, lease, item.weight() + PLACE_BYTES);
            String name = item.required("name");
            String domain = item.optional("domain");
            String pathName = domain != null && site.ssm().api() == Api.CSSM ? domain : name;
            accounts.add(Account.of(name, item.optional("account_id"), pathName, vaIds));
            vaIds.clear();
        };
        JsonArrayStream.ItemConsumer va = item -> {
            String id = firstOf(item, "virtual_account_id", "id");
            if (id != null) {
                lease.grow(item.weight());
                vaIds.put(item.text("name"), id);
            }
        };
        JsonArrayStream.read(answer, ACCOUNTS, fingerprint, account, "virtual_accounts", va);
        return accounts;
    }

    /** @param lease is charged with the memory of the list */
    static List<VirtualAccount> virtualAccounts(
            InputStream answer, ApiFingerprint fingerprint, AnswerMemory.Lease lease) throws IOException {
        List<VirtualAccount> entries = new ArrayList<>();
        JsonArrayStream.read(answer, VIRTUAL_ACCOUNTS, fingerprint, item -> {
            reserve(VIRTUAL_ACCOUNTS, entries, lease, item.weight() + PLACE_BYTES);
            entries.add(new VirtualAccount(
                    item.required("name"),
                    firstOf(item, "virtual_account_id", "virtualAccountId", "id"),
                    item.flag("isDefault") || item.flag("default")));
        });
        return entries;
    }

    /** @param lease is charged with the memory of the list */
    static List<SsmAlert> alerts(InputStream answer, ApiFingerprint fingerprint, AnswerMemory.Lease lease)
            throws IOException {
        List<SsmAlert> alerts = new ArrayList<>();
        JsonArrayStream.read(answer, ALERTS, fingerprint, item -> {
            reserve(ALERTS, alerts, lease, item.weight());
            alerts.add(new SsmAlert(
                    item.required("messageType"), item.text("severity"), item.text("source"), item.text("message")));
        });
        return alerts;
    }

    private static void reserve(JsonArrayStream.Shape shape, List<?> entries, AnswerMemory.Lease lease, long bytes)
            throws BadAnswer {
        if (entries.size() >= MAX_ENTRIES) {
            throw BadAnswer.tooLarge(
                    shape.list() + " has more than " + MAX_ENTRIES + " entries, the limit of this list");
        }
        lease.grow(bytes);
    }

    /** @param lease is charged with one batch at a time */
    static JsonArrayStream.Listed licenses(
            InputStream answer,
            Place place,
            ApiFingerprint fingerprint,
            AnswerMemory.Lease lease,
            Consumer<List<License>> batches)
            throws IOException {
        return batched(answer, LICENSES, fingerprint, lease, item -> license(item, place), batches);
    }

    /** @param lease is charged with one batch at a time */
    static JsonArrayStream.Listed subscriptions(
            InputStream answer,
            Place place,
            ApiFingerprint fingerprint,
            AnswerMemory.Lease lease,
            Consumer<List<Subscription>> batches)
            throws IOException {
        return batched(answer, SUBSCRIPTIONS, fingerprint, lease, item -> subscription(item, place), batches);
    }

    /** @param lease is charged with one batch at a time */
    static JsonArrayStream.Listed devices(
            InputStream answer, ApiFingerprint fingerprint, AnswerMemory.Lease lease, Consumer<List<Device>> batches)
            throws IOException {
        return batched(answer, DEVICES, fingerprint, lease, SsmReaders::device, batches);
    }

    private static License license(JsonItem item, Place place) throws BadAnswer {
        checkPlace(item, place);
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

    private static Subscription subscription(JsonItem item, Place place) throws BadAnswer {
        checkPlace(item, place);
        return new Subscription(
                item.text("subscriptionId"),
                item.required("license"),
                item.number("quantity", 0),
                item.text("billingType"),
                item.text("status"),
                item.instant("startDate"),
                item.instant("endDate"));
    }

    private static Device device(JsonItem item) {
        return new Device(
                item.text("sudi.udiPid"),
                // A virtual device may have no serial number; it then has one of the other identifiers.
                firstOrEmpty(item, "sudi.udiSerialNumber", "sudi.suvi", "sudi.uuid", "sudi.hostIdentifier"),
                firstOrEmpty(item, "hostName", "instanceName", "displayName"),
                item.text("productTagName"),
                Compliance.of(item.text("status")),
                item.instant("lastContactDate"));
    }

    /** Rejects items of another virtual account, which a server sends when it ignores the filter. */
    private static void checkPlace(JsonItem item, Place place) throws BadAnswer {
        String va = item.optional("virtualAccount");
        if (va != null && !va.equalsIgnoreCase(place.va())) {
            throw BadAnswer.shape(
                    item.place() + ".virtualAccount", "is " + va + ", but " + place.va() + " was requested");
        }
    }

    private static @Nullable String firstOf(JsonItem item, String... paths) {
        String first = firstOrEmpty(item, paths);
        return first.isEmpty() ? null : first;
    }

    private static String firstOrEmpty(JsonItem item, String... paths) {
        for (String path : paths) {
            if (!item.text(path).isEmpty()) {
                return item.text(path);
            }
        }
        return "";
    }

    /** A batch ends after {@link #BATCH_SIZE} items, or earlier when the memory budget is used up. */
    private static <T> JsonArrayStream.Listed batched(
            InputStream answer,
            JsonArrayStream.Shape shape,
            ApiFingerprint fingerprint,
            AnswerMemory.Lease lease,
            Reader<T> reader,
            Consumer<List<T>> batches)
            throws IOException {
        List<T> batch = new ArrayList<>();
        JsonArrayStream.Listed listed = JsonArrayStream.read(answer, shape, fingerprint, item -> {
            if (batch.size() == BATCH_SIZE || !lease.tryGrow(item.weight())) {
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
        T read(JsonItem item) throws IOException;
    }
}
