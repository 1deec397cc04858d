package io.licenserelay.web.access;

import io.licenserelay.web.access.Caller.Proof;
import io.licenserelay.web.access.Logins.Sender;
import io.licenserelay.web.answer.Answers;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of every request. It lets only requests pass that were sent to a known host name, with a
 * known method, by a user with the required role, and not by a page of another site.
 */
public final class Gate implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    static final String TOO_MANY = "Too many failed logins from this address. Try again in a minute.";
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** The page to log in. It and the assets need no user. */
    public static final String LOGIN = "/login";

    /** The path of style sheets, scripts and images. */
    public static final String ASSETS = "/assets/";

    private final KnownHosts hosts;
    private final Logins logins;

    /** @param hosts names under which browsers reach the server, besides those of the loopback address */
    public Gate(Iterable<String> hosts, Logins logins) {
        this.hosts = new KnownHosts(hosts);
        this.logins = logins;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.addHeadersEndHandler(end -> closeIfUnread(context));
        if (!hosts.contains(request.authority())) {
            Answers.problem(
                    context,
                    421,
                    "The server does not answer under this host name. If people reach it under this name, add it to relay.web.names.");
            return;
        }
        boolean reads = READS.contains(request.method());
        if (!reads && !request.method().equals(HttpMethod.POST)) {
            context.response().putHeader("Allow", "GET, HEAD, POST");
            Answers.problem(context, 405, "Use GET, HEAD or POST.");
            return;
        }
        if (isOpen(context)) {
            if (reads || requireSameSite(context, true)) {
                context.next();
            }
            return;
        }
        Sender sender = logins.sender(request);
        if (sender instanceof Sender.Known known) {
            pass(context, known.caller());
        } else if (sender instanceof Sender.Unverified unverified) {
            verify(context, unverified);
        } else if (sender instanceof Sender.Rejected rejected) {
            refuse(context, rejected.reason());
        } else {
            refuse(context, "Send the token of " + ApiToken.FILE + " as Authorization: Bearer, or log in.");
        }
    }

    /** The rest of a body that nobody reads must not keep the connection busy. */
    private static void closeIfUnread(RoutingContext context) {
        if (!context.request().isEnded()) {
            context.response().putHeader("Connection", "close");
        }
    }

    private static boolean isOpen(RoutingContext context) {
        String path = context.normalizedPath();
        return path.equals(LOGIN) || path.startsWith(ASSETS);
    }

    /** The body must not arrive while the password is verified on another thread. */
    private void verify(RoutingContext context, Sender.Unverified sender) {
        String address = address(context);
        Duration pause = logins.pause(address);
        if (!pause.isZero()) {
            tooMany(context, pause);
            return;
        }
        context.request().pause();
        context.vertx()
                .executeBlocking(() -> logins.verify(address, sender.user(), sender.password()), false)
                .onComplete(result -> {
                    if (result.failed()) {
                        context.fail(result.cause());
                    } else if (result.result().isPresent()) {
                        pass(context, result.result().get());
                    } else {
                        LOG.warn("A login from {} failed: wrong user or password", address);
                        refuse(context, "Wrong user or password.");
                    }
                    // After the next handler was set: what arrived meanwhile is passed on at once.
                    context.request().resume();
                });
    }

    private static void pass(RoutingContext context, Caller caller) {
        if (!READS.contains(context.request().method())) {
            if (!requireSameSite(context, caller.proof().isSentByBrowsers())) {
                return;
            }
            if (caller.role() != Role.OPERATOR && !context.normalizedPath().equals("/logout")) {
                Answers.problem(
                        context,
                        403,
                        caller.name() + " may only read. relay.web.operators names the users who may do more.");
                return;
            }
            if (caller.proof() != Proof.TOKEN) {
                LOG.info(
                        "{} {} by {} from {}",
                        context.request().method(),
                        context.normalizedPath(),
                        caller.name(),
                        address(context));
            }
        }
        Callers.set(context, caller);
        context.next();
    }

    private static boolean requireSameSite(RoutingContext context, boolean fromBrowser) {
        HttpServerRequest request = context.request();
        if (CrossSite.isSame(request.headers(), request.authority(), fromBrowser)) {
            return true;
        }
        Answers.problem(
                context,
                403,
                "A page of another site sent this request, or the client does not say which page did: send the header Origin, or"
                        + " use the token of " + ApiToken.FILE + ".");
        return false;
    }

    private void refuse(RoutingContext context, String reason) {
        if (context.request().path().startsWith(Answers.API)) {
            context.response()
                    .putHeader(
                            "WWW-Authenticate",
                            logins.hasPasswords() ? "Basic realm=\"license-relay\", charset=\"UTF-8\"" : "Bearer");
            Answers.problem(context, 401, reason);
        } else if (context.request().method().equals(HttpMethod.POST)) {
            Answers.problem(context, 401, reason);
        } else {
            Answers.redirect(context, LOGIN);
        }
    }

    private static void tooMany(RoutingContext context, Duration pause) {
        setPause(context, pause);
        Answers.problem(context, 429, TOO_MANY);
    }

    /** Tells a client how long it has to wait. */
    static void setPause(RoutingContext context, Duration pause) {
        context.response().putHeader("Retry-After", Long.toString(Math.max(1, pause.toSeconds())));
    }

    /** The address of the connection. A proxy's users share its limit. */
    static String address(RoutingContext context) {
        return Optional.ofNullable(context.request().remoteAddress())
                .map(address -> String.valueOf(address.hostAddress()))
                .orElse("unknown");
    }
}
