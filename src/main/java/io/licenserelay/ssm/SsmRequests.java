package io.licenserelay.ssm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.inventory.model.Account;
import io.licenserelay.inventory.model.AccountToPull;
import io.licenserelay.inventory.model.VirtualAccountToPull;
import io.licenserelay.ssm.json.Paging;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Builds the requests of a pull. All of them are read-only, whatever their HTTP method, so they may be repeated. */
public final class SsmRequests {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Clock clock;

    public SsmRequests(Clock clock) {
        this.clock = clock;
    }

    /** Lists all accounts that the API client may read. */
    public HttpCall accounts(Site site) {
        String method = site.ssm().api() == Api.CSSM ? "GET" : "POST";
        return call(site, site.place(), Step.ACCOUNTS, method, path(site, Resource.ACCOUNTS), null);
    }

    /** The virtual accounts of the account. */
    public HttpCall virtualAccounts(Site site, AccountToPull account) {
        String path = path(site, Resource.VIRTUAL_ACCOUNTS, account.account());
        return call(site, account.place(), Step.VIRTUAL_ACCOUNTS, "GET", path, null);
    }

    /** SSM's own alerts of the account. */
    public HttpCall alerts(Site site, AccountToPull account) {
        String path = path(site, Resource.ALERTS, account.account());
        return call(site, account.place(), Step.ALERTS, "POST", path, null)
                .json(JSON.objectNode().put("limit", -1).toString());
    }

    /** The first page of a list of a virtual account. */
    public Paging firstPage(Site site, Resource resource) {
        return new Paging(resource, site.ssm().page(), site.ssm().limits().list());
    }

    /**
     * The next page of a list of the virtual account.
     *
     * @throws IllegalArgumentException when a virtual account has no such list
     */
    public HttpCall page(Site site, VirtualAccountToPull va, Paging paging) {
        return switch (paging.resource()) {
            case LICENSES -> list(site, va, paging, Step.LICENSES);
            case SUBSCRIPTIONS -> list(site, va, paging, Step.SUBSCRIPTIONS);
            case DEVICES -> devices(site, va, paging);
            default -> throw new IllegalArgumentException("a virtual account has no list of " + paging.resource());
        };
    }

    private HttpCall devices(Site site, VirtualAccountToPull va, Paging paging) {
        if (site.ssm().api() == Api.CSSM) {
            return list(site, va, paging, Step.DEVICES);
        }
        String query = paging.offset() == 0 ? null : "limit=" + paging.limit() + "&offset=" + paging.offset();
        return call(site, va.place(), Step.DEVICES, "GET", path(site, Resource.DEVICES, va), query);
    }

    private HttpCall list(Site site, VirtualAccountToPull va, Paging paging, Step step) {
        ObjectNode body = JSON.objectNode();
        body.putArray("virtualAccounts").add(va.place().va());
        body.put("limit", paging.limit());
        if (paging.offset() > 0) {
            body.put("offset", paging.offset());
        }
        return call(site, va.place(), step, "POST", path(site, paging.resource(), va), null)
                .json(body.toString());
    }

    private HttpCall call(Site site, Place place, Step step, String method, String path, @Nullable String query) {
        return new HttpCall(site, place, step, method, site.ssm().url() + path, query, clock.instant());
    }

    private static String path(Site site, Resource resource, VirtualAccountToPull va) {
        String name = String.valueOf(va.place().va());
        return path(site, resource, va.account()).replace("{va}", Place.encode(name));
    }

    private static String path(Site site, Resource resource, Account account) {
        return path(site, resource).replace("{account}", Place.encode(account.pathName()));
    }

    /** @throws IllegalStateException when the site's API has no such path */
    static String path(Site site, Resource resource) {
        String template = site.ssm().paths().get(resource);
        if (template == null) {
            throw new IllegalStateException("no path for " + resource.wireName() + " in "
                    + site.ssm().api().wireName() + "; set ssm.paths." + resource.wireName());
        }
        return template;
    }
}
