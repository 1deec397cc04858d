package io.licenserelay.ssm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.evidence.Step;
import io.licenserelay.inventory.Account;
import io.licenserelay.site.Api;
import io.licenserelay.site.Place;
import io.licenserelay.site.Resource;
import io.licenserelay.site.Site;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Makes the requests of a pull: method, path and body on the message, what was asked and the step as properties. Every
 * request here only reads, whatever its method, so each may be repeated.
 */
public final class SsmRequests {
    /** Exchange properties. */
    public static final String SITE = "site";

    public static final String PLACE = "place";
    public static final String ACCOUNT = "account";
    public static final String STEP = "step";
    public static final String ASKED = "asked";
    public static final String ANSWERED = "answered";
    /** What the last try of a request met before another one was made. */
    static final String EARLIER = "earlier";

    public static final String PAGING = "paging";
    public static final String REPEATABLE = "repeatable";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Clock clock;

    public SsmRequests(Clock clock) {
        this.clock = clock;
    }

    /** All accounts the client may see. */
    public void accounts(Exchange exchange, @ExchangeProperty(SITE) Site site) {
        String method = site.ssm().api() == Api.CSSM ? "GET" : "POST";
        ask(exchange, site, Resource.ACCOUNTS, Step.ACCOUNTS, method, null, null);
    }

    /** The virtual accounts of the account. */
    public void virtualAccounts(Exchange exchange, @ExchangeProperty(SITE) Site site) {
        ask(exchange, site, Resource.VIRTUAL_ACCOUNTS, Step.VIRTUAL_ACCOUNTS, "GET", null, null);
    }

    /** SSM's own alerts of the account. */
    public void alerts(Exchange exchange, @ExchangeProperty(SITE) Site site) {
        ObjectNode body = JSON.objectNode().put("limit", -1);
        ask(exchange, site, Resource.ALERTS, Step.ALERTS, "POST", null, body);
    }

    /** The next page of licenses of the virtual account. */
    public void licenses(Exchange exchange, @ExchangeProperty(SITE) Site site, @ExchangeProperty(PLACE) Place place) {
        ask(exchange, site, Resource.LICENSES, Step.LICENSES, "POST", null, ofVa(place, paging(exchange)));
    }

    /** The next page of subscriptions of the virtual account. */
    public void subscriptions(
            Exchange exchange, @ExchangeProperty(SITE) Site site, @ExchangeProperty(PLACE) Place place) {
        ObjectNode body = ofVa(place, paging(exchange));
        ask(exchange, site, Resource.SUBSCRIPTIONS, Step.SUBSCRIPTIONS, "POST", null, body);
    }

    /** The next page of devices of the virtual account. */
    public void devices(Exchange exchange, @ExchangeProperty(SITE) Site site, @ExchangeProperty(PLACE) Place place) {
        Paging paging = paging(exchange);
        if (site.ssm().api() == Api.CSSM) {
            ask(exchange, site, Resource.DEVICES, Step.DEVICES, "POST", null, ofVa(place, paging));
            return;
        }
        String query = paging.offset() == 0 ? null : "limit=" + paging.limit() + "&offset=" + paging.offset();
        ask(exchange, site, Resource.DEVICES, Step.DEVICES, "GET", query, null);
    }

    /** A list is read from its start. */
    public Paging firstPage(@ExchangeProperty(SITE) Site site) {
        return new Paging(site.ssm().page());
    }

    private static ObjectNode ofVa(Place place, Paging paging) {
        ObjectNode body = JSON.objectNode();
        body.putArray("virtualAccounts").add(place.va());
        body.put("limit", paging.limit());
        if (paging.offset() > 0) {
            body.put("offset", paging.offset());
        }
        return body;
    }

    private static Paging paging(Exchange exchange) {
        return exchange.getProperty(PAGING, Paging.class);
    }

    /** Puts the request on the message; whoever asks for more than reading says so after. */
    void ask(
            Exchange exchange,
            Site site,
            Resource resource,
            Step step,
            String method,
            @Nullable String query,
            @Nullable ObjectNode body) {
        String path = path(site, resource, exchange);
        exchange.setProperty(STEP, step);
        exchange.setProperty(REPEATABLE, true);
        exchange.removeProperty(ANSWERED);
        exchange.removeProperty(EARLIER);
        exchange.setProperty(ASKED, new Asked(method, site.ssm().url() + path, clock.instant()));
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_METHOD, method);
        message.setHeader(Exchange.HTTP_PATH, path);
        if (query != null) {
            message.setHeader(Exchange.HTTP_QUERY, query);
        }
        if (body != null) {
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        }
        message.setHeader("Accept", "application/json");
        message.setBody(body == null ? null : body.toString());
    }

    private static String path(Site site, Resource resource, Exchange exchange) {
        String template = site.ssm().paths().get(resource);
        if (template == null) {
            throw new IllegalStateException("no path for " + resource.wireName() + " in "
                    + site.ssm().api().wireName() + "; set ssm.paths." + resource.wireName());
        }
        Account account = exchange.getProperty(ACCOUNT, Account.class);
        Place place = exchange.getProperty(PLACE, Place.class);
        String path = template;
        if (account != null) {
            path = path.replace("{account}", Place.encode(account.pathName()));
        }
        if (place != null && place.va() != null) {
            path = path.replace("{va}", Place.encode(place.va()));
        }
        return path;
    }
}
